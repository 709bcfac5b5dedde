"""A connection that is kept alive, and replaced when the other side has closed it.

https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import _socket
import time
from typing import TYPE_CHECKING

from aws.response import Response, read_response
from aws.tls import Socket, make_tls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws.endpoint import Endpoint
    from aws.tls import TlsBelowSsl, TlsBySsl, TlsStream

# A connection that was idle for longer is replaced. While Lambda freezes the process, the server or
# a router may have dropped it without a word.
IDLE_MAX_S = 20
RECEIVE_BYTES = 64 * 1024


class Connection:
    """A connection to an endpoint, for one request at a time. Deadlines are of `time.monotonic`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._stream: Socket | TlsStream | None = None
        self._endpoint = endpoint
        self._tls = make_tls() if endpoint.is_tls else None
        self._used_at = (0.0, 0.0)

    def open(self, deadline: float) -> None:
        """Connect, unless there is a connection that can be used.

        The system's resolver of names, which may be called, has limits of its own.

        Raises:
            OSError: that failed, or took until `deadline`. Nothing has been sent.
        """
        if self._stream and not self._is_usable(self._stream):
            self.close()
        if not self._stream:
            self._stream = _connect(self._endpoint, self._tls, deadline)
            self._used_at = _clocks()

    def exchange(
        self, method: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Response:
        """Send a request over the open connection; return the response.

        Raises:
            OSError: no valid response came until `deadline`. The server may have done what the
                request asked for.
        """
        stream = self._stream
        if not stream:
            raise ConnectionError("the connection is not open")
        lines = [f"{method} {self._endpoint.path} HTTP/1.1\r\n"]
        lines += [f"{name}: {value}\r\n" for name, value in headers.items()]
        lines.append(f"content-length: {len(body)}\r\n\r\n")
        try:
            _send("".join(lines).encode("latin-1") + body, stream, deadline)
            response = read_response(lambda: _receive(stream, deadline))
        except BaseException:
            # A response that comes later must not be taken for that of another request.
            self.close()
            raise
        self._used_at = _clocks()
        if response.is_last:
            self.close()
        return response

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._stream:
            self._stream.close()
        self._stream = None

    def _is_usable(self, stream: Socket | TlsStream) -> bool:
        idle_s = max(now - used for now, used in zip(_clocks(), self._used_at, strict=True))
        if idle_s > IDLE_MAX_S:
            return False
        stream.settimeout(0)
        try:
            # TLS handles its own messages, such as session tickets, without returning bytes.
            stream.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False  # It is closed or broken, or a response came without a request.


def _connect(
    endpoint: Endpoint, tls: TlsBelowSsl | TlsBySsl | None, deadline: float
) -> Socket | TlsStream:
    """Connect to one of the host's addresses, each of which gets a share of the time."""
    # As bytes: for a str, Python would load the codec of international names.
    host = endpoint.host.encode()
    addresses = _socket.getaddrinfo(host, endpoint.port, 0, _socket.SOCK_STREAM)
    failure = OSError("the host has no address")
    for place, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = Socket(family, kind, protocol)
        try:
            sock.settimeout(_left_s(deadline) / (len(addresses) - place))
            sock.connect(address)
            sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_KEEPALIVE, 1)
            sock.settimeout(_left_s(deadline))
            return tls.wrap(sock, endpoint.host) if tls else sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure


def _send(data: bytes, stream: Socket | TlsStream, deadline: float) -> None:
    unsent = memoryview(data)
    while unsent:
        stream.settimeout(_left_s(deadline))
        unsent = unsent[stream.send(unsent) :]


def _receive(stream: Socket | TlsStream, deadline: float) -> bytes:
    stream.settimeout(_left_s(deadline))
    return stream.recv(RECEIVE_BYTES)


def _left_s(deadline: float) -> float:
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("timed out")
    return left_s


def _clocks() -> tuple[float, float]:
    # Either clock may stop or jump while Lambda freezes the process.
    return time.monotonic(), time.time()
