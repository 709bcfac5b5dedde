"""Certificates of servers on loopback: valid, expired, untrusted and self-signed."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import trustme

CA = trustme.CA()
UNTRUSTED_CA = trustme.CA()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def write_bundle(folder: Path) -> str:
    """Write CA's certificate, with some text around it, to a file; return its path."""
    path = folder / "bundle.pem"
    path.write_bytes(b"# The CA of these tests\n" + CA.cert_pem.bytes())
    return str(path)


def server_context(
    *names: str, ca: trustme.CA = CA, expired: bool = False, version: ssl.TLSVersion | None = None
) -> ssl.SSLContext:
    """Return a server's context, with a certificate for these names and addresses.

    `version` is the only version of TLS that it has.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names, not_after=LONG_AGO if expired else None).configure_cert(context)
    if version:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # Old versions need it.
        context.minimum_version = context.maximum_version = version
    return context


def self_signed_context(folder: Path) -> ssl.SSLContext:
    """Return a server's context, with a certificate that it has signed itself."""
    path = folder / "self-signed.pem"
    path.write_bytes(UNTRUSTED_CA.private_key_pem.bytes() + UNTRUSTED_CA.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
