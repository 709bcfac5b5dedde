"""Compares a compiled case with the same case under pydantic, by inputs that Hypothesis makes."""

import importlib
import os
import pickle
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel, TypeAdapter

from against_pydantic.cases import Case
from against_pydantic.inputs import inputs_for
from against_pydantic.plain import plain
from against_pydantic.play import Outcomes, call, play
from against_pydantic.player import RUN, Player
from against_pydantic.values import Named

# Values of types from these are for annotations, which compiled modules need not have.
FOR_ANNOTATIONS = (
    "__future__",
    "_typing",
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "types",
    "typing",
    "typing_extensions",
)
# Their texts may differ.
EXISTING = (type, types.FunctionType, TypeAdapter)


class DifferentError(AssertionError):
    """Raised when a compiled case does otherwise than the original."""


@dataclass(frozen=True)
class Difference:
    """The first difference of a target, with the smallest input that shows it."""

    target: str
    operation: str
    given: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return (
            f"{self.target}, {self.operation}\n  given    {self.given}\n"
            f"  pydantic {self.expected}\n  compiled {self.actual}"
        )


def compare(case: Case, player: Player, examples: int) -> list[Difference]:
    """Return the first difference of each target of a case.

    Args:
        case: its original modules can be imported here, and its compiled ones by the player.
        player: the process without pydantic.
        examples: how many inputs each target is given.
    """
    os.environ.update(RUN)  # Not set while the artifact is made.
    differences: list[Difference] = []
    for module in case.modules:
        importlib.import_module(module)
        if problem := player.ask("load", module):
            return [Difference(module, "import", "", "imports", problem)]
    for module in case.modules:
        differences += _compare_constants(module, player)
        differences += _compare_examples(module, player)
        for target, schema in _targets(module):
            if found := _compare_target(target, schema, player, examples):
                differences.append(found)
    return differences


def _targets(module: str) -> Iterator[tuple[Named, dict[str, Any]]]:
    """Return the models, dataclasses and adapters that a module names, with their schemas."""
    names = vars(importlib.import_module(module))
    for name, value in list(names.items()):
        if not _is_public(name):
            continue  # Random on purpose, or pydantic's own.
        yield from _targets_in(module, name, value, depth=0)


def _targets_in(
    module: str, name: str, value: Any, depth: int
) -> Iterator[tuple[Named, dict[str, Any]]]:
    if isinstance(value, TypeAdapter):
        yield Named(module, name), value.core_schema  # type: ignore[misc]
    elif isinstance(value, type) and value.__module__ == module:
        parameters = getattr(value, "__pydantic_generic_metadata__", {}).get("parameters")
        schema = vars(value).get("__pydantic_core_schema__")
        if isinstance(schema, dict) and not parameters:
            yield Named(module, name), schema
        elif issubclass(value, BaseModel) and value is not BaseModel and not parameters:
            value.model_rebuild(raise_errors=False)
            schema = vars(value).get("__pydantic_core_schema__")
            if isinstance(schema, dict):
                yield Named(module, name), schema
        for inner, each in list(vars(value).items()):
            if isinstance(each, type) and depth == 0 and "." in each.__qualname__:
                yield from _targets_in(module, f"{name}.{inner}", each, depth=1)


def _compare_constants(module: str, player: Player) -> Iterator[Difference]:
    """Compare the values that a module names, and whether its functions and classes are there."""
    for name, value in list(vars(importlib.import_module(module)).items()):
        if _is_public(name) and _is_compared(value, module):
            expected = [("constant", plain(value))]
            actual = player.ask("constant", Named(module, name))
            is_there = actual[0][0] == "constant"
            if actual != expected and not (is_there and isinstance(value, EXISTING)):
                texts = _shortened(str(expected), str(actual))
                yield Difference(f"{module.removeprefix('corpus.')}.{name}", "constant", "", *texts)


def _is_public(name: str) -> bool:
    # pydantic puts classes such as `Page[int]` into modules.
    return name.isidentifier() and not name.startswith("_") and name != "TYPE_CHECKING"


def _is_compared(value: Any, module: str) -> bool:
    if isinstance(value, type | types.FunctionType | types.MethodType):
        return value.__module__ == module
    if isinstance(value, TypeAdapter):
        return True
    home = type(value).__module__.partition(".")[0]
    return home not in FOR_ANNOTATIONS and not isinstance(value, types.ModuleType)


def _compare_examples(module: str, player: Player) -> Iterator[Difference]:
    """Compare what the functions named `example_…` of a module do."""
    for name, value in list(vars(importlib.import_module(module)).items()):
        if isinstance(value, types.FunctionType) and name.startswith("example_"):
            function = Named(module, name)
            try:
                player.send("call", function)
                _check_same(call(function), player.receive())
            except DifferentError as error:
                yield _difference(function, None, error)


def _compare_target(
    target: Named, schema: dict[str, Any], player: Player, examples: int
) -> Difference | None:
    latest: list[Any] = []

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(inputs_for(schema))
    def is_same(data: Any) -> None:
        pickled = pickle.dumps(data)
        latest[:] = [data]
        player.send("play", target, pickled)  # It works while this process does the same.
        _check_same(play(target, pickled), player.receive())

    try:
        is_same()
    except DifferentError as error:
        return _difference(target, latest[0], error)
    return None


def _check_same(expected: Outcomes, actual: Outcomes) -> None:
    for (operation, one), (other_operation, other) in zip(expected, actual, strict=False):
        if (operation, one) != (other_operation, other):
            raise DifferentError(operation, one, other)
    if len(expected) != len(actual):
        raise DifferentError(
            "operations", [name for name, _ in expected], [name for name, _ in actual]
        )


def _difference(target: Named, data: Any, error: DifferentError) -> Difference:
    operation, expected, actual = error.args
    name = f"{target.module.removeprefix('corpus.')}.{target.name}"
    return Difference(name, operation, repr(data), *_shortened(str(expected), str(actual)))


def _shortened(expected: str, actual: str) -> tuple[str, str]:
    """Leave out the beginning that both have."""
    same = next(
        (i for i, (one, other) in enumerate(zip(expected, actual, strict=False)) if one != other), 0
    )
    start = max(0, same - 60)
    return expected[start : start + 400], actual[start : start + 400]
