"""Describes problems: their schemas, and the responses that have them."""

import collections.abc
import inspect
import os
import typing
from typing import Any, ClassVar

from pydantic import TypeAdapter

from dev.openapi.failures import Failure
from dev.openapi.headers import describe_headers
from dev.openapi.schemas import REFERENCE, Schemas
from gateway import types
from gateway.problem import NotFound, Problem, to_kebab_case
from gateway.response import PROBLEM_JSON

REQUEST_ID = "3fa7792d-a5bf-44fc-8227-b066d5652d36"
# For the annotations of problems, whose module imports nothing for them.
NAMES = {**vars(collections.abc), **vars(typing), **vars(types)}


def describe_problems(problems: list[type[Problem]]) -> dict[str, Any]:
    """Return the schemas of problems, by their names: one for all, and those with more members."""
    schemas = {"Problem": _describe_base()}
    for problem in problems:
        declaring = _find_declaring(problem)
        if declaring is not Problem:
            schemas |= _describe_members(declaring)
    return schemas


def describe_failure(failures: list[Failure]) -> dict[str, Any]:
    """Return the response that has one of these problems, which have the same status."""
    reasons = [each.when.rstrip(".") for each in failures]
    text = "; or ".join(reasons) + "."
    names = dict.fromkeys(_name_schema(each.problem) for each in failures)
    schemas = [{"$ref": REFERENCE.format(model=name)} for name in names]
    headers = {name: None for each in failures for name in each.problem.headers}
    return {
        "description": text[0].upper() + text[1:],
        **describe_headers([*headers]),
        "content": {
            PROBLEM_JSON: {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
        },
        **_list_types(failures),
    }


def _list_types(failures: list[Failure]) -> dict[str, Any]:
    """Return the names of the types, unless the service has no pages for them."""
    has_pages = "API_PATH" in os.environ
    return {"x-problem-types": [to_kebab_case(each.name) for each in failures]} if has_pages else {}


def _describe_base() -> dict[str, Any]:
    example = NotFound("There is no such item.")
    members = {
        "type": ("string", "The page that explains this type of problem.", example.type),
        "title": ("string", "The type of problem, in words.", example.title),
        "status": ("integer", "The status of the response.", example.status),
        "detail": ("string", "What is wrong with this request.", example.detail),
        "instance": ("string", "The request id, which the log has too.", REQUEST_ID),
    }
    properties: dict[str, Any] = {
        name: {"type": kind, "description": text, "examples": [value]}
        for name, (kind, text, value) in members.items()
    }
    properties["type"]["format"] = "uri-reference"
    return {
        "type": "object",
        "description": "Why a request failed (RFC 9457).",
        "required": [*members],
        "properties": properties,
    }


def _find_declaring(problem: type[Problem]) -> type[Problem]:
    """Return the class that declares the members of a problem."""
    return next(
        each
        for each in problem.__mro__
        if each is Problem or (issubclass(each, Problem) and _find_members(each))
    )


def _name_schema(problem: type[Problem]) -> str:
    return _find_declaring(problem).__name__


def _describe_members(problem: type[Problem]) -> dict[str, Any]:
    properties, definitions = {}, {}
    for name, hint in _find_members(problem).items():
        adapter = TypeAdapter(_without_none(hint))
        schema = adapter.json_schema(ref_template=REFERENCE, schema_generator=Schemas)
        definitions.update(schema.pop("$defs", {}))
        properties[name] = schema
    members: dict[str, Any] = {"type": "object", "properties": properties}
    if required := [name for name in properties if not hasattr(problem, name)]:
        members["required"] = required
    base = {"$ref": REFERENCE.format(model="Problem")}
    return definitions | {problem.__name__: {"allOf": [base, members]}}


def _find_members(problem: type[Problem]) -> dict[str, Any]:
    """Return the members that a class itself declares, with their types."""
    hints = typing.get_type_hints(problem, localns=NAMES, include_extras=True)
    own = inspect.get_annotations(problem)
    return {name: hints[name] for name in own if typing.get_origin(hints[name]) is not ClassVar}


def _without_none(hint: Any) -> Any:
    """Return the type of a member when it is there: None stands for its absence."""
    given = [each for each in typing.get_args(hint) if each is not type(None)]
    return given[0] if type(None) in typing.get_args(hint) else hint
