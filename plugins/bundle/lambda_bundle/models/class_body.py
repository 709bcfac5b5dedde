"""Edits the class statement of a model: its fields go, its Python code stays."""

import ast
from collections.abc import Iterator
from typing import Any

from lambda_bundle.models.edits import Edits
from lambda_bundle.problems import BundleError

# They make schemas, which the artifact has.
SCHEMA_METHODS = {"__get_pydantic_core_schema__", "__get_pydantic_json_schema__"}
MOVED = {"model_config"}  # What `complete` says instead.


def edit_class(edits: Edits, node: ast.ClassDef, model: type[Any], captured: set[str]) -> None:
    """Remove the fields of a model, and the annotations in its methods.

    The values of the `captured` fields stay, without the annotation.

    Raises:
        BundleError: a field is declared where it cannot be removed; names it.
    """
    for name in captured:
        if not any(_has_value(each, name) for each in node.body):
            raise BundleError(f"{model.__qualname__}.{name} has its default in its annotation")
    kept = [each for each in node.body if not _is_removed(each, model, captured)]
    for statement in node.body:
        if statement not in kept:
            is_last = not kept and statement is node.body[-1]
            edits.remove(statement, is_needed=is_last)
        elif isinstance(statement, ast.AnnAssign):
            _strip_variable(edits, statement)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            strip_function(edits, statement)
        elif isinstance(statement, ast.If | ast.For | ast.With | ast.Try | ast.While):
            for inner in ast.walk(statement):
                if isinstance(inner, ast.AnnAssign):
                    raise BundleError(
                        f"{model.__qualname__}.{ast.unparse(inner.target)} is declared inside "
                        f"`{ast.unparse(statement).partition(chr(10))[0]}`"
                    )


def find_read_fields(node: ast.ClassDef, model: type[Any]) -> set[str]:
    """Return the fields whose values later statements of the class's body read."""
    fields = set(field_names(model))
    read: set[str] = set()
    for statement in node.body:
        if not (isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) in fields):
            read |= {each.id for each in _walk_class_scope(statement) if each.id in fields}
    return read


def field_names(model: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a model or a dataclass."""
    return tuple(model.__pydantic_fields__)


def strip_function(edits: Edits, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Remove the annotations of a function, where they stand in the plain way."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for each in [*named, arguments.vararg, arguments.kwarg]:
        if each is not None and each.annotation is not None:
            start = edits.start(each) + len(each.arg.encode())
            _cut_annotation(edits, start, each.annotation, b":")
    if function.returns is not None:
        arrow = edits.source.rfind(b"->", 0, edits.start(function.returns))
        start = len(edits.source[:arrow].rstrip())
        _cut_annotation(edits, start, function.returns, b"->")


def _strip_variable(edits: Edits, statement: ast.AnnAssign) -> None:
    """Turn `name: T = value` into `name = value`."""
    _cut_annotation(edits, edits.end(statement.target), statement.annotation, b":")


def _cut_annotation(edits: Edits, start: int, annotation: ast.expr, mark: bytes) -> None:
    between = edits.source[start : edits.start(annotation)]
    if between.strip() == mark:  # Otherwise it is in parentheses, or a comment stands between.
        edits.cut_annotation(start, edits.end(annotation))


def _is_removed(statement: ast.stmt, model: type[Any], captured: set[str]) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) if name in MOVED:
            return True
        case ast.FunctionDef(name=name) if name in SCHEMA_METHODS:
            return True
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            return (
                name in MOVED
                or value is None
                or (name in field_names(model) and name not in captured)
            )
    return False


def _has_value(statement: ast.stmt, name: str) -> bool:
    is_field = isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == name
    return is_field and getattr(statement, "value", None) is not None


def remove_schema_methods(edits: Edits, node: ast.ClassDef) -> None:
    """Remove the methods of a class, which is no model, that make schemas."""
    methods = [
        each
        for each in node.body
        if isinstance(each, ast.FunctionDef) and each.name in SCHEMA_METHODS
    ]
    for each in methods:
        edits.remove(each, is_needed=each is methods[-1] and len(methods) == len(node.body))


def _walk_class_scope(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names that run with the class's body, not in bodies of functions."""
    if isinstance(node, ast.Name):
        yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        if field == "body" and isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        ):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _walk_class_scope(each)
