"""The checks of the pages and their files."""

from http import HTTPStatus

from ops.smoke.report import differ
from ops.smoke.run import Smoke

KINDS = {
    "/": "text/html; charset=utf-8",
    "/docs": "text/html; charset=utf-8",
    "/openapi.json": "application/json",
    "/clap-button.js": "text/javascript; charset=utf-8",
    "/assets/style.css": "text/css; charset=utf-8",
}


def check_web(smoke: Smoke) -> None:
    """Check the page and its files, and that an unchanged one is not sent again."""
    for path, kind in KINDS.items():
        asset = smoke.call("GET", path)
        headers = {"content-type": kind}
        smoke.expect("an asset is served", asset, 200, headers=headers)
        etag, age = asset.headers.get("etag", ""), asset.headers.get("cache-control", "")
        differences = list(differ("strong etag", expected=True, got=etag.startswith('"')))
        differences += differ("cached by browsers", expected=True, got="max-age=" in age)
        smoke.report.note(f"browsers may keep it (GET {path})", differences)
        unchanged = smoke.call("GET", path, headers={"if-none-match": etag})
        smoke.expect("an unchanged one is not sent", unchanged, HTTPStatus.NOT_MODIFIED, text="")
        smoke.expect("HEAD responds", smoke.call("HEAD", path), 200, headers=headers, text="")
    policy = smoke.call("GET", "/").headers.get("content-security-policy", "")
    is_strict = "default-src" in policy and "unsafe-inline" not in policy
    smoke.report.note(
        "the page has a content security policy",
        [] if is_strict else list(differ("policy", "one without unsafe-inline", policy)),
    )
