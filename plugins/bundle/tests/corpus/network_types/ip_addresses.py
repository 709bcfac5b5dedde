"""IPv4 and IPv6 addresses, networks and interfaces; `IPvAnyAddress`."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address

from pydantic import BaseModel, IPvAnyAddress, IPvAnyNetwork


class Host(BaseModel):
    four: IPv4Address = IPv4Address("127.0.0.1")
    six: IPv6Address | None = None
    network: IPv4Network | None = None
    interface: IPv4Interface | None = None


class AnyHost(BaseModel):
    address: IPvAnyAddress
    network: IPvAnyNetwork | None = None


def example_hosts():
    return (
        Host(four="10.0.0.1", network="10.0.0.0/8"),
        AnyHost(address="::1"),
        AnyHost(address="x", network=3),
    )
