"""Classes with `__get_pydantic_core_schema__`, and `Annotated` markers with it."""

from typing import Annotated, Any

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Username(str):
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(str))


class ThirdParty:
    def __init__(self, x: int = 0) -> None:
        self.x = x

    def __repr__(self) -> str:
        return f"ThirdParty({self.x})"


class ThirdPartyAnnotation:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from_int = core_schema.chain_schema(
            [core_schema.int_schema(), core_schema.no_info_plain_validator_function(ThirdParty)]
        )
        return core_schema.json_or_python_schema(
            json_schema=from_int,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(ThirdParty), from_int]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.dump),
        )

    @staticmethod
    def dump(value: ThirdParty) -> int:
        return value.x


class Model(BaseModel):
    name: Username
    third: Annotated[ThirdParty, ThirdPartyAnnotation] | None = None


def example_custom():
    model = Model(name="a", third=3)
    return type(model.name).__name__, model.third, model.model_dump_json()
