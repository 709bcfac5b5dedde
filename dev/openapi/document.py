"""Puts the OpenAPI document together (https://spec.openapis.org/oas/v3.1.1)."""

import importlib
import inspect
import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from dev.openapi.failures import find_failures
from dev.openapi.headers import describe_response_headers
from dev.openapi.links import add_links
from dev.openapi.operation import describe_operation, name_failures
from dev.openapi.problems import describe_failure, describe_problems
from dev.openapi.routes import API_KEY, SIGNATURE, TOKEN, Route, find_routes
from dev.openapi.schemas import Components
from dev.service import ROOT
from dev.settings import read_settings
from gateway.request import BODY_LIMIT_BYTES

COMMON = f"""Bodies are JSON in UTF-8, of at most {BODY_LIMIT_BYTES // 1024} KiB.

Errors are [problem details](https://www.rfc-editor.org/rfc/rfc9457).

`HEAD` has the status and the headers of `GET`."""
SCHEMES = {
    API_KEY: {"type": "apiKey", "in": "header", "name": "x-api-key"},
    SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "authorization",
        "description": "Signature Version 4.",
    },
    TOKEN: {"type": "http", "scheme": "bearer"},
}


def make_document() -> dict[str, Any]:
    """Return the OpenAPI document of the routes in serverless.yml."""
    routes = find_routes(read_settings())
    models = Components(_list_models(routes))
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method] = describe_operation(route, models)
    add_links(routes, paths)
    return {
        "openapi": "3.1.1",
        "info": _describe_service(),
        "servers": [{"url": ".", "description": "Where this document is."}],
        "tags": [_describe_tag(name) for name in dict.fromkeys(each.package for each in routes)],
        "paths": paths,
        "components": _describe_components(routes, models, paths),
    }


def _list_models(routes: list[Route]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for route in routes:
        if payload := route.parts.get("payload"):
            models.append((payload, "validation"))
        if route.model:
            models.append((route.model, "serialization"))
    return list(dict.fromkeys(models))


def _describe_service() -> dict[str, Any]:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    info = {"title": package["name"], "version": package["version"]}
    return info | {
        "description": f"{package['description']}\n\n{COMMON}",
        "license": {"name": package["license"], "identifier": package["license"]},
    }


def _describe_tag(package: str) -> dict[str, str]:
    text = inspect.getdoc(importlib.import_module(package))
    return {"name": package, **({"description": text} if text else {})}


def _describe_components(
    routes: list[Route], models: Components, paths: dict[str, Any]
) -> dict[str, Any]:
    found = [failures for route in routes for _, failures in find_failures(route)]
    responses = {name_failures(each): describe_failure(each) for each in found}
    problems = describe_problems([each.problem for failures in found for each in failures])
    schemes = dict.fromkeys(scheme for route in routes for scheme in route.schemes)
    referring = json.dumps([paths, responses])
    headers = describe_response_headers().items()
    return {
        "securitySchemes": {name: SCHEMES[name] for name in schemes},
        "schemas": models.schemas | problems,
        "headers": {
            name: each for name, each in headers if f'"#/components/headers/{name}"' in referring
        },
        "responses": dict(sorted(responses.items())),
    }
