"""An event for each function: those of API Gateway have payload format 1.0."""

import json
from typing import Any

ITEM_ID = "01a1fac9-840f-7689-96e1-b783bdec023a"
ORDER_ID = "0b8b8a5e-9a3e-5d4f-8a7b-3c1f5f0c7a11"
ORDER_IMAGE = {
    "PK": {"S": f"ORDER#{ORDER_ID}"},
    "SK": {"S": f"ORDER#{ORDER_ID}"},
    "order_id": {"S": ORDER_ID},
    "user_id": {"S": "user"},
    "order_status": {"S": "ORDERED"},
    "cart_product_status": {"S": "PENDING"},
    "order_items": {
        "L": [
            {
                "M": {
                    "item_id": {"S": ITEM_ID},
                    "name": {"S": "Bell"},
                    "price": {"N": "12.50"},
                    "quantity": {"N": "2"},
                }
            }
        ]
    },
    "order_total": {"N": "25.00"},
    "order_date": {"S": "2026-11-21T00:00:00.000Z"},
}
LINES = [{"item_id": ITEM_ID, "quantity": 2}]


def _request(
    route: str,
    body: Any = None,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    **headers: str,
) -> dict[str, Any]:
    method, _, resource = route.partition(" ")
    headers = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return {
        "resource": resource,
        "path": resource.format(**(path or {})),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [query[name]] for name in query},
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "stage": "dev",
            "httpMethod": method,
            "path": f"/dev{resource}",
            "resourcePath": resource,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "curl/8.0.0"},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


NEW_ITEM = {"name": "Bell", "price": "12.50", "description": "Rings."}
IN_STREAM = {
    "eventID": "1",
    "eventName": "INSERT",
    "dynamodb": {"NewImage": ORDER_IMAGE, "SequenceNumber": "1"},
}
IN_QUEUE = {
    "messageId": "1",
    "body": json.dumps({"order_id": ORDER_ID, "order_items": LINES}),
    "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795000000000"},
    "messageAttributes": {},
}
EVENTS: dict[str, Any] = {
    "hello": _request("GET /hello", query={"first_name": "Ada"}),
    "lucky_numbers": _request("POST /lucky_numbers", {"name": "SilentByte", "count": 10}),
    "applaud": _request("POST /claps", {"slug": "a-post", "claps": 1}),
    "get_claps": _request("GET /claps", query={"slug": "a-post"}),
    "create_item": _request("POST /items", NEW_ITEM),
    "get_item": _request("GET /items/{id}", path={"id": ITEM_ID}),
    "replace_item": _request("PUT /items/{id}", NEW_ITEM, path={"id": ITEM_ID}, if_match='"3"'),
    "delete_item": _request("DELETE /items/{id}", path={"id": ITEM_ID}),
    "list_items": _request("GET /items", query={"limit": "10"}),
    "place_order": _request("POST /orders", {"user_id": "user", "order_items": LINES}),
    "get_order": _request("GET /orders/{order_id}", path={"order_id": ORDER_ID}),
    "process_cart_products": {"Records": [IN_STREAM]},
    "update_cart_status": {"Records": [IN_QUEUE]},
    "get_asset": _request("GET /"),
    "get_problem_page": _request("GET /problems/{name}", path={"name": "not-found"}),
}
EVENT = EVENTS["lucky_numbers"]  # Which every other candidate receives, too.
