"""`validate_by_name`, `validate_by_alias`, `serialize_by_alias`, also for a call."""

from pydantic import BaseModel, ConfigDict, Field


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=False)
    x: int = Field(1, alias="X")


class Both(BaseModel):
    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )
    x: int = Field(1, alias="X")


class Holder(BaseModel):
    both: Both = Both()


def example_calls():
    return (
        ByName.model_validate({"X": 3}, by_alias=True, by_name=False),
        Both(x=1).model_dump(),
        Both(X=1).model_dump_json(by_alias=False),
        Holder().model_dump(),
        Both(x=1).dict(),
    )
