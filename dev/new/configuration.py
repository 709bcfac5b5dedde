"""Edits serverless.yml line by line, so that its comments stay."""

import re

PACKAGES = "aws|gateway|hello|invocation|pipeline"
# For functions that need an API key, for claps, and for the pages of problems.
SETTINGS = (
    "API_PATH",
    "apiKeys",
    "apiPath",
    "clapsThrottle",
    "include",
    "throttle",
    "usagePlan",
    "viewerHeader",
)


def edit_configuration(text: str) -> str:
    """Return serverless.yml with `hello` as the only function, and the settings that it needs.

    Raises:
        LookupError: serverless.yml lacks something to leave out, so this module is out of date.
    """
    functions = _section(text, "functions")
    text = text.replace(functions, leave_out(functions, r"(?!hello:)\w+", indent=2))
    for name in SETTINGS:
        for indent in (4, 6):
            text = leave_out(text, name, indent=indent, is_required=False)
    patterns = _section(text, "package")
    kept = re.sub(rf'(?m)^    - (?!(?:{PACKAGES})/|"!).*\n', "", patterns)
    text = text.replace(patterns, kept)

    resources = _section(text, "resources")
    kept = re.sub(rf"(?m)^  - \$\{{file\((?!(?:{PACKAGES})/).*\n", "", resources)
    kept = leave_out(kept, "Secret", indent=6)
    kept = re.sub(r"(?m)^  - Resources:\n(?! {4})", "", kept)
    return re.sub(r"\n{3,}", "\n\n", text.replace(resources, kept)).rstrip("\n") + "\n"


def leave_out(text: str, pattern: str, *, indent: int, is_required: bool = True) -> str:
    """Return YAML without the keys at an indentation that match a pattern.

    The comments above such a key, and all that is below it, are left out, too.

    Raises:
        LookupError: there is no such key.
    """
    margin = " " * indent
    above = rf"(?:^{margin}#.*\n)*"
    below = rf"(?:\n*^{margin} .*\n)*"
    kept, count = re.subn(rf"(?m){above}^{margin}{pattern}:.*\n{below}", "", text)
    if is_required and not count:
        raise LookupError(f"serverless.yml has no {pattern} at an indentation of {indent}")
    return kept


def _section(text: str, key: str) -> str:
    found = re.search(rf"(?m)^{key}:\n(?:(?: .*)?\n)*", text)
    if not found:
        raise LookupError(f"serverless.yml has no {key}")
    return found[0]
