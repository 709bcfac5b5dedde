"""`str_strip_whitespace`, `str_to_upper`, `str_min_length`, `str_max_length`, `coerce_numbers_to_str`."""

from pydantic import BaseModel, ConfigDict


class Base(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, str_min_length=1, str_max_length=5)
    text: str


class Upper(Base):
    model_config = ConfigDict(str_to_upper=True, coerce_numbers_to_str=True)
    texts: list[str] = []
