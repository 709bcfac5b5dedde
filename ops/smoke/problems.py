"""The checks of the pages that explain problems."""

from urllib.parse import urljoin

from ops.smoke.api import Response
from ops.smoke.report import differ
from ops.smoke.run import Smoke


def check_problems(smoke: Smoke) -> None:
    """Check that the types of problems, of a function and of API Gateway, refer to pages."""
    for refused in (smoke.call("GET", "/hello", query={"nonesuch": "1"}), smoke.call("PUT", "/")):
        _check_type(smoke, refused)
    smoke.expect("an unknown type is refused", smoke.call("GET", "/problems/no-such-type"), 404)


def _check_type(smoke: Smoke, refused: Response) -> None:
    base = smoke.api.url
    page = urljoin(f"{base}/", str(refused.member("type")))
    below = "the parameter apiPath is the path of the API"
    is_below = page.startswith(f"{base}/problems/")
    smoke.report.note(
        f"{below} ({refused.call})",
        [] if is_below else list(differ("type", f"{base}/problems/…", page)),
    )
    if is_below:
        path, html = page.removeprefix(base), {"content-type": "text/html; charset=utf-8"}
        smoke.expect("the type is a page", smoke.call("GET", path), 200, headers=html)
        smoke.expect("HEAD responds", smoke.call("HEAD", path), 200, headers=html, text="")
