"""What the writers of a function's modules share."""

from collections.abc import Callable, Iterable
from typing import Any

from lambda_bundle.models.callables import find_in_module
from lambda_bundle.models.lambdas import Lambdas
from lambda_bundle.models.shake import Shaken


class Shared:
    """What the writers of a function's modules share.

    Attributes:
        captured: fields, as `(class, name)`, whose value must stay in the body of the class,
            because it cannot be written down.
        can_capture: whether values may stay there.
        modules: the names of the service's own modules, whose constants may be named.
        write_concrete: writes the expression for a concrete class of a generic model, with the
            writer of the module that names it.
        writing: concrete classes whose schemas are being written.
        partial_configs: the names of models whose `model_config` is not written in full.
        pydantic: what was taken from pydantic's source.
        lambdas: finds the source of lambdas.
    """

    def __init__(self, modules: Iterable[str] = (), *, can_capture: bool = True) -> None:
        self.modules = frozenset(modules)
        self.captured: set[tuple[type, str]] = set()
        self.can_capture = can_capture
        self.write_concrete: Callable[[Any, type], str] | None = None
        self.writing: list[type] = []
        self.partial_configs: set[str] = set()
        self.pydantic = Shaken()
        self.lambdas = Lambdas()

    def find_constant(self, value: object) -> tuple[str, str] | None:
        """Return the module and the name of a value that is a constant of the service."""
        for module in sorted(self.modules):
            if name := find_in_module(module, value):
                return module, name
        return None

    def is_constant(self, module: str, value: object) -> bool:
        """Whether a module, or another one of the service, has a name for a value itself."""
        return find_in_module(module, value) is not None or self.find_constant(value) is not None
