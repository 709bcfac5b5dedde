"""Writes the compiled class of one model."""

import ast
from collections.abc import Iterator

from pydantic import BaseModel, RootModel

from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.shape import write_shape


def find_uncompilable(node: ast.ClassDef, model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield each part of a model that cannot be compiled, and why.

    For example `("Order.total", "is not a field")`.
    """
    name = model.__name__
    if issubclass(model, RootModel):
        yield name, "is a root model"
    if model.__pydantic_generic_metadata__["parameters"]:
        yield name, "is a generic model"
    for statement in node.body:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Assign(targets=[ast.Name(id="model_config")]):
                pass
            case ast.AnnAssign(target=ast.Name(id=field)) if field in model.model_fields:
                pass
            case ast.FunctionDef(name=member) | ast.AnnAssign(target=ast.Name(id=member)):
                yield f"{name}.{member}", "is not a field"
            case _:
                line = ast.unparse(statement).partition("\n")[0]
                yield f"{name}: {line}", "is not a field"
    for base in model.__bases__:
        if not issubclass(base, BaseModel):
            yield f"{name}({base.__name__})", "has a base that is not a model"


def write_class(node: ast.ClassDef, model: type[BaseModel], schemas: SchemaWriter) -> str:
    """Return the source of the class, which `write_completion` completes."""
    bases = [
        "CompiledModel" if base is BaseModel else schemas.name(base) for base in model.__bases__
    ]
    docstring = ast.get_docstring(node)
    body = repr(docstring) if docstring else "pass"
    return f"class {model.__name__}({', '.join(bases)}):\n    {body}"


def write_completion(model: type[BaseModel], schemas: SchemaWriter) -> str:
    """Return the source of the call to `complete` in runtime/compiled_model.py."""
    fields = model.model_fields
    options: dict[str, object] = {"fields": tuple(fields)}
    if hidden := tuple(name for name, each in fields.items() if not each.repr):
        options["hidden"] = hidden
    if frozen_fields := tuple(name for name, each in fields.items() if each.frozen):
        options["frozen_fields"] = frozen_fields
    for option in ("frozen", "validate_assignment"):
        if model.model_config.get(option):
            options[option] = True
    schema = schemas.write_schema(model.__name__, model.__pydantic_core_schema__)
    shape = write_shape(dict(model.__pydantic_core_schema__), schemas.name)
    named = ", ".join(f"{name}={value!r}" for name, value in options.items())
    plain = f", shape={shape}" if shape else ""
    return f"complete({model.__name__}, {schema}, {named}{plain})"
