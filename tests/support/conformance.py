"""Holds responses against openapi.json: nothing is answered that the document does not declare."""

import json
import re
from typing import Any

import requests
from jsonschema import Draft202012Validator

from dev.openapi.__main__ import DOCUMENT
from dev.openapi.paths import compile_path

OPENAPI: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
# Headers that the document leaves out, since the gateway or the server sends them everywhere.
GENERAL = re.compile(
    "access-control-.*|cache-control|connection|content-(encoding|length|security-policy|type)"
    "|date|referrer-policy|server|vary|x-amz.*|x-content-type-options"
)
# Patterns of the document's paths at the end of a URL, each with its operations by their methods.
PATHS = [(compile_path(path), operations) for path, operations in OPENAPI["paths"].items()]


def check_conformance(response: requests.Response, path: str) -> None:
    """Assert that a response to a request for a path of the API is one that is declared.

    Requests for other routes, which API Gateway answers, are not in the document.
    """
    method = str(response.request.method)
    operation = _find_operation("get" if method == "HEAD" else method.lower(), path)
    if operation is None:
        return
    name, status = operation["operationId"], str(response.status_code)
    assert status in operation["responses"], f"{name}: status {status} is not declared"
    declared = _resolve(operation["responses"][status])
    _check_headers(response, declared.get("headers", {}), f"{name}: {status}")
    if method != "HEAD":
        _check_content(response, declared.get("content", {}), f"{name}: {status}")
    if types := declared.get("x-problem-types"):
        _check_problem(response, types, f"{name}: {status}")


def _find_operation(method: str, path: str) -> Any:
    for pattern, operations in PATHS:
        if pattern.fullmatch(path):
            return operations.get(method)
    return None


def _resolve(definition: Any) -> Any:
    """Return a definition, or what it refers to."""
    if "$ref" not in definition:
        return definition
    found: Any = OPENAPI
    for name in definition["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def _check_headers(response: requests.Response, declared: Any, which: str) -> None:
    sent = {name.lower() for name in response.headers if not GENERAL.fullmatch(name.lower())}
    undeclared = sent - {name.lower() for name in declared}
    assert not undeclared, f"{which} has headers that are not declared: {undeclared}"
    required = {name for name, definition in declared.items() if _resolve(definition)["required"]}
    assert required <= response.headers.keys(), f"{which} lacks a header that is declared"


def _check_problem(response: requests.Response, types: list[str], which: str) -> None:
    if not response.content:  # Of a HEAD request.
        return
    problem = response.json()
    assert problem["status"] == response.status_code
    found = problem["type"].rpartition("/")[2]
    assert found in types, f"{which} has the type {found}, which is not declared"


def _check_content(response: requests.Response, declared: Any, which: str) -> None:
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if not declared:
        assert not response.content, f"{which} has a body, which is not declared"
        return
    assert media_type in declared, f"{which} has the type {media_type}, which is not declared"
    if media_type.endswith("json") and "schema" in declared[media_type]:
        schema = {**declared[media_type]["schema"], "components": OPENAPI["components"]}
        if media_type.startswith("application/problem"):
            schema["unevaluatedProperties"] = False
        errors = [
            each.message for each in Draft202012Validator(schema).iter_errors(response.json())
        ]
        assert not errors, f"{which}: {errors[0]}"
