"""What pydantic's versions differ in depends on the version that was packaged."""

from compiled_pydantic.version import VERSION

SHORT_VERSION = ".".join(VERSION.split(".")[:2])  # In the addresses of documentation.
PACKAGED = tuple(map(int, SHORT_VERSION.split(".")))


def is_since(major, minor):
    """Whether the packaged pydantic is this version or a later one."""
    return (major, minor) <= PACKAGED
