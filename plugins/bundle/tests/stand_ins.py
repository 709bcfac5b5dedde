"""Makes the stand-in of a real pydantic model, for tests that compare both in one process."""

import ast
import importlib.util
import sys
import warnings
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic
from lambda_bundle.models.settings import describe_settings
from pydantic_settings import BaseSettings

RUNTIME = str(files("lambda_bundle") / "runtime")
PYDANTIC = ("pydantic", "pydantic.dataclasses", "pydantic_settings")


def load_stand_ins() -> Any:
    """Return `compiled_pydantic`, as it is in an artifact made with the installed pydantic."""
    if "compiled_pydantic.version" not in sys.modules:
        version: Any = ModuleType("compiled_pydantic.version")
        version.VERSION = pydantic.VERSION  # The bundler writes this file.
        sys.modules["compiled_pydantic.version"] = version
        sys.path.append(RUNTIME)  # Last: it has a `pydantic_core.py`.
    return importlib.import_module("compiled_pydantic")


class StandIns:
    """The models of a module: `real` ones, and the stand-ins `compiled` from them, by name.

    `options`, by the name of a model, are for `complete`.
    """

    def __init__(self, name: str, **options: dict[str, Any]) -> None:
        load_stand_ins()
        self.real = vars(importlib.import_module(name))
        self.names = [
            key
            for key, each in self.real.items()
            if hasattr(each, "__pydantic_core_schema__")
            and each.__module__ == name
            and each.__name__ == key
        ]
        self._options = options
        self._by_class: dict[type, Any] = {}
        self.compiled = _import_with_stand_ins(name, self._complete)
        for key in self.names:
            real, model = self.real[key], self.compiled[key]
            if real not in self._by_class:
                self._complete(model)  # It has no class statement.
            self._by_class[real] = model

    def _complete(self, model: Any) -> Any:
        """Do what the innermost decorator of a compiled class does."""
        name = model.__name__
        if name not in self.names:
            return model
        complete = importlib.import_module("compiled_pydantic.completion").complete
        real = self.real[name]
        self._by_class[real] = model
        if issubclass(real, pydantic.BaseModel):
            real.model_rebuild(raise_errors=False)
            for field in real.model_fields.keys() & vars(model).keys():
                delattr(model, field)  # The transform leaves only captured ones.
        about = _describe(real) | self._options.get(name, {})
        return complete(self._schema(real), **about)(model)

    def concrete(self, origin: str, *arguments: Any) -> tuple[Any, Any]:
        """Return a concrete class of a generic model, with pydantic and compiled."""
        real = self.real[origin][tuple(self.real.get(each, each) for each in arguments)]
        concrete = importlib.import_module("compiled_pydantic.generics").concrete
        compiled = concrete(
            self.compiled[origin],
            tuple(self.compiled.get(each, each) for each in arguments),
            self._schema(real),
            name=real.__name__,
            at_top=True,
            **_describe(real),
        )
        self._by_class[real] = compiled
        return real, compiled

    def _schema(self, real: type[pydantic.BaseModel]) -> Callable[[type], Any]:
        return lambda _model: self._convert(real.__pydantic_core_schema__)

    def _convert(self, value: Any) -> Any:
        """Return a schema with stand-ins instead of models."""
        if isinstance(value, dict):
            return {key: self._convert(each) for key, each in value.items() if key != "metadata"}
        if isinstance(value, list | tuple):
            return type(value)(map(self._convert, value))
        if type(value) in self._by_class:  # A default.
            return self._by_class[type(value)](**value.__dict__)
        owner = getattr(value, "__self__", None)
        if isinstance(owner, type) and owner in self._by_class:
            return getattr(self._by_class[owner], value.__name__)
        return self._by_class.get(value, value) if isinstance(value, type) else value


def _import_with_stand_ins(name: str, complete: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the names in a module that has the stand-ins instead of pydantic.

    `complete` is the innermost decorator of its classes.
    """
    specification = importlib.util.find_spec(name)
    assert specification
    assert specification.origin
    tree = ast.parse(Path(specification.origin).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in PYDANTIC:
            node.module = "compiled_pydantic"
        if isinstance(node, ast.ClassDef):
            name_of_decorator = ast.Name("_complete", ast.Load(), lineno=1, col_offset=0)
            node.decorator_list.append(ast.fix_missing_locations(name_of_decorator))
    module: Any = ModuleType(f"{name}_compiled")
    module._complete = complete  # noqa: SLF001 (as in compiled modules)
    sys.modules[module.__name__] = module
    exec(compile(tree, specification.origin, "exec"), vars(module))
    names: dict[str, Any] = vars(module)
    return names


def _describe(real: Any) -> dict[str, Any]:
    """Return the options for `complete`."""
    fields = real.__pydantic_fields__
    about: dict[str, Any] = {
        "fields": tuple(fields),
        "hidden": tuple(name for name, each in fields.items() if not each.repr),
        "frozen_fields": tuple(name for name, each in fields.items() if each.frozen),
        "aliases": {name: each.alias for name, each in fields.items() if each.alias},
    }
    if not issubclass(real, pydantic.BaseModel):
        return about | {"config": real.__pydantic_config__}
    if issubclass(real, BaseSettings):
        about["settings"] = describe_settings(real)
    computed = real.model_computed_fields
    every = {**fields, **computed}
    return about | {
        "config": real.model_config,
        "private": _own_private(real),
        "computed": tuple(computed),
        "class_vars": tuple(real.__class_vars__),
        "hidden": tuple(name for name, each in every.items() if not each.repr),
        "deprecated": {
            name: each.deprecation_message
            for name, each in every.items()
            if each.deprecation_message
        },
    }


def _own_private(real: type[pydantic.BaseModel]) -> tuple[str, ...]:
    inherited = {
        name: attribute
        for base in real.__bases__
        for name, attribute in getattr(base, "__private_attributes__", {}).items()
    }
    own = real.__private_attributes__
    return tuple(name for name in own if own[name] is not inherited.get(name))


def outcome(action: Callable[..., Any], *arguments: Any) -> tuple[str, list[str]]:
    """Return what a call returns or raises, and the warnings it gives, as texts to compare."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(action(*arguments))
        except Exception as error:  # noqa: BLE001 (to be compared)
            result = f"{type(error).__name__}: {error}"
    return result, [f"{each.category.__name__}: {each.message}" for each in caught]
