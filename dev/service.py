"""The service: its folder, its names on the local cloud, and what `npm start` prints about it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICE = "lucky-numbers"
STAGE = "local"
# The values that serverless.yml sets for this stage.
API_ID = "77777777"
API_KEY = "a-key-for-the-local-cloud"


def describe_api(url: str, curl: str) -> str:
    """Return what to call at the URL of the API, with an example that begins with `curl`."""
    return f"""
  POST {url}/lucky_numbers
  a page to try everything: {url}
  orders and changes of items need the header x-api-key: {API_KEY}

Try it:

  {curl} {url}/lucky_numbers -d '{{"name": "SilentByte", "count": 10}}'
"""
