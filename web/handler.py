"""The web function: gets the page, the clap button, and the other files of `assets/`."""

from gateway import Response, endpoint
from gateway.problem import NotFound
from web.asset import CSS, HTML, SCRIPT, Asset, get_etag, read_asset
from web.payload import AssetPath
from web.reference import REFERENCE

# The seconds until browsers revalidate: soon, so that a page and its scripts fit together, or
# later, for a script that stands alone.
PAGE_AGE_S, ALONE_AGE_S = 60, 3600
# By the path of its URL: the file, its content type, and how long browsers keep it.
FILES = {
    "/": ("page.html", HTML, PAGE_AGE_S),
    "/clap-button.js": ("clap-button.js", SCRIPT, ALONE_AGE_S),
    "/assets/problem-page.js": ("problem-page.js", SCRIPT, PAGE_AGE_S),
    "/assets/style.css": ("style.css", CSS, PAGE_AGE_S),
    "/assets/page.css": ("page.css", CSS, PAGE_AGE_S),
    "/assets/calls.js": ("calls.js", SCRIPT, PAGE_AGE_S),
    "/assets/claps.js": ("claps.js", SCRIPT, PAGE_AGE_S),
    "/assets/copying.js": ("copying.js", SCRIPT, PAGE_AGE_S),
    "/assets/demo.js": ("demo.js", SCRIPT, PAGE_AGE_S),
    "/assets/draw.js": ("draw.js", SCRIPT, PAGE_AGE_S),
    "/assets/elements.js": ("elements.js", SCRIPT, PAGE_AGE_S),
    "/assets/items.js": ("items.js", SCRIPT, PAGE_AGE_S),
    "/assets/orders.js": ("orders.js", SCRIPT, PAGE_AGE_S),
    "/assets/problem.js": ("problem.js", SCRIPT, PAGE_AGE_S),
    **REFERENCE,
}
assets: dict[str, Asset] = {}  # Those that were requested: the others need not be read.


@endpoint(
    content_types={path: content_type for path, (_, content_type, _) in FILES.items()},
    etag=get_etag,
)
def get_asset(route: str, path: AssetPath, all_headers: dict[str, list[str]]) -> Response:
    """Get a page, a style or a script, compressed for those who accept it."""
    url_path = route.removeprefix("GET ").replace("{name}", path.name)
    if url_path not in FILES:
        raise NotFound("There is no such page.")
    if url_path not in assets:
        assets[url_path] = read_asset(*FILES[url_path])
    return assets[url_path].respond(all_headers)
