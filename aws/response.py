"""Responses of HTTP/1.1, read from a stream.

https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_MAX_BYTES = 32 * 1024
BODY_MAX_BYTES = 16 * 1024 * 1024  # A response of DynamoDB has up to 1 MB, of BatchGetItem 16 MB.
HEXADECIMAL = b"0123456789ABCDEFabcdef"
DIGITS_MAX = 8


class MalformedResponseError(ConnectionError):
    """Raised when a response is truncated, too large or not HTTP. No other can follow it."""


class Response:
    """A response. Names of headers are in lower case; repeated headers are joined by commas.

    `is_last` is true when the server closes the connection after it.
    """

    __slots__ = ("body", "headers", "is_last", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes, *, is_last: bool) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.is_last = is_last


def read_response(receive: Callable[[], bytes]) -> Response:
    """Read a response; `receive` returns the stream's next bytes, or none at its end.

    Raises:
        MalformedResponseError: it is truncated, too large or not HTTP.
    """
    incoming = _Incoming(receive)
    status = 100
    while status < 200:  # noqa: PLR2004 (interim responses, which have no body)
        version, status, headers = _parse_head(incoming.until(b"\r\n\r\n", HEAD_MAX_BYTES))
    body = _read_body(incoming, headers)
    options = headers.get("connection", "").lower().replace(" ", "").split(",")
    is_last = version != b"HTTP/1.1" or "close" in options or incoming.has_more()
    return Response(status, headers, body, is_last=is_last)


def _parse_head(head: bytes) -> tuple[bytes, int, dict[str, str]]:
    """Return the version, the status and the headers."""
    first, *lines = head.split(b"\r\n")
    version, _, rest = first.partition(b" ")
    status = rest.partition(b" ")[0]
    if version not in (b"HTTP/1.1", b"HTTP/1.0") or not status.isdigit() or len(status) != 3:  # noqa: PLR2004
        raise MalformedResponseError("the status line is not HTTP")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name.split() != [name] or b"\n" in value or b"\r" in value:
            raise MalformedResponseError("a header line is malformed")
        key, text = name.decode("latin-1").lower(), value.strip(b" \t").decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return version, int(status), headers


def _read_body(incoming: _Incoming, headers: dict[str, str]) -> bytes:
    coding, length = headers.get("transfer-encoding"), headers.get("content-length", "")
    if coding is not None:
        # With a length, too, the response may be an attack: RFC 9112, section 6.3.
        if coding.lower() != "chunked" or length:
            raise MalformedResponseError("the transfer coding is unknown, or beside a length")
        return _read_chunks(incoming)
    # Without a length, the body would end with the connection: truncation would go unnoticed.
    if not (length.isascii() and length.isdigit() and len(length) <= DIGITS_MAX):
        raise MalformedResponseError("the length is missing or malformed")
    return incoming.take(int(length), BODY_MAX_BYTES)


def _read_chunks(incoming: _Incoming) -> bytes:
    chunks: list[bytes] = []
    left_bytes = BODY_MAX_BYTES
    while True:
        digits = incoming.until(b"\r\n", HEAD_MAX_BYTES).partition(b";")[0].strip(b" \t")
        if not digits or digits.strip(HEXADECIMAL) or len(digits) > DIGITS_MAX:
            raise MalformedResponseError("the size of a chunk is malformed")
        size = int(digits, 16)
        if not size:
            break
        chunks.append(incoming.take(size, left_bytes))
        left_bytes -= size
        if incoming.take(2, 2) != b"\r\n":
            raise MalformedResponseError("a chunk is longer than its size")
    trailer_bytes = HEAD_MAX_BYTES
    while line := incoming.until(b"\r\n", trailer_bytes):
        trailer_bytes -= len(line)
    return b"".join(chunks)


class _Incoming:
    """The bytes of a stream, in order."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive = receive
        self._buffer = bytearray()

    def until(self, end: bytes, limit_bytes: int) -> bytes:
        """Take the bytes before `end`, and drop that."""
        while (place := self._buffer.find(end)) < 0 and len(self._buffer) <= limit_bytes:
            self._read_more()
        if not 0 <= place <= limit_bytes:
            raise MalformedResponseError("the head or a chunk's size is too large")
        return self._take(place + len(end))[:place]

    def take(self, size_bytes: int, limit_bytes: int) -> bytes:
        """Take so many bytes."""
        if size_bytes > limit_bytes:
            raise MalformedResponseError("the body is too large")
        while len(self._buffer) < size_bytes:
            self._read_more()
        return self._take(size_bytes)

    def has_more(self) -> bool:
        """Whether bytes were received that nobody has taken."""
        return bool(self._buffer)

    def _take(self, size_bytes: int) -> bytes:
        taken = bytes(self._buffer[:size_bytes])
        del self._buffer[:size_bytes]
        return taken

    def _read_more(self) -> None:
        data = self._receive()
        if not data:
            raise MalformedResponseError("the server closed the connection before the end")
        self._buffer += data
