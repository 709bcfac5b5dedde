"""`alias_generator`: functions of pydantic, of one's own, lambdas, `AliasGenerator`."""

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal, to_snake


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
    first_name: str
    zip_code: int = Field(0, alias="ZIP")


class Upper(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.upper())
    some_name: str = ""


class Both(BaseModel):
    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_pascal, serialization_alias=to_camel)
    )
    some_name: str = ""


def example_generators():
    return (
        Camel(firstName="a").model_dump(by_alias=True),
        Upper(SOME_NAME="b"),
        to_snake("SomeName"),
    )
