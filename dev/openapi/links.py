"""Links from the response of one operation to the parameters of another.

https://spec.openapis.org/oas/v3.1.1#link-object
"""

from typing import Any

from dev.openapi.routes import Route

CURSOR = "cursor"  # The parameter that continues a list, and the field of a response that has it.


def add_links(routes: list[Route], paths: dict[str, Any]) -> None:
    """Add to each operation's success what can be done with its result."""
    for source in routes:
        fields = _find_fields(source)
        links = {}
        for target in routes:
            parameters = _link(source, target, fields)
            if parameters:
                links[target.operation] = {
                    "operationId": target.operation,
                    "parameters": parameters,
                    "description": paths[target.path][target.method]["summary"] + ".",
                }
        if links:
            response = paths[source.path][source.method]["responses"][str(source.success.status)]
            response["links"] = links


def _find_fields(route: Route) -> set[str]:
    """Return the names that the fields of a route's result have in JSON."""
    if not route.model:
        return set()
    fields = route.model.model_fields.items()
    return {each.serialization_alias or each.alias or name for name, each in fields}


def _link(source: Route, target: Route, fields: set[str]) -> dict[str, str]:
    """Return the parameters of the target that the source's response has, if it has them all."""
    if source.package != target.package:
        return {}
    if source is target:
        has_more = CURSOR in fields and CURSOR in _list_names(target, "query")
        return {CURSOR: f"$response.body#/{CURSOR}"} if has_more else {}
    names = _list_names(target, "path") or _list_names(target, "query", is_required=True)
    if not names or not fields.issuperset(names):
        return {}
    parameters = {name: f"$response.body#/{name}" for name in names}
    if source.success.etag and "preconditions" in target.parts:
        parameters["header.If-Match"] = "$response.header.ETag"
    return parameters


def _list_names(route: Route, part: str, *, is_required: bool = False) -> list[str]:
    model = route.parts.get(part)
    if model is None:
        return []
    fields = model.model_fields.items()
    return [each.alias or name for name, each in fields if each.is_required() or not is_required]
