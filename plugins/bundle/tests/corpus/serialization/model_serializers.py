"""`@model_serializer`: plain and wrap, of nested models and of subclasses."""

from typing import Any

from pydantic import BaseModel, SerializationInfo, SerializerFunctionWrapHandler, model_serializer


class Plain(BaseModel):
    name: str
    size: int = 1

    @model_serializer
    def dump(self) -> str:
        return f"{self.name}:{self.size}"


class Wrapped(BaseModel):
    name: str
    inner: Plain | None = None

    @model_serializer(mode="wrap")
    def dump(
        self, handler: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, Any]:
        return {"kind": type(self).__name__, "mode": info.mode, **handler(self)}


class Sub(Wrapped):
    more: int = 0


class Holder(BaseModel):
    plain: Plain
    wrapped: list[Wrapped] = []


def example_subclass():
    holder = Holder(
        plain={"name": "a"}, wrapped=[Sub(name="b", inner={"name": "c"}), {"name": "d"}]
    )
    return holder.model_dump(), holder.model_dump_json(), holder.model_dump(serialize_as_any=True)
