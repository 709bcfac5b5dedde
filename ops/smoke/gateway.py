"""The checks of hello, the smallest function, and of the responses of API Gateway itself."""

from ops.smoke.report import differ
from ops.smoke.run import UNKNOWN_ITEM, UNKNOWN_ORDER, Smoke

SUCCESSES = range(200, 300)
PREFLIGHTS = {
    "/hello": ("GET", {"content-type"}),
    "/lucky_numbers": ("POST", {"content-type"}),
    "/claps": ("POST", {"content-type", "idempotency-key"}),
    "/items": ("POST", {"content-type", "idempotency-key", "x-api-key"}),
    f"/items/{UNKNOWN_ITEM}": ("PUT", {"content-type", "if-match", "if-none-match", "x-api-key"}),
    "/orders": ("POST", {"content-type", "idempotency-key", "x-api-key"}),
    f"/orders/{UNKNOWN_ORDER}": ("GET", {"x-api-key"}),
}


def check_hello(smoke: Smoke) -> None:
    """Check the smallest function, and the responses of the gateway itself."""
    text = {"content-type": "text/plain; charset=utf-8"}
    hello = smoke.call("GET", "/hello", query={"first_name": "Ada"})
    smoke.expect("hello greets", hello, 200, headers=text, text="Hello, Ada!")
    head = smoke.call("HEAD", "/hello", query={"first_name": "Ada"})
    smoke.expect("HEAD responds as GET does, without a body", head, 200, headers=text, text="")
    refused = smoke.call("GET", "/hello", query={"nonesuch": "1"})
    smoke.expect("an unknown parameter is refused", refused, 400)
    smoke.instance = refused.member("instance")
    smoke.expect("an unknown path is refused", smoke.call("GET", "/nonesuch"), 404)
    smoke.expect("an unknown method is refused", smoke.call("DELETE", "/hello"), 404)


def check_preflights(smoke: Smoke) -> None:
    """Check what each path allows the pages of other origins to send."""
    for path, (method, names) in PREFLIGHTS.items():
        headers = {
            "origin": "https://example.com",
            "access-control-request-method": method,
            "access-control-request-headers": ",".join(sorted(names)),
        }
        response = smoke.call("OPTIONS", path, headers=headers)
        allowed = {
            each.strip().lower()
            for each in response.headers.get("access-control-allow-headers", "").split(",")
        }
        methods = response.headers.get("access-control-allow-methods", "")
        differences = list(
            differ("status is a success", expected=True, got=response.status in SUCCESSES)
        )
        differences += differ("not allowed headers", [], sorted(names - allowed))
        differences += differ(f"allows {method}", expected=True, got=method in methods)
        origin = response.headers.get("access-control-allow-origin")
        differences += differ("header access-control-allow-origin", smoke.report.origin, origin)
        smoke.report.note(f"pages may call it ({response.call})", differences)
