"""Holds responses against openapi.json: nothing is answered that the document does not declare."""

import json
import re
from typing import Any

import requests
from jsonschema import Draft202012Validator

from dev.openapi.__main__ import DOCUMENT

OPENAPI: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
# Patterns of the document's paths at the end of a URL, each with its operations by their methods.
PATHS = [
    (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), operations)
    for path, operations in OPENAPI["paths"].items()
]


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
    for header, definition in declared.get("headers", {}).items():
        is_missing = _resolve(definition)["required"] and header not in response.headers
        assert not is_missing, f"{name}: {status} lacks the header {header}"
    if method != "HEAD":
        _check_content(response, declared.get("content", {}), f"{name}: {status}")


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


def _check_content(response: requests.Response, declared: Any, which: str) -> None:
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if not declared:
        assert not response.content, f"{which} has a body, which is not declared"
        return
    assert media_type in declared, f"{which} has the type {media_type}, which is not declared"
    if media_type.endswith("json") and "schema" in declared[media_type]:
        schema = {**declared[media_type]["schema"], "components": OPENAPI["components"]}
        errors = [
            each.message for each in Draft202012Validator(schema).iter_errors(response.json())
        ]
        assert not errors, f"{which}: {errors[0]}"
