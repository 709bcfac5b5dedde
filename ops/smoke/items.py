"""The checks of the items: one from its creation to its deletion, and the list."""

from collections.abc import Mapping

from ops.smoke.api import Response
from ops.smoke.report import differ
from ops.smoke.run import JSON, NO_STORE, UNKNOWN_ITEM, Smoke

ITEM = {"name": "Smoke test", "price": "1.50", "description": None}


def check_items(smoke: Smoke) -> str | None:
    """Check an item from its creation to its last version, and return its id."""
    smoke.cleanups.append(lambda: delete_items(smoke, paths))
    paths: list[str] = []

    def create(item: Mapping[str, object], *, has_key: bool = True) -> Response:
        headers = smoke.key("item")
        response = smoke.call("POST", "/items", item, has_key=has_key, headers=headers)
        if item_id := response.member("id"):
            paths.append(f"/items/{item_id}")
        return response

    smoke.expect("creating an item needs the key", create(ITEM, has_key=False), 403)

    invalid = create({"name": "", "price": "1.505"})
    smoke.expect("an invalid item is refused", invalid, 422, headers=NO_STORE)
    created = create(ITEM)
    first = {**ITEM, "version": 1}
    headers = {"etag": '"1"', **NO_STORE, **JSON}
    item_id = created.member("id")
    smoke.expect("an item is created", created, 201, headers=headers, members=first)
    if not item_id:
        return None
    path = f"/items/{item_id}"
    smoke.expect_location(created, "/items", path)
    replayed = {"id": item_id}
    smoke.expect("a replay creates nothing", create(ITEM), 201, members=replayed)
    smoke.expect("a key with another body is refused", create({**ITEM, "price": "2"}), 422)
    check_reading(smoke, path)
    check_writing(smoke, path)
    check_listing(smoke)
    return str(item_id)


def check_reading(smoke: Smoke, path: str) -> None:
    """Check GET and HEAD of an item of version 1, and their preconditions."""

    def get(method: str = "GET", **headers: str) -> Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return smoke.call(method, path, headers=names)

    etag = {"etag": '"1"'}
    smoke.expect("an item is read", get(), 200, headers=JSON | etag, members=ITEM)
    smoke.expect("HEAD responds", get("HEAD"), 200, headers=JSON | etag, text="")
    unchanged = get(if_none_match='"7", W/"1"')
    smoke.expect("an unchanged item is not sent", unchanged, 304, headers=etag, text="")
    smoke.expect("a stale If-Match is refused", get(if_match='"7"'), 412)
    smoke.expect("an invalid If-Match is refused", get(if_match="1"), 400)
    smoke.expect("an unknown item is refused", smoke.call("GET", f"/items/{UNKNOWN_ITEM}"), 404)
    smoke.expect("an invalid id is refused", smoke.call("GET", "/items/1"), 404)


def check_writing(smoke: Smoke, path: str) -> None:
    """Check PUT and DELETE of an item of version 1. It stays, as version 2."""

    def write(method: str, **headers: str) -> Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        body = ITEM if method == "PUT" else None
        return smoke.call(method, path, body, has_key=True, headers=names)

    keyless = smoke.call("PUT", path, ITEM, headers={"if-match": '"1"'})
    smoke.expect("replacing an item needs the key", keyless, 403)
    smoke.expect("deleting an item needs the key", smoke.call("DELETE", path), 403)
    smoke.expect("replacing needs If-Match", write("PUT"), 428, headers=NO_STORE)
    replaced = write("PUT", if_match='"1",')
    headers = {"etag": '"2"', **NO_STORE, **JSON}
    smoke.expect("an item is replaced", replaced, 200, headers=headers, members={"version": 2})
    smoke.expect("a stale version is not replaced", write("PUT", if_match='"1"'), 412)
    smoke.expect("a stale version is not deleted", write("DELETE", if_match='"1"'), 412)
    smoke.expect("nor is one that If-None-Match has", write("DELETE", if_none_match="*"), 412)


def check_listing(smoke: Smoke) -> None:
    """Check a page of the items, and what it refuses."""

    def get_page(**query: str) -> Response:
        return smoke.call("GET", "/items", query=query)

    page = get_page(limit="1")
    smoke.expect("items are listed", page, 200, headers=JSON)
    items = page.member("items")
    count = len(items) if isinstance(items, list) else None
    smoke.report.note("a page has as many as asked for", list(differ("items", 1, count)))
    if cursor := page.member("cursor"):
        smoke.expect("its cursor is taken", get_page(limit="1", cursor=cursor), 200)
    smoke.expect("HEAD responds", smoke.call("HEAD", "/items", query={"limit": "1"}), 200, text="")
    smoke.expect("an invalid cursor is refused", get_page(cursor="nonesuch"), 400)
    smoke.expect("an invalid limit is refused", get_page(limit="0"), 400)


def delete_items(smoke: Smoke, paths: list[str]) -> None:
    """Delete what was created: one item, unless a check has failed."""
    for path in dict.fromkeys(paths):
        deleted = smoke.call("DELETE", path, has_key=True)
        smoke.expect("an item is deleted", deleted, 204, headers=NO_STORE, text="")
        again = smoke.call("DELETE", path, has_key=True)
        smoke.expect("a deleted item is refused", again, 404, headers=NO_STORE)
