"""The web function over HTTP: headers, compression, and what it does not serve."""

import gzip
import re

import pytest

from dev.service import ROOT
from tests.support.responses import problem_of
from tests.support.web import call, proxy
from web.handler import FILES

ASSETS = [(path, content_type) for path, (_, content_type, _) in FILES.items()]
PLAIN, GZIP = {"accept-encoding": ""}, {"accept-encoding": "gzip"}


@pytest.mark.parametrize("headers", [PLAIN, GZIP], ids=str)
@pytest.mark.parametrize(("path", "content_type"), ASSETS)
def test_an_asset_has_the_headers_that_caches_and_browsers_need(
    api_url: str, path: str, content_type: str, headers: dict[str, str]
) -> None:
    response = call(api_url + path, "GET", headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch(r"public, max-age=\d+", response.headers["cache-control"])
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["etag"])
    assert response.headers["vary"] == "accept-encoding"
    assert response.headers["access-control-allow-origin"] == "*"  # Modules are fetched with CORS.


@pytest.mark.parametrize(("path", "_content_type"), ASSETS)
def test_an_asset_is_the_same_in_gzip_and_without_and_has_two_etags(
    api_url: str, path: str, _content_type: str
) -> None:
    plain, compressed = (call(api_url + path, "GET", headers=each) for each in (PLAIN, GZIP))
    assert "content-encoding" not in plain.headers
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.content == plain.content  # `requests` has decompressed it.
    sent = [int(each.headers["content-length"]) for each in (plain, compressed)]
    assert sent[0] == len(plain.content) > sent[1]
    assert plain.headers["etag"] != compressed.headers["etag"]


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip, deflate, br, zstd", "gzip"),
        ("br, GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("br;q=1.0, gzip; q=0.8, *;q=0.1", "gzip"),
        ("identity;q=0", None),
        ("identity;q=0, *", "gzip"),
        ("identity, gzip", "gzip"),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("gzip;q=0", None),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("gzip;q=x", None),
        ("deflate, br", None),
        ("identity", None),
        ("", None),
        (",;=,", None),
    ],
)
def test_the_coding_is_what_accept_encoding_prefers(
    api_url: str, accept_encoding: str, coding: str | None
) -> None:
    response = call(api_url, "GET", headers={"accept-encoding": accept_encoding})
    assert response.headers.get("content-encoding") == coding
    assert response.text.startswith("<!doctype html>")


def test_without_accept_an_asset_is_not_compressed_because_api_gateway_would_not_decode_it(
    api_url: str,
) -> None:
    response = call(api_url, "GET", headers={**GZIP, "accept": None})
    assert "content-encoding" not in response.headers
    assert response.text.startswith("<!doctype html>")


@pytest.mark.parametrize("headers", [PLAIN, GZIP], ids=str)
@pytest.mark.parametrize(("path", "_content_type"), ASSETS)
def test_a_matching_if_none_match_is_304(
    api_url: str, path: str, _content_type: str, headers: dict[str, str]
) -> None:
    etag = call(api_url + path, "GET", headers=headers).headers["etag"]
    response = call(api_url + path, "GET", headers={**headers, "If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag
    assert response.headers["vary"] == "accept-encoding"
    other = call(api_url + path, "GET", headers={**headers, "If-None-Match": '"0"'})
    assert other.status_code == 200


def test_every_script_and_style_is_served() -> None:
    files = {
        path.name for path in (ROOT / "web/assets").iterdir() if path.suffix in (".js", ".css")
    }
    assert files <= {name for name, _, _ in FILES.values()}


def test_the_etag_of_one_coding_does_not_match_the_other(api_url: str) -> None:
    etag = call(api_url, "GET", headers=PLAIN).headers["etag"]
    response = call(api_url, "GET", headers={**GZIP, "If-None-Match": etag})
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs", "/problems/not-found"])
def test_a_page_may_use_only_files_of_its_own_origin_and_cannot_be_framed(
    api_url: str, path: str
) -> None:
    response = call(api_url + path, "GET")
    directives = response.headers["content-security-policy"].split("; ")
    assert {name: rest for name, _, rest in (each.partition(" ") for each in directives)} == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["referrer-policy"] == "no-referrer"


def test_the_widget_is_minified_and_small(api_url: str) -> None:
    served = call(api_url + "/clap-button.js", "GET").content
    assert len(gzip.compress(served)) < 3000
    assert served != (ROOT / "web/assets/clap-button.js").read_bytes()  # The bundle is minified.


@pytest.mark.parametrize(
    "path",
    ["/page.html", "/assets/page.html", "/assets/{name}", "/assets/..%2fhandler.py", "/..%2fweb"],
)
def test_other_paths_are_404(api_url: str, path: str) -> None:
    problem_of(proxy(call(api_url + path, "GET")), 404)
