"""pydantic's warnings."""

from compiled_pydantic.since import SHORT_VERSION

MIGRATION_GUIDE = f"https://errors.pydantic.dev/{SHORT_VERSION}/migration/"


class PydanticDeprecationWarning(DeprecationWarning):
    """A deprecation since, and until the removal in, a `(major, minor)` version of pydantic."""

    def __init__(self, message, *arguments, since, expected_removal=None):
        super().__init__(message, *arguments)
        self.message = message.rstrip(".")
        self.since = since
        self.expected_removal = expected_removal or (since[0] + 1, 0)

    def __str__(self):
        since, removal = (".".join(map(str, each)) for each in (self.since, self.expected_removal))
        text = f"{self.message}. Deprecated in Pydantic V{since} to be removed in V{removal}."
        if self.since == (2, 0):
            text += f" See Pydantic V2 Migration Guide at {MIGRATION_GUIDE}"
        return text


def _since(major, minor):
    """Return the class of warnings about what is deprecated since a version of pydantic."""

    def __init__(self, message, *arguments):  # noqa: N807 (the method of a class)
        PydanticDeprecationWarning.__init__(
            self, message, *arguments, since=(major, minor), expected_removal=(major + 1, 0)
        )

    name = f"PydanticDeprecatedSince{major}{minor}"
    namespace = {"__init__": __init__, "__module__": __name__}
    return type(name, (PydanticDeprecationWarning,), namespace)


PydanticDeprecatedSince20 = _since(2, 0)
PydanticDeprecatedSince26 = _since(2, 6)
PydanticDeprecatedSince29 = _since(2, 9)
PydanticDeprecatedSince210 = _since(2, 10)
PydanticDeprecatedSince211 = _since(2, 11)
PydanticDeprecatedSince212 = _since(2, 12)
PydanticDeprecatedSince214 = _since(2, 14)


class PydanticExperimentalWarning(Warning):
    """A warning about an experimental feature of pydantic."""
