"""pydantic's exceptions."""

from compiled_pydantic.since import SHORT_VERSION, is_since

DOCUMENTATION = f"https://errors.pydantic.dev/{SHORT_VERSION}/u/"


class PydanticErrorMixin:
    """An error with a message and pydantic's code for it, which may be None."""

    def __init__(self, message, *, code):
        self.message = message
        self.code = code

    def __str__(self):
        if self.code is None:
            return self.message
        return f"{self.message}\n\nFor further information visit {DOCUMENTATION}{self.code}"


class PydanticUserError(PydanticErrorMixin, RuntimeError if is_since(2, 13) else TypeError):
    """Raised when pydantic is used incorrectly."""


class PydanticUndefinedAnnotation(PydanticErrorMixin, NameError):
    """Raised when a forward reference cannot be resolved. `name` is the undefined name."""

    def __init__(self, name, message):
        super().__init__(message=message, code="undefined-annotation")
        self.name = name


class PydanticSchemaGenerationError(PydanticUserError):
    """Raised by pydantic while it builds a schema, so never in an artifact."""

    def __init__(self, message):
        super().__init__(message, code="schema-for-unknown-type")


class PydanticInvalidForJsonSchema(PydanticUserError):
    """Raised by pydantic while it builds a JSON schema, so never in an artifact."""

    def __init__(self, message):
        super().__init__(message, code="invalid-for-json-schema")


class PydanticImportError(PydanticErrorMixin, ImportError):
    """Raised by pydantic for names of its first version, so never in an artifact."""

    def __init__(self, message):
        super().__init__(message, code="import-error")
