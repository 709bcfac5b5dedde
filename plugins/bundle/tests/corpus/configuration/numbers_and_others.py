"""`allow_inf_nan`, `hide_input_in_errors`, `loc_by_alias`, `revalidate_instances`, `regex_engine`, `cache_strings`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Finite(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)
    number: float = 0


class Hidden(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    secret: int


class ByName(BaseModel):
    model_config = ConfigDict(loc_by_alias=False)
    number: int = Field(alias="theNumber")


class Inner(BaseModel, revalidate_instances="always"):
    number: int = 0


class Outer(BaseModel):
    inner: Inner = Inner()


class PythonRe(BaseModel):
    model_config = ConfigDict(regex_engine="python-re", cache_strings="none")
    text: Annotated[str, Field(pattern=r"^a(?=b)")] = "ab"


def example_revalidated():
    inner = Inner()
    inner.number = "x"
    return Outer(inner=inner)
