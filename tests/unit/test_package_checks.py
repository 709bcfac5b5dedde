"""Problems of a handler are errors when it is packaged, with file and line."""

import pytest
from lambda_bundle.checks import check_handler
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

from dev.service import ROOT
from tests.support.functions import FUNCTIONS, Function

CHECKS = ["plugins.entry_points"]
ENDPOINT = "from gateway import endpoint\nimport gateway\n\n@endpoint\n"
PIPELINE = "from pipeline import consume, forward, consume as taking\n"


def check(source: str) -> None:
    """Check the handler `shop/handler.sell` of that source."""
    check_handler(Package({"shop/handler.py": source.encode()}), "shop/handler.sell", CHECKS)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def sell(:\n    pass\n", "line 1: invalid syntax"),
        (
            "def buy(): ...\n\ndef lend(): ...\n",
            r"no handler sell.*: buy \(line 1\), lend \(line 3\)\.",
        ),
        ("def buy():\n    sell = 1\n", r"no handler sell.*: buy \(line 1\)\."),
        ("", r"no handler sell.*: none\."),
        (
            f"{ENDPOINT}def sell(body: str) -> str: ...",
            "line 5: sell: unknown parameter body",
        ),
        (f"{ENDPOINT}def sell(*payload: str) -> str: ...", "unknown parameter payload"),
        (f"{ENDPOINT}def sell(**rest: str) -> str: ...", "unknown parameter rest"),
        (f"{ENDPOINT}def sell(*, other: str) -> str: ...", "unknown parameter other"),
        (
            f"{ENDPOINT}def sell(\n    route: str,\n    query,\n): ...",
            "line 7: sell: query has no anno",
        ),
        (
            f"{ENDPOINT}def sell(payload: 'Sale') -> str: ...",
            "payload: the annotation is not the class of a model",
        ),
        (f"{ENDPOINT}def sell() -> dict[str, int]: ...", r"line 5: sell returns dict\[str, int\]"),
        (
            f"{ENDPOINT}def sell() -> None: ...",
            "sell returns None: return a model, a string, a Response, or None",
        ),
        (
            "from gateway import endpoint\n@endpoint(status=204)\ndef sell() -> Sale: ...",
            "sell returns Sale: with status=204, return None",
        ),
        (
            f"{PIPELINE}@consume(A)\ndef sell(event: Sale): ...",
            "line 3: sell must have the parameters message and deadline, and no others",
        ),
        (
            f"{PIPELINE}@consume(A)\ndef sell(message: Sale): ...",
            "line 3: sell must have the parameters message and deadline, and no others",
        ),
        (
            f"{PIPELINE}@forward(a, b, c)\ndef sell(image: Sale, deadline: float): ...",
            "line 3: sell must have the parameter image, and no others",
        ),
        (
            f"{PIPELINE}@forward(a, b, c)\ndef sell(image): ...",
            "line 3: sell: image has no",
        ),
        (
            f"{PIPELINE}@taking(A)\ndef sell(message, deadline): ...",
            "sell: message has no annotation",
        ),
        (f"{ENDPOINT}async def sell() -> str: ...", "line 5: sell is async"),
        (
            f"{ENDPOINT}def sell(payload: Sale | Gift) -> str: ...",
            "payload: the annotation is not the class of a model",
        ),
        (
            "import gateway\n@gateway.endpoint\ndef sell(body): ...",
            "unknown parameter body",
        ),
        (
            "import gateway as g\nif 1:\n    @g.endpoint\n    def sell(body): ...",
            "unknown parameter body",
        ),
    ],
)
def test_a_problem_is_an_error_that_names_file_and_line(source: str, problem: str) -> None:
    with pytest.raises(BundleError, match=f"shop/handler.py.*{problem}"):
        check(source)


@pytest.mark.parametrize(
    "source",
    [
        "from shop.selling import sell\n",
        "import shop.selling as sell\n",
        "from shop.selling import *\n",
        "sell = endpoint(other)\n",
        "if True:\n    def sell(event, context): ...\n",
        "try:\n    from fast import sell\nexcept ImportError:\n    from slow import sell\n",
        "def sell(event, context): ...\n",
        f"{ENDPOINT}def sell(payload: Sale, *, deadline: float) -> Sale: ...\n",
        f"{ENDPOINT}def sell(query: Sale, route: str) -> Response: ...\n",
        "from gateway import endpoint\n@endpoint(status=204)\ndef sell() -> None: ...\n",
        f"{PIPELINE}@consume(A)\ndef sell(message: Sale, deadline: float) -> None: ...\n",
        "from other import router\n@router.endpoint('/')\ndef sell(event, context): ...\n",
        "from other import consume\n@consume\ndef sell(event, context): ...\n",
        "def __getattr__(name):\n    return print\n",
    ],
)
def test_a_handler_that_lambda_can_call_is_accepted(source: str) -> None:
    check(source)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_functions_of_the_service_are_accepted(function: Function) -> None:
    path = f"{function.module.replace('.', '/')}.py"
    files = {path: (ROOT / path).read_bytes()}
    check_handler(Package(files), f"{function.module}.{function.name}", CHECKS)
