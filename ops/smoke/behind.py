"""The checks of what is behind the API: the pipeline of orders, the log, the routes."""

import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from dev.openapi.paths import compile_path
from ops.smoke.report import differ
from ops.smoke.run import Smoke
from ops.stack import Stack

READY_MAX_S = 20  # A new API key takes some seconds until API Gateway knows it.
PIPELINE_MAX_S = 20
LOG_MAX_S = 20  # CloudWatch Logs shows a line after some seconds.
POLL_INTERVAL_S = 0.5
CLOCK_SKEW_MS = 60_000


def wait_until_ready(smoke: Smoke) -> None:
    """Wait until the API has the routes and the key of this deploy; then it stays so."""

    def is_ready() -> bool:
        return smoke.call("GET", "/orders/1", has_key=True).status != HTTPStatus.FORBIDDEN

    seconds = wait_for(smoke, is_ready, READY_MAX_S)
    failure = f"expected no more 403 from GET /orders/1 within {READY_MAX_S} s"
    smoke.report.note(
        f"the API takes its key{after(seconds)}", [] if seconds is not None else [failure]
    )


def check_pipeline(smoke: Smoke, order_id: str) -> None:
    """Check that the order goes through stream and queue, and is marked as processed."""
    status = None

    def is_processed() -> bool:
        nonlocal status
        order = smoke.call("GET", f"/orders/{order_id}", has_key=True)
        status = order.member("cart_product_status")
        return bool(status == "PROCESSED")

    seconds = wait_for(smoke, is_processed, PIPELINE_MAX_S)
    differences = list(differ("cart_product_status", "PROCESSED", status))
    smoke.report.note(f"the order is processed{after(seconds)}", differences)


def check_log(smoke: Smoke, stack: Stack) -> None:
    """Check that a request has its line in the function's log, by the id that the caller got."""
    logs = stack.client("logs")
    lines: list[Any] = []

    def is_logged() -> bool:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=stack.ids["HelloLogGroup"],
            filterPattern=f'"{smoke.instance}"',
            startTime=smoke.started_ms - CLOCK_SKEW_MS,
        )
        lines[:] = [each["message"] for page in pages for each in page["events"]]
        return bool(lines)

    seconds = wait_for(smoke, is_logged, LOG_MAX_S)
    claim = f"a request is logged{after(seconds)}"
    if seconds is None:
        failure = f"no line has the request id {smoke.instance} within {LOG_MAX_S} s"
        smoke.report.note(claim, [failure])
        return
    line = next(iter(map(read_json, lines)))
    differences = list(differ("route", "GET /hello", line.get("route")))
    differences += differ("status", 400, line.get("status"))
    differences += differ("has a duration", expected=True, got="duration_ms" in line)
    smoke.report.note(claim, differences)


def check_routes(smoke: Smoke, stack: Stack) -> None:
    """Name the routes of the API that no check has called, such as new ones."""
    pages = stack.client("apigateway").get_paginator("get_resources")
    routes = {
        (method, resource["path"])
        for page in pages.paginate(restApiId=stack.ids["ApiGatewayRestApi"], embed=["methods"])
        for resource in page["items"]
        for method in resource.get("resourceMethods", {})
    }
    missed = sorted(
        f"{method} {path}" for method, path in routes if not is_called(smoke, method, path)
    )
    smoke.report.mention_unchecked(missed)


def is_called(smoke: Smoke, method: str, path: str) -> bool:
    """Whether a route was called; its path has parameters in braces."""
    pattern = compile_path(path)
    return any(
        method in (called, "ANY") and pattern.fullmatch(called_path)
        for called, called_path in smoke.api.calls
    )


def delete_order(smoke: Smoke, stack: Stack, order_id: str) -> None:
    """Delete the order from the table: the API cannot."""
    key = {name: {"S": f"ORDER#{order_id}"} for name in ("PK", "SK")}
    stack.client("dynamodb").delete_item(TableName=stack.ids["OrdersTable"], Key=key)
    smoke.report.note("the order is deleted from the table", [])


def wait_for(smoke: Smoke, condition: Callable[[], bool], max_s: float) -> float | None:
    """Return how many seconds it took until a condition held, or None if it did not."""
    started = time.monotonic()
    end = min(started + max_s, smoke.api.deadline - POLL_INTERVAL_S)
    while not condition():
        if time.monotonic() > end:
            return None
        time.sleep(POLL_INTERVAL_S)
    return time.monotonic() - started


def after(seconds: float | None) -> str:
    """Return a time as the end of a claim."""
    return "" if seconds is None else f" (after {seconds:.1f} s)"


def read_json(line: str) -> dict[str, Any]:
    """Return the object of a line of JSON, or an empty one."""
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
