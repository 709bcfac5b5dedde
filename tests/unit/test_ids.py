"""Ids and cursors are those that `uuid` and `base64` make, which take long to import."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from items.cursor import InvalidCursorError, make_cursor, read_cursor
from items.ids import make_id
from orders.ids import make_order_id

TIMES = st.floats(0, 2**48 / 1000 - 1)
SECRET = b"secret"


@given(now=TIMES, random=st.binary(min_size=10, max_size=10))
def test_the_id_of_an_item_is_a_uuid_of_version_7_with_its_time(now: float, random: bytes) -> None:
    made = UUID(make_id(now, lambda _count: random))
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(now * 1000)
    random_bits = made.int >> 64 & 0xFFF, made.int & 2**62 - 1
    assert random_bits == divmod(int.from_bytes(random) >> 6, 2**62)
    assert str(made) == make_id(now, lambda _count: random)


@given(user_id=st.text(), key=st.text())
def test_the_id_of_an_order_is_a_uuid_of_version_5_of_a_keyed_hash(user_id: str, key: str) -> None:
    namespace = UUID("9a0b5e0c-52f2-4c5b-8d51-3e0f5f0c7a11")
    name = hmac.digest(SECRET, f"order\0{user_id}\0{key}".encode(), "sha256")
    digest = hashlib.sha1(namespace.bytes + name).digest()
    expected = UUID(bytes=digest[:16], version=5)
    assert make_order_id(user_id, key, SECRET) == str(expected)


def test_who_does_not_have_the_secret_cannot_compute_the_id_of_an_order() -> None:
    ids = {make_order_id("ada", "1", secret) for secret in (b"", b"secret", b"another")}
    assert len(ids) == 3


@given(item=st.uuids())
def test_a_cursor_is_the_signed_id_in_base64_for_urls(item: UUID) -> None:
    tag = hmac.digest(SECRET, b"cursor\0" + item.bytes, "sha256")[:16]
    cursor = make_cursor(str(item), SECRET)
    assert cursor == urlsafe_b64encode(item.bytes + tag).decode().rstrip("=")
    assert read_cursor(cursor, SECRET) == str(item)


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n"


@given(item=st.uuids(), place=st.integers(0, 42), other=st.sampled_from(ALPHABET), text=st.text())
def test_no_other_text_is_a_cursor(item: UUID, place: int, other: str, text: str) -> None:
    cursor = make_cursor(str(item), SECRET)
    changed = cursor[:place] + other + cursor[place + 1 :]
    for each in (changed, cursor + other, cursor[:place], text, "\ud800", "é"):
        if each != cursor:
            with pytest.raises(InvalidCursorError):
                read_cursor(each, SECRET)
