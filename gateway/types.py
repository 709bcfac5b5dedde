"""Types of the edge, for type checkers alone: nothing imports this at run time."""

from typing import Any, Protocol, TypedDict, TypeVar


class Model(Protocol):
    """A pydantic model, as far as the edge uses one."""

    @property
    def model_fields_set(self) -> set[str]:
        """Return the names of the fields that were given."""

    @classmethod
    def model_validate(cls, obj: Any, /, *, strict: bool | None = None) -> Any:
        """Return the model of that object."""

    @classmethod
    def model_validate_json(cls, json_data: str, /) -> Any:
        """Return the model of that JSON text."""

    @classmethod
    def model_validate_strings(cls, obj: Any, /) -> Any:
        """Return the model of that mapping from names to strings."""

    def model_dump_json(self, *, by_alias: bool | None = None) -> str:
        """Return the model as JSON text."""


AnyModel = TypeVar("AnyModel", bound=Model)


class ProxyResponse(TypedDict):
    """What API Gateway takes from a function.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    isBase64Encoded: bool
    statusCode: int
    headers: dict[str, str]
    body: str
