"""`conint`, `constr`, `confloat`, `conlist`, `condecimal`, `PositiveInt`, `StringConstraints` and their kin."""

from typing import Annotated

from pydantic import (
    BaseModel,
    FiniteFloat,
    NegativeFloat,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    conbytes,
    condecimal,
    conint,
    conlist,
    conset,
    constr,
    confloat,
)


class Model(BaseModel):
    positive: PositiveInt = 1
    not_negative: NonNegativeInt = 0
    negative: NegativeFloat = -1.0
    finite: FiniteFloat = 0.0
    bounded: conint(ge=1, lt=100, multiple_of=3) = 3
    ratio: confloat(gt=0, le=1) = 0.5
    price: condecimal(max_digits=5, decimal_places=2) = 1
    name: constr(strip_whitespace=True, to_lower=True, min_length=2, max_length=8) = "ab"
    code: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Z]{2}\d*$")] = "AB"
    raw: conbytes(min_length=1) = b"a"
    numbers: conlist(int, min_length=1, max_length=3) = [1]
    unique: conset(str, max_length=2) = set()
