"""`validate_assignment`, with validators of fields and of the model."""

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class User(BaseModel):
    model_config = ConfigDict(validate_assignment=True)
    name: str = Field(min_length=1)
    age: int = 0
    low: int = 0
    high: int = 10

    @field_validator("name")
    @classmethod
    def lower(cls, value: str) -> str:
        return value.lower()

    @model_validator(mode="after")
    def ordered(self):
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Open(BaseModel, validate_assignment=True, extra="allow"):
    count: int = 0


def example_assignments():
    user = User(name="A")
    user.name, user.age = "BOB", "7"
    open_model = Open()
    open_model.count, open_model.more = "3", "4"
    return user, user.model_fields_set, open_model


def example_refused():
    user = User(name="A")
    user.low = 99


def example_wrong():
    User(name="A").age = "x"
