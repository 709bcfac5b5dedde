"""Which requests are of the same viewer."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claps.viewers import find_viewer

FORGED = {name: ["192.0.2.9"] for name in ("x-forwarded-for", "x-real-ip")}


def viewer(address: str) -> str:
    """Return the viewer at an address."""
    return find_viewer(address, {}, "")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_a_viewer_also_as_ipv6(address: IPv4Address) -> None:
    assert viewer(str(address)) == viewer(f"::ffff:{address}") == str(address)
    assert viewer(f"::ffff:{address}%eth0") == viewer(f"[::FFFF:{address}]") == str(address)


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_a_network_of_64_bits_is_a_viewer(address: IPv6Address, interface: int) -> None:
    if not address.ipv4_mapped:
        neighbour = IPv6Address(int(address) >> 64 << 64 | interface)
        network = IPv6Network((int(address) >> 64 << 64, 64))
        spellings = {str(address), address.exploded, address.exploded.upper(), f"{address}%1"}
        if not neighbour.ipv4_mapped:
            spellings.add(str(neighbour))
        assert {viewer(each) for each in spellings} == {viewer(str(network[0]))}
        assert viewer(str(address)).removesuffix("/64") == str(network[0])


@given(st.ip_addresses(v=6), st.integers(64, 127))
def test_another_network_is_another_viewer(address: IPv6Address, bit: int) -> None:
    other = IPv6Address(int(address) ^ 1 << bit)
    assert viewer(str(address)) != viewer(str(other))


@given(st.text())
def test_what_is_no_address_identifies_itself(text: str) -> None:
    try:
        IPv6Address(text.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        assert viewer(text) == text


def test_no_header_makes_a_viewer_without_a_setting() -> None:
    assert find_viewer("192.0.2.1", FORGED, "") == "192.0.2.1"


@pytest.mark.parametrize(
    ("trusted", "value", "expected"),
    [
        ("true-client-ip", "198.51.100.7", "198.51.100.7"),
        ("true-client-ip", "2001:db8::7", "2001:db8::/64"),
        ("cloudfront-viewer-address", "198.51.100.7:50000", "198.51.100.7"),
        ("cloudfront-viewer-address", "2001:db8::1:7:50000", "2001:db8::/64"),
        ("cloudfront-viewer-address", "[2001:db8::7]:50000", "2001:db8::/64"),
        ("cloudfront-viewer-address", "", "192.0.2.1"),
    ],
)
def test_the_trusted_header_makes_the_viewer(trusted: str, value: str, expected: str) -> None:
    assert find_viewer("192.0.2.1", {trusted: [value]}, trusted) == expected


def test_without_the_trusted_header_the_source_is_the_viewer() -> None:
    assert find_viewer("192.0.2.1", FORGED, "true-client-ip") == "192.0.2.1"
