"""Cursors: the id of a page's last item, signed so that only ids that we gave out are accepted."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

ID_BYTES = TAG_BYTES = 16


class InvalidCursorError(ValueError):
    """Raised when a cursor was not made with the secret."""


def make_cursor(item_id: str, secret: bytes) -> str:
    """Return the cursor for an id: 43 characters that need no escaping in a URL."""
    plain = UUID(item_id).bytes
    tag = hmac.digest(secret, b"cursor\0" + plain, "sha256")[:TAG_BYTES]
    return urlsafe_b64encode(plain + tag).rstrip(b"=").decode()


def read_cursor(cursor: str, secret: bytes) -> str:
    """Return the id that a cursor was made from.

    Raises:
        InvalidCursorError: it was not made with this secret.
    """
    try:
        item_id = str(UUID(bytes=urlsafe_b64decode(f"{cursor}=")[:ID_BYTES]))
    except ValueError:
        raise InvalidCursorError from None
    # The whole text is compared: base64 can write the same bytes in more than one way.
    if not hmac.compare_digest(make_cursor(item_id, secret).encode(), cursor.encode()):
        raise InvalidCursorError
    return item_id
