"""Types of the edge, for type checkers and dev/openapi: what runs on Lambda imports none of it."""

from typing import Annotated, Any, NotRequired, Protocol, TypeVar

from pydantic import Field
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12.

from gateway.response import Response


class Model(Protocol):
    """What the edge uses of a pydantic model."""

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that were given."""

    @classmethod
    def model_rebuild(cls, *, raise_errors: bool = True) -> bool | None:
        """Build what validates the model, if that is not done yet."""

    @classmethod
    def model_validate(cls, obj: Any, /, *, strict: bool | None = None) -> Any:
        """Return the model of an object."""

    @classmethod
    def model_validate_json(cls, json_data: str, /) -> Any:
        """Return the model of a JSON text."""

    @classmethod
    def model_validate_strings(cls, obj: Any, /) -> Any:
        """Return the model of a mapping from names to strings."""

    def model_dump_json(self, *, by_alias: bool | None = None) -> str:
        """Return the model as a JSON text."""


T = TypeVar("T", bound=Model)

# What an entry point returns.
Result = Model | Response | str | None


class InvalidPart(TypedDict):
    """A part of a request, and what is wrong with it. One member says which part it is."""

    pointer: NotRequired[
        Annotated[str, Field(description="A JSON pointer into the body.", examples=["/count"])]
    ]
    parameter: NotRequired[
        Annotated[str, Field(description="A parameter of the query.", examples=["cursor"])]
    ]
    header: NotRequired[
        Annotated[str, Field(description="A header, in lower case.", examples=["if-match"])]
    ]
    detail: Annotated[
        str, Field(description="What is wrong.", examples=["Input should be a valid integer"])
    ]


class ProxyResponse(TypedDict):
    """The response that API Gateway expects from a function.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    isBase64Encoded: bool
    statusCode: int
    headers: dict[str, str]
    body: str
