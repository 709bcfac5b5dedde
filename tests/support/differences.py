"""What may differ between AWS's runtime client and runtime_loop: see test_differences.py, too."""

import itertools
import json
import re
from collections.abc import Mapping

# What differs from run to run, and the variable that names the wrapper.
RUN = [
    (r'"AWS_LAMBDA_EXEC_WRAPPER": "[^"]*", ', ""),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", "TIME"),
    (r"\[\d{13}\]", "[TIME]"),
    (r"127\.0\.0\.1:\d+", "ADDRESS"),
    (r"0x[0-9a-f]{6,}", "0xADDRESS"),
    (r"(?<=Previous line repeated )\d+", "N"),  # Until the limit of recursion.
    (r"(<Thread\w*\(.*?) \d+\)>", r"\1)>"),
]
# Stack traces show the code that called the function. It is other code.
CLIENT = r'(?:awslambdaric|runtime_loop|var/runtime|concurrent/futures)/[^"\\]*'
IN_JSON = rf'"  File \\"[^"\\]*{CLIENT}\\"(?:[^"\\]|\\.)*"(?:, )?'  # An item of a list.
IN_TEXT = (
    rf'(?<![ \xa0])[ \xa0]+File "[^"\n]*{CLIENT}"[^\n\r]*[\n\r]+'
    r"(?:[ \xa0]{4}[^\n\r]*[\n\r]+)*"
)
WARNING = r"(?m)^\S*(?:awslambdaric|runtime_loop)/\S*:\d+: (\w+: .*\n).*\n"
FRAMES = [(IN_JSON, ""), (IN_TEXT, ""), (WARNING, r"\1")]
# Those of the connection, the name of the client, and the length of a body with other frames.
UNIMPORTANT_HEADERS = {
    *("accept", "accept-encoding", "connection", "content-length", "expect", "host", "user-agent")
}
XRAY_CAUSE = "lambda-runtime-function-xray-error-cause"


def normalize_text(text: str) -> str:
    """Return a text without what differs from run to run, and without the client's own frames."""
    for pattern, replacement in [*RUN, *FRAMES]:
        text = re.sub(pattern, replacement, text)
    return text


def normalize_body(body: bytes) -> str:
    """Return the body of a request as text."""
    return normalize_text(body.decode(errors="surrogateescape"))


def normalize_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that Lambda reads."""
    kept = {name: value for name, value in headers.items() if name not in UNIMPORTANT_HEADERS}
    if XRAY_CAUSE in kept:
        cause = json.loads(kept[XRAY_CAUSE])
        for exception in cause["exceptions"]:
            stack = [each for each in exception["stack"] if not re.search(CLIENT, each["path"])]
            # Once each, as a recursion goes on until the limit.
            exception["stack"] = [each for each, _ in itertools.groupby(stack)]
        paths = [path for path in cause["paths"] if not re.search(CLIENT, path)]
        kept[XRAY_CAUSE] = json.dumps({**cause, "paths": sorted(paths)})
    return kept
