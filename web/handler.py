"""The web function: `GET /` gets the demo page, `GET /clap-button.js` the clap button."""

import os
from binascii import b2a_base64

from gateway import Response, endpoint
from gateway.problem import NotFound
from invocation.digests import sha256

FOLDER = os.path.dirname(__file__) + "/assets/"  # noqa: PTH120 (pathlib takes longer to import)
PAGE_AGE_S, SCRIPT_AGE_S = 60, 3600  # After that, browsers revalidate by ETag.


def _read(name: str) -> str:
    with open(FOLDER + name, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def _asset(text: str, content_type: str, max_age_s: int, **headers: str) -> Response:
    return Response(
        text,
        headers={
            "content-type": content_type,
            "cache-control": f"public, max-age={max_age_s}",
            "etag": f'"{sha256(text.encode()).hex()[:32]}"',
        }
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )


def _content_security_policy(page: str) -> str:
    """Return a policy that allows only what a page contains and what its own origin serves.

    https://www.w3.org/TR/CSP3/#framework-directive-source-list
    """
    hashes = {}
    for tag in ("script", "style"):
        text = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = sha256(text.encode())
        hashes[tag] = b2a_base64(digest, newline=False).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{hashes['script']}'; "
        f"style-src 'sha256-{hashes['style']}'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _load() -> dict[str, Response]:
    page, script = _read("page.html"), _read("clap-button.js")
    policy = _content_security_policy(page)
    return {
        "GET /": _asset(
            page, "text/html; charset=utf-8", PAGE_AGE_S, content_security_policy=policy
        ),
        "GET /clap-button.js": _asset(script, "text/javascript; charset=utf-8", SCRIPT_AGE_S),
    }


ASSETS = _load()  # In the init phase, so that a call only looks one up.


@endpoint
def get_asset(route: str) -> Response:
    """Get the asset of a route."""
    if route not in ASSETS:
        raise NotFound("There is no such page.")
    return ASSETS[route]
