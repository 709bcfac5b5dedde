"""`FailFast` and `OnErrorOmit`."""

from typing import Annotated

from pydantic import BaseModel, FailFast, OnErrorOmit


class Model(BaseModel):
    quick: Annotated[list[bool], FailFast()] = []
    slow: list[bool] = []
    omitted: list[OnErrorOmit[int]] = []
    omitted_values: dict[str, OnErrorOmit[int]] = {}
