"""openapi.json describes what serves."""

import json
import subprocess
import sys
from typing import Any

from dev.openapi.__main__ import DOCUMENT
from dev.service import ROOT

OPENAPI: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_the_document_is_fresh() -> None:
    """After a change, `npm run openapi` writes it anew."""
    code = "import json; from dev.openapi.document import make_document; "
    code += "print(json.dumps(make_document()))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert json.loads(run.stdout) == OPENAPI, "run `npm run openapi`"
