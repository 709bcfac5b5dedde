"""`class Config` of pydantic 1, and class keyword arguments."""

import warnings

warnings.simplefilter("ignore")

from pydantic import BaseModel, Field  # noqa: E402


class Old(BaseModel):
    user_name: str = Field(alias="userName")

    class Config:
        populate_by_name = True
        extra = "forbid"
        str_strip_whitespace = True


class Keywords(BaseModel, extra="allow", frozen=True, title="Other"):
    a: int = 1


class Dict(BaseModel):
    model_config = {"extra": "forbid"}
    a: int = 1
