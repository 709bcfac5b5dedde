"""Frozen models and frozen fields."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)
    url: str
    retries: int = 3


class Record(BaseModel):
    id: int = Field(frozen=True)
    name: str = ""


def example_frozen():
    config, record = Config(url="x"), Record(id=1)
    told = []
    for change in (
        lambda: setattr(config, "url", "y"),
        lambda: setattr(config, "new", "y"),
        lambda: delattr(config, "url"),
        lambda: setattr(record, "id", 2),
        lambda: setattr(record, "name", "b"),
        lambda: delattr(record, "id"),
    ):
        try:
            told.append(change())
        except ValidationError as error:
            told.append(error)
    return told, config, record
