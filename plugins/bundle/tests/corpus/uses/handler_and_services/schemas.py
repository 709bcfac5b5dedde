import typing as t

import pydantic
from pydantic import fields


class ItemIn(pydantic.BaseModel):
    name: t.Annotated[str, pydantic.Field(min_length=1)]
    tags: t.List[str] = fields.Field(default_factory=list)
    price: t.Optional[pydantic.NonNegativeFloat] = None


class ItemOut(ItemIn):
    id: int

    model_config = pydantic.ConfigDict(from_attributes=True)

    @pydantic.field_validator("id")
    @classmethod
    def positive(cls, v):
        if v <= 0:
            raise ValueError("must be positive")
        return v
