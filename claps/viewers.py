"""Viewers are identified by IP address: one of IPv4, or of IPv6 the network of a subscriber."""

from __future__ import annotations

import _socket  # `ipaddress` takes 3 ms to import. The client of AWS has loaded this.
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

IPV4_MAPPED = bytes(10) + b"\xff\xff"  # The first bytes of ::ffff:192.0.2.1.
NETWORK_BYTES = 8  # Whoever has IPv6 has a /64 at least: https://www.rfc-editor.org/rfc/rfc6177
HAS_PORT = "cloudfront-viewer-address"  # Its value is such as 192.0.2.1:50000.


def find_viewer(source_ip: str, headers: Mapping[str, list[str]], trusted_header: str) -> str:
    """Return the viewer who sent a request.

    `source_ip` is the address that the request came from. `trusted_header` is empty, or the header
    in which one's own proxy says from which address it got the request. Names of headers are in
    lower case.
    """
    address = (headers.get(trusted_header) or [source_ip])[-1]
    if trusted_header == HAS_PORT and trusted_header in headers:
        address = address.rpartition(":")[0]
    return _identify(address or source_ip)


def _identify(address: str) -> str:
    """Return the identifier of an address's viewer. What is no address is returned as is.

    >>> _identify("2001:db8:0:1::7")
    "2001:db8:0:1::/64"
    """
    plain = address.removeprefix("[").removesuffix("]").partition("%")[0]  # Without a scope id.
    try:
        packed = _socket.inet_pton(_socket.AF_INET6, plain)
    except (OSError, ValueError):
        return address
    if packed.startswith(IPV4_MAPPED):
        return _socket.inet_ntop(_socket.AF_INET, packed[-4:])
    network = packed[:NETWORK_BYTES].ljust(len(packed), b"\0")
    return f"{_socket.inet_ntop(_socket.AF_INET6, network)}/64"
