"""Events as a person may type them: any JSON, often close to an event of API Gateway."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.support.responses import REFUSALS

# Also half a character, which JSON can express: "\ud800".
TEXT = st.text(st.characters()) | st.sampled_from(["\ud800", "a\udfff", "\0", "\r\n", "ß", "*"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | TEXT
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=10
)
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]
HEADER_NAMES = ["content-type", "If-Match", "if-none-match", "Idempotency-Key", "x-api-key"]
HEADER_VALUES = TEXT | st.sampled_from(['"1"', "application/json", "text/html"])
NAMES = st.sampled_from(["first_name", "slug", "limit", "cursor", "id", "order_id"]) | TEXT
BODIES = [
    {"name": "Ada", "count": 2},
    {"name": "Bell", "price": "1.50"},
    {"slug": "a", "claps": 1},
    {"user_id": "ada", "order_items": [{"item_id": "x", "quantity": 1}]},
]


def _parts(**strategies: Any) -> Any:
    """Return objects that have some of these members."""
    return st.fixed_dictionaries({}, optional={k: v | JSON for k, v in strategies.items()}) | JSON


def any_events(path: Mapping[str, str]) -> Any:
    """Return a strategy for events; `path` has valid path parameters."""
    ids = st.just(dict(path))
    headers = st.dictionaries(st.sampled_from(HEADER_NAMES) | TEXT, HEADER_VALUES | JSON)
    values = st.dictionaries(
        st.sampled_from(HEADER_NAMES) | TEXT, st.lists(HEADER_VALUES | JSON) | JSON
    )
    bodies = st.sampled_from([json.dumps(body) for body in BODIES])
    return _parts(
        httpMethod=st.sampled_from(METHODS),
        resource=TEXT,
        path=TEXT,
        routeKey=TEXT,
        rawPath=TEXT,
        headers=headers,
        multiValueHeaders=values,
        queryStringParameters=st.dictionaries(NAMES, TEXT | JSON),
        multiValueQueryStringParameters=st.dictionaries(NAMES, st.lists(TEXT | JSON)),
        pathParameters=ids | st.dictionaries(NAMES, TEXT | JSON),
        requestContext=_parts(
            requestId=TEXT,
            identity=_parts(sourceIp=TEXT),
            http=_parts(method=st.sampled_from(METHODS), sourceIp=TEXT),
        ),
        body=bodies | TEXT,
        isBase64Encoded=st.booleans(),
    )


def check_response(response: Any) -> None:
    """Check that a response has a status of the contract, and that HTTP can carry it."""
    assert response["statusCode"] in {200, 201, 204, 304, 404, 409, 412, 428} | REFUSALS, response
    response["body"].encode()
    for name, value in response["headers"].items():
        assert f"{name}{value}".isascii()
        assert f"{name}{value}".isprintable()
    if response["statusCode"] >= 400:
        problem = json.loads(response["body"])
        assert problem["status"] == response["statusCode"]
        json.dumps(problem, ensure_ascii=False).encode()
