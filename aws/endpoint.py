"""Where AWS's services are reached.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

from __future__ import annotations

import os

# The domains of each partition, by how the names of its regions begin: the usual one, and the one
# that has IPv6 addresses, too.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
DOMAINS = {
    "cn-": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "eusc-": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "eu-isoe-": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "us-iso-": ("c2s.ic.gov", "api.aws.ic.gov"),
    "us-isob-": ("sc2s.sgov.gov", "api.aws.scloud"),
    "us-isof-": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    "": ("amazonaws.com", "api.aws"),
}
GOVCLOUD = "us-gov-"  # Its usual endpoints are FIPS endpoints.
PORTS = {"http": 80, "https": 443}
PORT_MAX = 65535
HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:"


class Endpoint:
    """A server, and the path of requests to it.

    `authority` is the host, with the port if the URL has one, as the header `host` has it.
    """

    __slots__ = ("authority", "host", "is_tls", "path", "port")

    def __init__(self, url: str) -> None:
        """Parse a URL such as "https://sqs.us-east-1.amazonaws.com" or "http://[::1]:8000".

        Raises:
            ValueError: it is not one.
        """
        scheme, _, rest = url.partition("://")
        self.authority, slash, path = rest.partition("/")
        self.path = slash + path or "/"
        if self.authority.startswith("["):
            host, _, port = self.authority[1:].partition("]:")
            self.host = host.removesuffix("]")
        else:
            self.host, _, port = self.authority.partition(":")
        port = port or str(PORTS.get(scheme))
        if (
            not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= PORT_MAX)
            or not self.host
            or self.host.strip(HOST_CHARACTERS)
            or not (path.isascii() and path.isprintable() and " " not in path)
        ):
            raise ValueError(f"{url!r} is not a URL such as http://127.0.0.1:8000")
        self.port, self.is_tls = int(port), scheme == "https"


def find_endpoint(service: str, region: str) -> Endpoint:
    """Return the endpoint of a service, such as "dynamodb", in a region.

    The variables AWS_ENDPOINT_URL_DYNAMODB (of each service) and AWS_ENDPOINT_URL name another one,
    unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is "true". AWS_USE_DUALSTACK_ENDPOINT and
    AWS_USE_FIPS_ENDPOINT choose among AWS's own.

    Raises:
        ValueError: the region or a variable is invalid.
    """
    is_dualstack = _is_true("AWS_USE_DUALSTACK_ENDPOINT")
    is_fips = _is_true("AWS_USE_FIPS_ENDPOINT")
    for variable in (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL"):
        url = os.environ.get(variable)
        if url and not _is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
            if is_dualstack or is_fips:
                raise ValueError(
                    f"{variable} cannot be combined with AWS_USE_DUALSTACK_ENDPOINT or"
                    " AWS_USE_FIPS_ENDPOINT. Unset one of them."
                )
            return _configured(variable, url)
    return Endpoint(f"https://{_find_host(service, region, is_dualstack, is_fips)}")


def find_region() -> str:
    """Return the region of AWS_REGION, which Lambda sets.

    Raises:
        ValueError: it is missing or invalid.
    """
    region = os.environ.get("AWS_REGION", "")
    if not (region.isascii() and region.replace("-", "").isalnum()):
        raise ValueError(f"AWS_REGION is {region!r}. Set it to a region such as us-east-1.")
    return region


def _configured(variable: str, url: str) -> Endpoint:
    try:
        endpoint = Endpoint(url)
    except ValueError as error:
        raise ValueError(f"{variable}: {error}") from None
    if endpoint.path != "/":
        raise ValueError(f"{variable}: {url!r} must have no path")
    return endpoint


def _find_host(service: str, region: str, is_dualstack: bool, is_fips: bool) -> str:  # noqa: FBT001
    """Return a name as the rules of AWS's SDKs have it, which this service's tests compare."""
    usual, dualstack = next(
        domains for start, domains in DOMAINS.items() if region.startswith(start)
    )
    if is_fips and (is_dualstack or not region.startswith(GOVCLOUD)):
        service = f"{service}-fips"
    return f"{service}.{region}.{dualstack if is_dualstack else usual}"


def _is_true(variable: str) -> bool:
    return os.environ.get(variable, "").lower() == "true"
