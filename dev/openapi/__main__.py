"""`npm run openapi`: writes openapi.json from serverless.yml, the entry points and their models."""

import json

from dev.openapi.document import make_document
from dev.service import ROOT

DOCUMENT = ROOT / "openapi.json"


def main() -> None:
    """Write the document, if it has changed."""
    text = json.dumps(make_document(), indent=2, ensure_ascii=False) + "\n"
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        DOCUMENT.write_text(text, encoding="utf-8")
        print("openapi.json is written.")
    else:
        print("openapi.json is up to date.")


if __name__ == "__main__":
    main()
