"""`json_encoders` of the configuration."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    model_config = ConfigDict(json_encoders={datetime: lambda value: value.strftime("%d.%m.%Y")})
    at: datetime = datetime(2024, 1, 2)
    several: list[datetime] = []


def example_encoded():
    return Model(several=["2024-01-01"]).model_dump_json(), Model().model_dump()
