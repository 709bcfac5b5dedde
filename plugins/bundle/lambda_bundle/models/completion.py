"""Writes the arguments of `complete`, which completes the class of a compiled model."""

import ast
from typing import Any

from pydantic import BaseModel, PydanticUndefinedAnnotation
from pydantic.dataclasses import rebuild_dataclass

from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.settings import describe_settings, is_settings
from lambda_bundle.models.shape import write_shape
from lambda_bundle.problems import BundleError


def write_completion(node: ast.ClassDef | None, model: type[Any], writer: SchemaWriter) -> str:
    """Return the source of the arguments: see runtime/compiled_pydantic/completion.py.

    `node` is the class statement, or None if the class has none.

    Raises:
        BundleError: something of the model cannot be written down.
    """
    complete_schema(model)
    schema = writer.write_schema(model.__qualname__, dict(model.__pydantic_core_schema__), model)
    described = _describe(node, model).items()
    options = {name: value for name, value in described if value or name == "fields"}
    written = [f"{name}={writer.write_value(name, value)}" for name, value in options.items()]
    config = _write_config(model, writer)
    is_class = issubclass(model, BaseModel)
    shape = write_shape(dict(model.__pydantic_core_schema__), writer.name) if is_class else None
    written += [f"config={config}"] if config else []
    written += [f"shape=lambda: {shape}"] if shape else []
    return ", ".join([f"lambda cls: {schema}", *written])


def complete_schema(model: type[Any]) -> None:
    """Resolve forward references, as pydantic does when a model is first used.

    Raises:
        BundleError: one cannot be resolved. Then the model raises pydantic's error when it is used.
    """
    if "__pydantic_core_schema__" in vars(model) and model.__pydantic_complete__:
        return
    try:
        is_class = issubclass(model, BaseModel)
        model.model_rebuild() if is_class else rebuild_dataclass(model)
    except PydanticUndefinedAnnotation as error:
        raise BundleError(f"{model.__module__}: {model.__qualname__}: {error}") from None


def _describe(node: ast.ClassDef | None, model: type[Any]) -> dict[str, Any]:
    fields, computed = model.__pydantic_fields__, model.__pydantic_decorators__.computed_fields
    if not issubclass(model, BaseModel):  # A dataclass.
        return _describe_fields(fields)
    declared = {each.id for each in map(_target, node.body if node else []) if each}
    return {
        **_describe_fields(fields),
        "private": tuple(each for each in model.__private_attributes__ if each in declared),
        "computed": tuple(computed),
        "class_vars": tuple(sorted(model.__class_vars__)),
        "hidden": (
            *(name for name, each in fields.items() if not each.repr),
            *(name for name, each in computed.items() if not each.info.repr),
        ),
        # What pydantic puts in the place of deprecated fields, also computed ones.
        "deprecated": {
            name: each.msg
            for name, each in vars(model).items()
            if type(each).__name__ == "_DeprecatedFieldDescriptor"
        },
        "settings": describe_settings(model) if is_settings(model) else None,
    }


def _describe_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "fields": tuple(fields),
        "hidden": tuple(name for name, each in fields.items() if not each.repr),
        "frozen_fields": tuple(name for name, each in fields.items() if each.frozen),
        "aliases": {
            name: each.alias
            for name, each in fields.items()
            if each.alias not in (None, each.validation_alias)
        },
    }


def _target(statement: ast.stmt) -> ast.Name | None:
    match statement:
        case ast.AnnAssign(target=ast.Name() as name) | ast.Assign(targets=[ast.Name() as name]):
            return name
    return None


def _write_setting(name: str, value: object, writer: SchemaWriter) -> str:
    if callable(value) or isinstance(value, dict):  # Writing a function may import its module.
        raise BundleError(name)
    return writer.write_value(name, value)


def _write_config(model: type[Any], writer: SchemaWriter) -> str:
    """Return the source of the configuration, without what only makes schemas."""
    written = []
    config = getattr(model, "model_config", None) or getattr(model, "__pydantic_config__", {})
    for name, value in config.items():
        try:
            written.append(f"{name!r}: {_write_setting(name, value, writer)}")
        except BundleError:
            # A function, such as an alias generator, has done its work.
            writer.shared.partial_configs.add(model.__qualname__)
    return f"{{{', '.join(written)}}}" if written else ""
