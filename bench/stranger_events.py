"""Events for the services of bench/strangers/: good ones, invalid ones and odd ones.

The first of a function is the one that is measured. They run in this order, in one environment.
"""

import base64
import json
from typing import Any

TIDES = "c70e9f26-a279-52af-a044-63f623f16dbf"  # A book that the library has once.
UNKNOWN = "5b5ba0b0-3ff0-5d5a-8f5d-2a2e1f4e2c0b"
LISBON = {
    "name": "Ana Reis",
    "street": "Rua do Sol 3",
    "postcode": "1100-024",
    "city": "Lisboa",
    "country": "pt",
}
BERLIN = {
    "name": " Jo Braun ",
    "street": "Am Ufer 9",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
}
PARCEL = {"length_cm": 30, "width_cm": 20, "height_cm": 15, "weight_kg": "1.25"}
SHIPMENT = {"sender": LISBON, "recipient": BERLIN, "parcels": [PARCEL]}
CARD = {"method": "card", "number": "4242 4242 4242 4242", "expiry": "09/29"}
TRANSFER = {"method": "transfer", "iban": "PT50000201231234567890154", "holderName": "Ana Reis"}
PAYMENT = {"orderId": "O-17", "amount": "12.50", "source": CARD}
LINES = [{"sku": "bell", "quantity": 2, "unit_price": "12.50"}]
SETTLEMENT = {"payment_id": "0123456789ab", "settled_at": "2026-11-30T12:00:00Z", "lines": LINES}


def _http_api(
    method: str, path: str, body: Any = None, query: str = "", **headers: str
) -> dict[str, Any]:
    """Return an event of an HTTP API, payload format 2.0."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json", "host": "example.com", **named},
        "requestContext": {
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8.0.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def _rest_api(path: str, body: Any) -> dict[str, Any]:
    """Return an event of a REST API, payload format 1.0, with a POST request."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": {"content-type": "application/json"},
        "queryStringParameters": None,
        "pathParameters": None,
        "requestContext": {"requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "stage": "dev"},
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def _sqs(*bodies: Any) -> dict[str, Any]:
    """Return an event with messages of SQS."""
    return {
        "Records": [
            {
                "messageId": f"00000000-0000-4000-8000-{number:012}",
                "receiptHandle": "receipt",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:payments",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def _sns(*messages: Any) -> dict[str, Any]:
    """Return an event with messages of SNS."""
    texts = [each if isinstance(each, str) else json.dumps(each) for each in messages]
    return {
        "Records": [
            {"EventSource": "aws:sns", "Sns": {"MessageId": str(number), "Message": text}}
            for number, text in enumerate(texts)
        ]
    }


def _quote(**changes: Any) -> dict[str, Any]:
    return _rest_api("/quotes", {**SHIPMENT, **changes})


def _label(**changes: Any) -> dict[str, Any]:
    return _rest_api("/labels", {**SHIPMENT, "ref": "A-17", **changes})


def _payment(**changes: Any) -> dict[str, Any]:
    return _rest_api("/payments", {**PAYMENT, **changes})


BOOK = {"title": " Sail ", "authors": ["K. Lind"], "isbn": "978-0-14-032872-1"}
LOAN = {"book_id": TIDES, "member": "M00001"}
EVENTS: dict[str, list[Any]] = {
    "library.api": [
        _http_api("GET", "/books", query="genre=science&limit=1"),
        _http_api("GET", "/books", query="limit=1&q=t"),
        _http_api("GET", "/books", query="limit=0&genre=cooking"),
        _http_api("GET", f"/books/{TIDES}"),
        _http_api("GET", f"/books/{UNKNOWN}"),
        _http_api("GET", "/books/tides"),
        _http_api("POST", "/books", BOOK),
        _http_api("POST", "/books", BOOK, x_api_key="librarian-key"),
        _http_api("POST", "/books", {**BOOK, "isbn": "1"}, x_api_key="librarian-key"),
        _http_api("POST", "/books", {**BOOK, "cover": "no URL", "x": 1}, x_api_key="reader-key"),
        _http_api("POST", "/books", "{", x_api_key="reader-key"),
        _http_api("PATCH", f"/books/{TIDES}", {}, x_api_key="reader-key"),
        _http_api("PATCH", f"/books/{TIDES}", {"title": "Tide"}, x_api_key="reader-key"),
        _http_api("POST", "/loans", LOAN, x_api_key="reader-key"),
        _http_api("POST", "/loans", LOAN, x_api_key="reader-key"),
        _http_api("POST", "/loans", {**LOAN, "member": "me"}, x_api_key="reader-key"),
        _http_api("GET", "/openapi.json"),
        _http_api("GET", "/nowhere"),
        _http_api("DELETE", "/books"),
    ],
    "payments.api": [
        _payment(),
        _payment(amount=6000, source=TRANSFER, currency="USD", note="for the bells"),
        _payment(amount="0.50", currency="JPY"),
        _payment(source={**CARD, "number": "4242424242424241"}),
        _payment(source={"method": "cash"}),
        _payment(orderId="17", amount="1.234", note="n" * 141),
        _rest_api("/payments", {**PAYMENT, "order_id": "O-18", "orderId": "O-19"}),
        _rest_api("/payments", "[1,"),
        _rest_api("/payments", None),
    ],
    "payments.settle": [
        _sqs(SETTLEMENT),
        _sqs(SETTLEMENT, {**SETTLEMENT, "fee": "100"}, {**SETTLEMENT, "lines": [{}]}, "{"),
        _sqs(),
        {"Records": None},
        {},
    ],
    "shipping.quote": [
        _quote(),
        _quote(service="express", priority=2, recipient=LISBON, ship_on="2026-12-01"),
        _quote(ship_on="2026-11-29"),
        _quote(recipient={**BERLIN, "postcode": "1", "country": "Germany"}),
        _quote(parcels=[{**PARCEL, "weight_kg": 71, "length_cm": -1, "contents": "a, b"}]),
        _quote(parcels=[], service="pigeon", priority=3),
        _rest_api("/quotes", "{"),
        _rest_api("/quotes", None),
        {},
    ],
    "shipping.label": [
        _label(),
        _label(parcels=[{**PARCEL, "contents": "books, tea"}], format="zpl"),
        _label(ref="a b", format="gif", colour="red"),
        _rest_api("/labels", base64.b64encode(b"label").decode()),
        _rest_api("/labels", None),
    ],
    "shipping.track": [
        _sns([{"kind": "delivered", "tracking": "LIS1"}]),
        _sns(
            [
                {"kind": "scan", "tracking": "LIS2", "place": "Porto"},
                {"kind": "exception", "tracking": "LIS3", "reason": "nobody home", "x": 1},
            ],
            [{"kind": "lost", "tracking": "LIS4"}],
            "not JSON",
        ),
        _sns(),
        {"Records": [{"Sns": {"Message": "[]"}}]},
        {"Records": "none"},
    ],
}
