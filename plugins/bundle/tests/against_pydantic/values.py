"""Inputs that name what only the modules of the corpus have, to send to the other process."""

import importlib
from dataclasses import dataclass
from functools import reduce
from typing import Any


@dataclass(frozen=True)
class Named:
    """What a module of the corpus calls so: a class, a member of an enum."""

    module: str
    name: str

    def resolve(self) -> Any:
        """Return it as this process has it."""
        return reduce(getattr, self.name.split("."), importlib.import_module(self.module))


@dataclass(frozen=True)
class Made:
    """An instance of a class of the corpus, made of valid or invalid values."""

    kind: Named
    values: dict[str, Any]

    def resolve(self) -> Any:
        """Return the instance, or the values if they make none."""
        values = resolve(self.values)
        try:
            return self.kind.resolve()(**values)
        except Exception:
            return values


def resolve(value: Any) -> Any:
    """Return an input with what it names."""
    match value:
        case Named() | Made():
            return value.resolve()
        case dict():
            return {resolve(key): resolve(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return type(value)(resolve(each) for each in value)
    return value
