"""TLS with a verified certificate and host name, set up as `ssl.create_default_context` does it.

The package `ssl` takes longer to import than a handshake takes; most of that is for its constants.
`_ssl`, the C module below it, has the same context, checks and handshake.
"""

from __future__ import annotations

import _socket  # `socket` takes longer to import than a request takes.
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from typing import Any

# `_ssl` is private to CPython. On these versions, a test holds it to what `ssl` does; others use
# `ssl`.
TESTED_VERSIONS = {(3, 13)}


class Socket(_socket.socket):
    """A socket that is closed when nobody refers to it any more, without a warning.

    Unlike its base class, it can have weak references, which `_ssl` needs.
    """

    def __del__(self) -> None:
        self.close()


class TlsStream:
    """An encrypted stream over a connected socket, with the methods of a socket.

    `tls` has `read` and `write`.
    """

    def __init__(self, sock: Socket | ssl.SSLSocket, tls: Any, wants_read: type[OSError]) -> None:
        self._tls = tls
        self._wants_read = wants_read
        self.settimeout = sock.settimeout
        self.close = sock.close

    def __del__(self) -> None:
        self.close()

    def send(self, data: bytes | memoryview) -> int:
        """Send some bytes, and return how many."""
        sent: int = self._tls.write(data)
        return sent

    def recv(self, size: int) -> bytes:
        """Return up to `size` bytes, or none at the end of the stream.

        Raises:
            BlockingIOError: there are none, and the timeout is 0.
            OSError: the stream is broken.
        """
        try:
            data: bytes = self._tls.read(size)
        except self._wants_read:
            raise BlockingIOError from None
        return data


class TlsBelowSsl:
    """TLS by `_ssl`."""

    def __init__(self, *, cafile: str | None = None, cadata: str | None = None) -> None:
        import _ssl  # noqa: PLC0415 (only functions that use TLS load it)

        # Also for clients of `ssl`, C code sets the ciphers, the versions and most options.
        context: Any = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)  # noqa: SLF001
        context.verify_flags |= _ssl.VERIFY_X509_PARTIAL_CHAIN | _ssl.VERIFY_X509_STRICT
        context.load_verify_locations(cafile, None, cadata)
        self._context = context
        self._wants_read = _ssl.SSLWantReadError

    def wrap(self, sock: Socket, host: str) -> TlsStream:
        """Do the handshake within the socket's timeout.

        Raises:
            OSError: it failed, or the certificate is not that of a trusted host of this name.
        """
        tls = self._context._wrap_socket(sock, False, server_hostname=host)  # noqa: FBT003, SLF001
        tls.do_handshake()
        return TlsStream(sock, tls, self._wants_read)


class TlsBySsl:
    """The same by `ssl`."""

    def __init__(self, *, cafile: str | None = None, cadata: str | None = None) -> None:
        import ssl  # noqa: PLC0415 (only functions that use TLS load it)

        self._context = ssl.create_default_context(cafile=cafile, cadata=cadata)
        self._wants_read = ssl.SSLWantReadError

    def wrap(self, sock: Socket, host: str) -> TlsStream:
        """Do the handshake within the socket's timeout. Raises as `TlsBelowSsl`."""
        import socket  # noqa: PLC0415 (`ssl` has loaded it)

        timeout_s = sock.gettimeout()
        owner = socket.socket(fileno=sock.detach())
        owner.settimeout(timeout_s)
        tls = self._context.wrap_socket(owner, server_hostname=host)
        return TlsStream(tls, tls, self._wants_read)


def make_tls() -> TlsBelowSsl | TlsBySsl:
    """Return a client that trusts the certificates of AWS_CA_BUNDLE, or else Amazon's.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html

    Raises:
        ValueError: the file of AWS_CA_BUNDLE cannot be read, or contains no certificates.
    """
    tls = TlsBelowSsl if sys.version_info[:2] in TESTED_VERSIONS else TlsBySsl
    if path := os.environ.get("AWS_CA_BUNDLE"):
        try:
            return tls(cafile=path)
        except OSError as error:
            raise ValueError(f"AWS_CA_BUNDLE: {path!r}: {error}") from error
    from aws.root_certificates import ROOT_CERTIFICATES  # noqa: PLC0415 (nothing else needs them)

    return tls(cadata=ROOT_CERTIFICATES)
