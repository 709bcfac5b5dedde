"""`@field_serializer`: plain, wrap, for JSON only, with info, for several fields."""

from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import (
    BaseModel,
    FieldSerializationInfo,
    SerializerFunctionWrapHandler,
    field_serializer,
)


class Model(BaseModel):
    dt: datetime = datetime(2024, 1, 1, tzinfo=timezone.utc)
    delta: timedelta = timedelta(hours=1)
    names: set[str] = {"b", "a"}
    number: int = 1
    x: float = 1.5
    y: float = 2.5
    secret: str | None = None

    @field_serializer("delta", when_used="json")
    def hours(self, value: timedelta) -> float:
        return value.total_seconds() / 3600

    @field_serializer("names")
    @staticmethod
    def sort(value: set[str]) -> list[str]:
        return sorted(value)

    @field_serializer("number", mode="wrap")
    def add(
        self, value: Any, handler: SerializerFunctionWrapHandler, info: FieldSerializationInfo
    ) -> Any:
        return [handler(value), info.mode, info.field_name, info.exclude_unset, self.x]

    @field_serializer("x", "y")
    def rounded(self, value: float) -> str:
        return f"{value:.1f}"

    @field_serializer("secret", when_used="unless-none")
    def mask(self, value) -> str:
        return "***"


def example_context():
    return Model(names=["c"]).model_dump(context={"a": 1}), Model(secret="x").model_dump_json()
