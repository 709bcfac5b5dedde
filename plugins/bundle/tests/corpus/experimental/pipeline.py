"""The experimental pipeline API."""

import warnings

warnings.simplefilter("ignore")

from typing import Annotated  # noqa: E402

from pydantic import BaseModel  # noqa: E402
from pydantic.experimental.pipeline import validate_as  # noqa: E402


class User(BaseModel):
    name: Annotated[str, validate_as(str).str_lower()]
    age: Annotated[int, validate_as(int).gt(0)] = 1
