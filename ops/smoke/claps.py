"""The checks of `POST /claps` and `GET /claps`."""

from ops.smoke.api import Response
from ops.smoke.run import JSON, NO_STORE, Smoke

VIEWER_MAX = 20  # Claps of a viewer for a post.


def check_claps(smoke: Smoke) -> None:
    """Check the claps of a post that only this run knows. They stay, under its name."""
    post = {"slug": smoke.name, "limit": VIEWER_MAX}
    query = {"slug": smoke.name}

    def applaud(claps: int, purpose: str) -> Response:
        body = {"slug": smoke.name, "claps": claps}
        return smoke.call("POST", "/claps", body, headers=smoke.key(purpose))

    none, some, most = (
        post | {"claps": claps, "viewerClapCount": claps} for claps in (0, 3, VIEWER_MAX)
    )
    unknown = smoke.call("GET", "/claps", query=query)
    smoke.expect("an unknown post has no claps", unknown, 200, headers=NO_STORE, members=none)
    smoke.expect("claps are counted", applaud(3, "first"), 200, headers=JSON, members=some)
    smoke.expect("a replay counts nothing", applaud(3, "first"), 200, members=some)
    smoke.expect("a key with another body is refused", applaud(4, "first"), 422)
    smoke.expect("claps up to the limit", applaud(VIEWER_MAX - 3, "second"), 200, members=most)
    refused = {"viewerClapCount": VIEWER_MAX, "limit": VIEWER_MAX}
    smoke.expect("claps over the limit are refused", applaud(1, "third"), 409, members=refused)
    head = smoke.call("HEAD", "/claps", query=query)
    smoke.expect("HEAD responds", head, 200, headers=NO_STORE, text="")
