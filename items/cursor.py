"""Cursors: the id of a page's last item, signed so that only ids that we gave out are accepted."""

from binascii import a2b_base64, b2a_base64

from invocation.digests import are_equal, hmac_sha256
from items.ids import format_id

ID_BYTES = TAG_BYTES = 16
# base64's two alphabets, the one for URLs second: https://www.rfc-editor.org/rfc/rfc4648#section-5
STANDARD, FOR_URLS = "+/", "-_"
TO_URLS, FROM_URLS = str.maketrans(STANDARD, FOR_URLS), str.maketrans(FOR_URLS, STANDARD)


class InvalidCursorError(ValueError):
    """Raised when a cursor was not made with the secret."""


def make_cursor(item_id: str, secret: bytes) -> str:
    """Return the cursor for an id: 43 characters that need no escaping in a URL."""
    plain = bytes.fromhex(item_id.replace("-", ""))
    tag = hmac_sha256(secret, b"cursor\0" + plain)[:TAG_BYTES]
    return b2a_base64(plain + tag, newline=False).decode().rstrip("=").translate(TO_URLS)


def read_cursor(cursor: str, secret: bytes) -> str:
    """Return the id that a cursor was made from.

    Raises:
        InvalidCursorError: it was not made with this secret.
    """
    try:
        decoded = a2b_base64(f"{cursor.translate(FROM_URLS)}=")
    except ValueError:
        raise InvalidCursorError from None
    item_id = format_id(int.from_bytes(decoded[:ID_BYTES]))
    # The whole text is compared: base64 can write the same bytes in more than one way.
    if not are_equal(make_cursor(item_id, secret).encode(), cursor.encode()):
        raise InvalidCursorError
    return item_id
