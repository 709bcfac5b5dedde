"""`npm run smoke`: calls what a stage has deployed, and says what differs from what it promises.

Every route is called as it should be, and once for each way to be refused. One order goes through
the pipeline. What was made is deleted again, except the claps of a post named after the run, and
idempotency keys, which expire.
"""

import http.client
import secrets
import sys
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from ops.smoke.api import Api, OutOfTimeError
from ops.smoke.behind import (
    check_log,
    check_pipeline,
    check_routes,
    delete_order,
    wait_until_ready,
)
from ops.smoke.claps import check_claps
from ops.smoke.gateway import check_hello, check_preflights
from ops.smoke.items import check_items
from ops.smoke.lucky_numbers import check_lucky_numbers
from ops.smoke.orders import check_orders
from ops.smoke.problems import check_problems
from ops.smoke.report import Report
from ops.smoke.run import Smoke
from ops.smoke.web import check_web
from ops.stack import Stack, check_npm_options, find_stack, make_parser

CHECKS_MAX_S, CLEANUPS_MAX_S = 45, 10  # Together, all is known within a minute.
# Calls that may fail, with what the report then says.
FAILURES = (OSError, http.client.HTTPException, BotoCoreError, ClientError)


def main() -> None:
    """Check the deployment that the command line names."""
    check_npm_options("smoke", "--stage production")
    options = make_parser("smoke", __doc__.split("\n")[0]).parse_args()
    started = time.monotonic()
    with find_stack(options) as stack:
        smoke = start(stack)
        print(f"Calling {smoke.api.url} as {smoke.name}")
        try:
            attempt(smoke, "the checks", lambda: check(smoke, stack))
        finally:
            smoke.api.deadline = time.monotonic() + CLEANUPS_MAX_S
            for clean_up in reversed(smoke.cleanups):
                attempt(smoke, "cleaning up", clean_up)
    report = smoke.report
    seconds = time.monotonic() - started
    print(f"{report.passed} as expected, {report.failed} different, in {seconds:.0f} s.")
    sys.exit(1 if report.failed else 0)


def start(stack: Stack) -> Smoke:
    """Find the URL, the key and the allowed origin of the stack."""
    gateway = stack.client("apigateway")
    ids = [each for name, each in stack.ids.items() if name.startswith("ApiGatewayApiKey")]
    keys = [gateway.get_api_key(apiKey=each, includeValue=True) for each in ids]
    key = next((each["value"] for each in keys if each["enabled"]), "")
    hello = stack.client("lambda").get_function_configuration(
        FunctionName=stack.ids["HelloLambdaFunction"]
    )
    origin = hello["Environment"]["Variables"]["CORS_ALLOW_ORIGIN"]
    api = Api(stack.api_url, key, time.monotonic() + CHECKS_MAX_S)
    return Smoke(api, Report(origin), f"smoke-test-{secrets.token_hex(6)}")


def check(smoke: Smoke, stack: Stack) -> None:
    """Run the checks. The order has time to be processed while others run."""
    wait_until_ready(smoke)
    check_hello(smoke)
    item_id = check_items(smoke)
    order_id = check_orders(smoke, item_id) if item_id else None
    if order_id:
        smoke.cleanups.append(lambda: delete_order(smoke, stack, order_id))
    check_claps(smoke)
    check_lucky_numbers(smoke)
    check_web(smoke)
    check_problems(smoke)
    check_preflights(smoke)
    if order_id:
        check_pipeline(smoke, order_id)
    check_log(smoke, stack)
    check_routes(smoke, stack)


def attempt(smoke: Smoke, what: str, action: Callable[[], None]) -> None:
    """Run a part, and report why it ended early, if it did."""
    try:
        action()
    except OutOfTimeError:
        smoke.report.note(f"{what} end in time", ["expected a response, got none in the time left"])
    except FAILURES as error:
        smoke.report.note(f"{what} end", [f"{type(error).__name__}: {error}"])


if __name__ == "__main__":
    main()
