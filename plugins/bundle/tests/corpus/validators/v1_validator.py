"""`@validator` of pydantic 1."""

from typing import Optional

from pydantic import BaseModel, validator


class User(BaseModel):
    name: str
    email: Optional[str] = None
    tags: list[str] = []

    @validator("name")
    def name_must_contain_space(cls, v):
        if " " not in v:
            raise ValueError("must contain a space")
        return v.title()

    @validator("email", pre=True, always=True)
    def default_email(cls, v, values):
        return v or f"{values.get('name', 'nobody')}@example.com"

    @validator("tags", each_item=True)
    def lower(cls, v):
        return v.lower()
