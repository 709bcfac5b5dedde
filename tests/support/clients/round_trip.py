"""Calls every operation through the generated Python client: `round_trip.py URL API_KEY`."""

import sys
from typing import Any, TypeVar
from uuid import uuid4

from lucky_numbers_client import AuthenticatedClient
from lucky_numbers_client.api.claps import applaud, get_claps
from lucky_numbers_client.api.hello import hello
from lucky_numbers_client.api.items import (
    create_item,
    delete_item,
    get_item,
    list_items,
    replace_item,
)
from lucky_numbers_client.api.lucky_numbers import lucky_numbers
from lucky_numbers_client.api.orders import get_order, place_order
from lucky_numbers_client.api.web import (
    get_asset,
    get_clap_button,
    get_docs,
    get_openapi,
    get_page,
    get_problem_page,
)
from lucky_numbers_client.models import (
    Applause,
    ClapCount,
    GetOpenapiResponse200,
    InvalidRequest,
    Item,
    ItemList,
    Line,
    LuckyNumbers,
    LuckyNumbersRequest,
    NewItem,
    NewOrder,
    Order,
    Problem,
)
from lucky_numbers_client.types import Response

from dev.waiting import wait_until

T = TypeVar("T")


def draw(client: AuthenticatedClient) -> None:
    """Greet, draw, and read the problem of an invalid count."""
    assert hello.sync(client=client, first_name="Ada") == "Hello, Ada!"
    drawn = lucky_numbers.sync_detailed(client=client, body=LuckyNumbersRequest("Ada", 3))
    assert len(expect(LuckyNumbers, drawn).numbers) == 3
    refused = lucky_numbers.sync_detailed(client=client, body=LuckyNumbersRequest("Ada", -1))
    errors = expect(InvalidRequest, refused, 422).errors
    assert errors
    assert errors[0].pointer == "/count"


def clap(client: AuthenticatedClient) -> None:
    """Clap once, though the request is sent twice."""
    slug, key = f"python-{uuid4()}", str(uuid4())
    for _ in range(2):
        body = Applause(slug, 3)
        expect(ClapCount, applaud.sync_detailed(client=client, body=body, idempotency_key=key))
    count = expect(ClapCount, get_claps.sync_detailed(client=client, slug=slug))
    assert (count.claps, count.viewer_clap_count) == (3, 3)


def change_items(client: AuthenticatedClient) -> Item:
    """Create, get, replace and list items, delete one, and return another."""
    created = create_item.sync_detailed(client=client, body=NewItem("Bell", "1.50"))
    bell = expect(Item, created, 201)
    etag = created.headers["etag"]
    assert created.headers["location"].endswith(bell.id)
    known = get_item.sync_detailed(bell.id, client=client, if_none_match=etag)
    assert known.status_code == 304
    drum = NewItem("Drum", "2", "A loud one")
    replaced = replace_item.sync_detailed(bell.id, client=client, body=drum, if_match=etag)
    assert expect(Item, replaced).version == 2
    stale = delete_item.sync_detailed(bell.id, client=client, if_match=etag)
    assert expect(Problem, stale, 412).type_.endswith("/problems/precondition-failed")
    deleted = delete_item.sync_detailed(bell.id, client=client)
    assert deleted.status_code == 204
    horn = NewItem("Horn", "3")
    other = create_item.sync_detailed(client=client, body=horn, idempotency_key=str(uuid4()))
    page = expect(ItemList, list_items.sync_detailed(client=client, limit=100))
    assert page.items
    return expect(Item, other, 201)


def order(client: AuthenticatedClient, item: Item) -> None:
    """Place an order, and get it until it is processed."""
    new = NewOrder("python", [Line(item.id, 2)])
    key = str(uuid4())
    response = place_order.sync_detailed(client=client, body=new, idempotency_key=key)
    placed = expect(Order, response, 201)
    assert (placed.order_total, placed.cart_product_status) == ("6.00", "PENDING")

    def is_processed() -> bool:
        found = expect(Order, get_order.sync_detailed(placed.order_id, client=client))
        return found.cart_product_status == "PROCESSED"

    wait_until(is_processed, lambda: f"order {placed.order_id} is not processed")


def look(client: AuthenticatedClient) -> None:
    """Get the pages, scripts and documents."""
    assert "<html" in str(get_page.sync(client=client))
    assert "color-scheme" in str(get_asset.sync("style.css", client=client))
    assert "Precondition" in str(get_problem_page.sync("precondition-failed", client=client))
    assert "<html" in str(get_docs.sync(client=client))
    document = expect(GetOpenapiResponse200, get_openapi.sync_detailed(client=client))
    assert document["openapi"].startswith("3.1")
    assert "customElements" in str(get_clap_button.sync(client=client))


def expect(kind: type[T], response: Response[Any], status: int = 200) -> T:
    """Return the body of a response, which must have this status, as the client has parsed it."""
    assert response.status_code == status, response.content
    assert isinstance(response.parsed, kind)
    return response.parsed


def main(url: str, api_key: str) -> None:
    """Make the round trip."""
    with AuthenticatedClient(
        base_url=url,
        token=api_key,
        prefix="",
        auth_header_name="x-api-key",
        raise_on_unexpected_status=True,
        httpx_args={"trust_env": False},
    ) as client:
        draw(client)
        clap(client)
        order(client, change_items(client))
        look(client)


if __name__ == "__main__":
    main(*sys.argv[1:])
