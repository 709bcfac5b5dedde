"""`@validator` and `@root_validator` of pydantic 1."""

import warnings

warnings.simplefilter("ignore")

from pydantic import BaseModel, root_validator, validator  # noqa: E402


class Model(BaseModel):
    name: str
    size: int = 0
    items: list[int] = []

    @validator("name", pre=True)
    def strip(cls, value):
        return value.strip() if isinstance(value, str) else value

    @validator("size", always=True)
    def check_size(cls, value, values):
        return value or len(values.get("name", ""))

    @validator("items", each_item=True)
    def positive(cls, value):
        if value < 0:
            raise ValueError("negative")
        return value

    @root_validator(pre=True)
    def before(cls, values):
        return {**values}

    @root_validator(skip_on_failure=True)
    def after(cls, values):
        values["size"] = values["size"] + 1
        return values
