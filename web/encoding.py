"""Content codings: whether a caller takes gzip, and what to send (RFC 9110, 8.4 and 12.5.3)."""

from __future__ import annotations

WINDOW_BITS = 16 + 15  # For zlib: the container of gzip, and the largest window.


def prefers_gzip(accept_encoding: str) -> bool:
    """Whether a header Accept-Encoding prefers gzip to no coding at all.

    >>> prefers_gzip("gzip, br"), prefers_gzip("gzip;q=0, *"), prefers_gzip("")
    (True, False, False)
    """
    weights = dict(map(_read_weight, accept_encoding.lower().split(",")))
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _read_weight(element: str) -> tuple[str, float]:
    """Return the coding of a list's element, and its weight: 0 is "not acceptable"."""
    coding, _, parameter = element.partition(";")
    name, _, value = parameter.partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return coding.strip(), weight


def compress(data: bytes) -> bytes:
    """Return the data in gzip: always the same for the same data, so that its ETag is too."""
    import zlib  # noqa: PLC0415 (the import takes time that a call without compression can save)

    compressor = zlib.compressobj(wbits=WINDOW_BITS)
    return compressor.compress(data) + compressor.flush()
