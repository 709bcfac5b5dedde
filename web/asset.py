"""What the web functions send: pages, styles and scripts, with headers for browsers and caches."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gateway import Response
from invocation.digests import sha256
from web.encoding import compress, prefers_gzip

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = os.path.dirname(__file__) + "/assets/"  # noqa: PTH120 (pathlib takes longer to import)
HTML, CSS = "text/html; charset=utf-8", "text/css; charset=utf-8"
SCRIPT, TEXT = "text/javascript; charset=utf-8", "text/plain; charset=utf-8"
# Of each page: only its own origin's files, nothing inline, and no frame around it.
# https://www.w3.org/TR/CSP3/
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}


class Asset:
    """A text to send often, as it is or in gzip: each is made once, and has its own ETag.

    Browsers keep it for `max_age_s` seconds, and then revalidate by ETag.
    """

    def __init__(self, text: str, content_type: str, max_age_s: int) -> None:
        self._text = text
        self._headers = {
            "content-type": content_type,
            "cache-control": f"public, max-age={max_age_s}",
            "vary": "accept-encoding",
            **(PAGE_HEADERS if content_type == HTML else {}),
        }
        self._responses: dict[bool, Response] = {}  # By whether it is in gzip.

    def respond(self, all_headers: Mapping[str, list[str]]) -> Response:
        """Return the response to a request with these headers."""
        # Without Accept, API Gateway is said to leave what is binary in base64.
        can_be_binary = "accept" in all_headers
        in_gzip = can_be_binary and prefers_gzip(",".join(all_headers.get("accept-encoding", [])))
        if in_gzip not in self._responses:
            self._responses[in_gzip] = self._make_response(in_gzip=in_gzip)
        return self._responses[in_gzip]

    def _make_response(self, *, in_gzip: bool) -> Response:
        body = self._text.encode()
        coding = {}
        if in_gzip:
            body = compress(body)
            coding = {"content-encoding": "gzip"}
        etag = f'"{sha256(body).hex()[:32]}"'
        headers = self._headers | coding | {"etag": etag}
        return Response(body if in_gzip else self._text, headers=headers)


def get_etag(response: Response) -> str:
    """Return the ETag of an asset's response."""
    return response.headers["etag"]


def make_page(html: str, max_age_s: int) -> Asset:
    """Return a page, with the API's path in place of `{api}`.

    Its links need it: relative ones would break below a stage, whose URL may end without a slash.
    """
    return Asset(html.replace("{api}", os.environ.get("API_PATH", "")), HTML, max_age_s)


def read_asset(name: str, content_type: str, max_age_s: int) -> Asset:
    """Return a file of `assets/`."""
    text = read_text(name)
    if content_type == HTML:
        return make_page(text, max_age_s)
    return Asset(text, content_type, max_age_s)


def read_text(name: str) -> str:
    """Return the text of a file of `assets/`."""
    with open(FOLDER + name, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()
