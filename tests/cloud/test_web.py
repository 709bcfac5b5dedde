"""The page and the widget over HTTP."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from dev.service import ROOT
from tests.support.responses import problem_of
from tests.support.web import call, proxy

ASSETS = [("/", "text/html; charset=utf-8"), ("/clap-button.js", "text/javascript; charset=utf-8")]


@pytest.mark.parametrize(("path", "content_type"), ASSETS)
def test_an_asset_has_the_headers_that_caches_and_browsers_need(
    api_url: str, path: str, content_type: str
) -> None:
    response = call(api_url + path, "GET")
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch(r"public, max-age=\d+", response.headers["cache-control"])
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["etag"])
    assert response.headers["access-control-allow-origin"] == "*"  # Modules are fetched with CORS.


@pytest.mark.parametrize(("path", "_content_type"), ASSETS)
def test_a_matching_if_none_match_is_304(api_url: str, path: str, _content_type: str) -> None:
    etag = call(api_url + path, "GET").headers["etag"]
    response = call(api_url + path, "GET", headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag
    other = call(api_url + path, "GET", headers={"If-None-Match": '"0"'})
    assert other.status_code == 200


def test_the_content_security_policy_allows_only_the_page_s_own_code(api_url: str) -> None:
    response = call(api_url, "GET")
    directives = response.headers["content-security-policy"].split("; ")
    policy = {name: rest for name, _, rest in (each.partition(" ") for each in directives)}
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in str(policy)
    for tag in ("script", "style"):
        for inline in re.findall(rf"(?s)<{tag}>(.*?)</{tag}>", response.text):
            digest = b64encode(sha256(inline.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy[f"{tag}-src"]


def test_the_widget_is_minified_and_small(api_url: str) -> None:
    served = call(api_url + "/clap-button.js", "GET").content
    assert len(gzip.compress(served)) < 3000
    assert served != (ROOT / "web/assets/clap-button.js").read_bytes()  # The bundle is minified.


def test_other_paths_are_404(api_url: str) -> None:
    problem_of(proxy(call(api_url + "/page.html", "GET")), 404)
    problem_of(proxy(call(api_url + "/..%2fhandler.py", "GET")), 404)
