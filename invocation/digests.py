"""SHA-256 and HMAC (RFC 2104), without `hashlib` and `hmac`: importing these loads OpenSSL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

# `_sha2` and `_sha1`, CPython's own code below `hashlib`, are private. On these versions, tests
# hold them to `hashlib` and `hmac`; others use those, whose import takes 3 ms.
TESTED_VERSIONS = {(3, 13)}
BLOCK_BYTES = 64
TO_INNER, TO_OUTER = (bytes(byte ^ mask for byte in range(256)) for mask in (0x36, 0x5C))

if sys.version_info[:2] in TESTED_VERSIONS:
    import _operator
    import _sha1  # type: ignore[import-not-found]

    import _sha2  # type: ignore[import-not-found]

    new_sha1: Any = _sha1.sha1
    new_sha256: Any = _sha2.sha256
    compare: Any = _operator._compare_digest  # noqa: SLF001
else:
    import hashlib
    import hmac

    new_sha1, new_sha256, compare = hashlib.sha1, hashlib.sha256, hmac.compare_digest


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 digest of some bytes."""
    digest: bytes = new_sha256(data).digest()
    return digest


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """Return the HMAC of some bytes, with SHA-256. Compare one by `are_equal` only."""
    block = (sha256(key) if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
    return sha256(block.translate(TO_OUTER) + sha256(block.translate(TO_INNER) + data))


def sha1(data: bytes) -> bytes:
    """Return the SHA-1 digest of some bytes. It keeps no secrets."""
    digest: bytes = new_sha1(data, usedforsecurity=False).digest()
    return digest


def are_equal(one: bytes, other: bytes) -> bool:
    """Whether two digests are equal. How long that takes does not say where they differ."""
    return bool(compare(one, other))
