"""Cursors: an item's id, which nobody else can read out of one or put into one.

The id is encrypted and authenticated by one secret, as RFC 5297 has it for a synthetic IV, with
HMAC-SHA-256 in the place of AES: the tag is a hash of the id, and a hash of the tag hides the id.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

TAG_BYTES = ID_BYTES = 16


class ForgedCursorError(ValueError):
    """Raised when a cursor is none that was given out."""


def make_cursor(item_id: str, secret: bytes) -> str:
    """Return the cursor of an id: 43 characters that a URL takes as they are."""
    plain = UUID(item_id).bytes
    tag = _hash(secret, b"tag", plain)
    return urlsafe_b64encode(tag + _hide(plain, tag, secret)).rstrip(b"=").decode()


def read_cursor(cursor: str, secret: bytes) -> str:
    """Return the id that a cursor was made of.

    Raises:
        ForgedCursorError: it was not made with that secret.
    """
    try:
        sealed = urlsafe_b64decode(f"{cursor}=")
        tag, hidden = sealed[:TAG_BYTES], sealed[TAG_BYTES:]
        item_id = str(UUID(bytes=_hide(hidden, tag, secret)))
    except ValueError:
        raise ForgedCursorError from None
    # Made anew rather than looked at: base64 has more than one way to write some bytes.
    if not hmac.compare_digest(make_cursor(item_id, secret).encode(), cursor.encode()):
        raise ForgedCursorError
    return item_id


def _hide(text: bytes, tag: bytes, secret: bytes) -> bytes:
    """Return the text hidden, or shown where it was hidden."""
    if len(text) != ID_BYTES:
        raise ForgedCursorError
    mask = _hash(secret, b"mask", tag)
    return bytes(a ^ b for a, b in zip(text, mask, strict=True))


def _hash(secret: bytes, purpose: bytes, text: bytes) -> bytes:
    return hmac.digest(secret, b"cursor\0" + purpose + b"\0" + text, "sha256")[:TAG_BYTES]
