"""The function that explains problems: `GET /problems/{name}` gets the page of a problem type.

Each page's text is in `assets/problems/`; `assets/problem-page.html` is what surrounds it.
"""

from gateway import Response, endpoint
from gateway.problem import NotFound
from web.asset import HTML, Asset, get_etag, make_page, read_text
from web.payload import ProblemPath

PAGE_AGE_S = 3600
pages: dict[str, Asset] = {}  # Those that were requested: the others need not be read.


@endpoint(content_type=HTML, etag=get_etag)
def get_problem_page(path: ProblemPath, all_headers: dict[str, list[str]]) -> Response:
    """Get the page that explains a type of problem: what happened, and how to fix it."""
    if path.name not in pages:
        pages[path.name] = _make_page(path.name)
    return pages[path.name].respond(all_headers)


def _make_page(name: str) -> Asset:
    try:
        text = read_text(f"problems/{name}.html")
    except FileNotFoundError:
        raise NotFound("There is no such problem.") from None
    title = text.partition("<h1>")[2].partition("</h1>")[0]
    html = read_text("problem-page.html").replace("{title}", title).replace("{text}", text)
    return make_page(html, PAGE_AGE_S)
