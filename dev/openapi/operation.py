"""Describes one operation: a route's parameters, its body, and what it responds."""

import inspect
from collections.abc import Iterator
from typing import Any

from dev.openapi.failures import Failure, find_failures
from dev.openapi.headers import describe_headers, describe_preconditions
from dev.openapi.paths import compile_path
from dev.openapi.routes import Route
from dev.openapi.schemas import Components, describe_parameters
from gateway.problem import PreconditionRequired
from gateway.response import JSON

PLACES = {"path": "path", "query": "query", "headers": "header"}  # By the names of parts.


def describe_operation(route: Route, components: Components) -> dict[str, Any]:
    """Return the operation of a route."""
    summary, _, text = inspect.cleandoc(route.entry_point.__doc__ or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "tags": [route.package],
        "summary": summary.removesuffix("."),
    }
    if text.strip():
        operation["description"] = text.strip()
    operation["security"] = [{each: [] for each in route.schemes}] if route.schemes else []
    if parameters := list(_describe_parameters(route)):
        operation["parameters"] = parameters
    if "payload" in route.parts:
        schema = components.refer_to(route.parts["payload"], "validation")
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    operation["responses"] = {
        **dict(_describe_success(route, components)),
        **{
            str(status): {"$ref": f"#/components/responses/{name_failures(failures)}"}
            for status, failures in find_failures(route)
        },
    }
    return operation


def name_failures(failures: list[Failure]) -> str:
    """Return the name of the response that has one of these problems."""
    return "Or".join(each.name for each in failures)


def _describe_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for part, annotation in route.parts.items():
        if part in PLACES:
            for parameter in describe_parameters(annotation, PLACES[part]):
                # An entry point of several routes may read more than one of them has.
                if part != "path" or f"{{{parameter['name']}}}" in route.path:
                    yield parameter
    if "preconditions" in route.parts or route.is_conditional:
        is_required = PreconditionRequired in route.handler.problems
        yield from describe_preconditions(is_required=is_required)


def _describe_success(route: Route, components: Components) -> Iterator[tuple[str, Any]]:
    success = route.success
    names = ["etag"] * bool(success.etag) + ["location"] * bool(success.created)
    response = {"description": _describe_result(route), **describe_headers(names)}
    if content := _describe_content(route, components):
        response["content"] = content
    yield str(success.status), response
    if route.is_conditional:
        text = "The caller has this version already."
        yield "304", {"description": text, **describe_headers(["etag"])}


def _describe_result(route: Route) -> str:
    if route.model:
        return inspect.cleandoc(route.model.__doc__ or "")
    return "Done." if route.result is None else "The content."


def _describe_content(route: Route, components: Components) -> dict[str, Any]:
    if route.result is None:
        return {}
    if route.model:
        return {JSON: {"schema": components.refer_to(route.model, "serialization")}}
    media_types = [each.partition(";")[0] for each in _find_content_types(route)]
    return {
        each: {"schema": {"type": "object" if each == JSON else "string"}} for each in media_types
    }


def _find_content_types(route: Route) -> list[str]:
    # The path of a file matches that of its route, such as /assets/{name}.
    pattern = compile_path(route.path)
    types = route.success.content_types
    found = [types[path] for path in types if pattern.fullmatch(path)]
    return found or [route.success.content_type]
