"""`strict=True` for a field, and `Strict()` in `Annotated`."""

from typing import Annotated

from pydantic import BaseModel, Field, Strict, StrictBool, StrictInt, StrictStr


class Model(BaseModel):
    lax: int
    strict: int = Field(strict=True)
    text: StrictStr = ""
    flag: StrictBool = False
    number: StrictInt | None = None
    ratio: Annotated[float, Strict()] = 1.0
