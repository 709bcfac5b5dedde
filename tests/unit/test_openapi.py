"""openapi.json describes what serves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import validate

from dev.openapi.failures import find_failures
from dev.openapi.operation import describe_operation
from dev.openapi.routes import find_routes
from dev.openapi.schemas import Components
from dev.service import ROOT
from dev.settings import read_settings
from tests.support.conformance import OPENAPI

# Of any function: the first one, which new services have, under a name of their own.
HANDLER = next(iter(read_settings()["functions"].values()))["handler"]


def test_the_document_is_fresh() -> None:
    """After a change, `npm run openapi` writes it anew."""
    code = "import json; from dev.openapi.document import make_document; "
    code += "print(json.dumps(make_document()))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert json.loads(run.stdout) == OPENAPI, "run `npm run openapi`"


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        value = [*value.values()]
    if isinstance(value, list):
        for each in value:
            yield from walk(each)


def test_every_example_matches_its_schema() -> None:
    for definition in walk(OPENAPI):
        examples = [*definition.get("examples", [])]
        examples += [definition["example"]] if "example" in definition else []
        for example in examples:
            schema = definition.get("schema", definition)
            validate(example, {**schema, "components": OPENAPI["components"]})


def test_every_reference_leads_somewhere() -> None:
    for reference in (each["$ref"] for each in walk(OPENAPI) if "$ref" in each):
        found = OPENAPI
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]


def test_every_name_of_an_operation_is_given_once() -> None:
    names = [each["operationId"] for each in walk(OPENAPI["paths"]) if "responses" in each]
    assert len(names) == len(set(names))


def test_a_link_gives_the_parameters_that_its_operation_requires() -> None:
    operations = {each["operationId"]: each for each in walk(OPENAPI["paths"]) if "tags" in each}
    links = [each for each in walk(OPENAPI["paths"]) if set(each) >= {"operationId", "parameters"}]
    for link in [each for each in links if "tags" not in each]:
        parameters = operations[link["operationId"]].get("parameters", [])
        required = {each["name"] for each in parameters if each.get("required")}
        given = {name.removeprefix("header.") for name in link["parameters"]}
        assert required <= given <= {each["name"] for each in parameters}


@pytest.mark.parametrize(
    ("settings", "scheme", "statuses"),
    [
        ({"private": True}, "apiKey", {403}),
        ({"authorizer": "aws_iam"}, "signature", {401, 403}),
        ({"authorizer": {"name": "users", "type": "COGNITO_USER_POOLS"}}, "token", {401, 403}),
    ],
)
def test_a_route_says_how_its_callers_authenticate(
    settings: dict[str, Any], scheme: str, statuses: set[int]
) -> None:
    event = {"http": {"method": "get", "path": "hello", **settings}}
    function = {"handler": HANDLER, "events": [event]}
    [route] = find_routes({"provider": {}, "functions": {"hello": function}})
    assert route.schemes == (scheme,)
    assert {status for status, _ in find_failures(route)} >= statuses


def test_callers_need_both_an_api_key_and_what_an_authorizer_wants() -> None:
    event = {"http": {"method": "get", "path": "hello", "private": True, "authorizer": "aws_iam"}}
    function = {"handler": HANDLER, "events": [event]}
    [route] = find_routes({"provider": {}, "functions": {"hello": function}})
    operation = describe_operation(route, Components([]))
    assert operation["security"] == [{"apiKey": [], "signature": []}]


def test_a_function_that_is_no_endpoint_is_left_out() -> None:
    function = {"handler": "json.dumps", "events": [{"http": "GET hello"}]}
    assert find_routes({"provider": {}, "functions": {"hello": function}}) == []


def test_a_route_may_be_in_short_form() -> None:
    function = {"handler": HANDLER, "events": [{"http": "GET hello"}]}
    [route] = find_routes({"provider": {}, "functions": {"hello": function}})
    assert (route.method, route.path, route.operation) == ("get", "/hello", "hello")
