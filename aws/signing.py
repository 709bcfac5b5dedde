"""Signature Version 4, for requests `POST /` without a query.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from invocation.digests import hmac_sha256, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws.credentials import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"  # Of `time.strftime`, in UTC.


def sign(  # noqa: PLR0913
    headers: Mapping[str, str],
    body: bytes,
    credentials: Credentials,
    *,
    service: str,
    region: str,
    time: str,
) -> dict[str, str]:
    """Return the headers of a request, and those that sign all of them and the body.

    Names of headers are in lower case; `host` must be among them. `time` is in TIME_FORMAT.
    """
    signed = {**headers, "x-amz-date": time}
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token
    names = ";".join(sorted(signed))
    lines = [f"{name}:{' '.join(signed[name].split())}\n" for name in sorted(signed)]
    canonical = f"POST\n/\n\n{''.join(lines)}\n{names}\n{sha256(body).hex()}"
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    to_sign = f"{ALGORITHM}\n{time}\n{scope}\n{sha256(canonical.encode()).hex()}"
    key = f"AWS4{credentials.secret_key}".encode()
    for part in [*scope.split("/"), to_sign]:
        key = hmac_sha256(key, part.encode())
    return {
        **signed,
        "authorization": f"{ALGORITHM} Credential={credentials.access_key}/{scope},"
        f" SignedHeaders={names}, Signature={key.hex()}",
    }
