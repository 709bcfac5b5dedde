"""Items of the catalogue, for tests. Whoever changes it needs an API key."""

from typing import Any

import requests

from dev.service import API_KEY
from items.versions import Versions
from tests.support.web import call

KEYED = {"x-api-key": API_KEY}
ANY_VERSION = Versions([], are_excluded=True)


def call_with_key(
    url: str, method: str = "POST", *, headers: dict[str, str] | None = None, **options: Any
) -> requests.Response:
    """Return the response to a request with the API key."""
    return call(url, method, headers={**KEYED, **(headers or {})}, **options)


def create_item(api_url: str, name: str = "Bell", price: str = "1.50") -> Any:
    """Create an item, and return it."""
    response = call_with_key(f"{api_url}/items", json={"name": name, "price": price})
    assert response.status_code == 201, response.text
    return response.json()


def list_items(api_url: str) -> list[Any]:
    """Return all items, of consistent pages."""
    items: list[Any] = []
    parameters = {"limit": "100", "consistent": "true"}
    while True:
        page = call(f"{api_url}/items", "GET", params=parameters).json()
        items += page["items"]
        if page["cursor"] is None:
            return items
        parameters["cursor"] = page["cursor"]
