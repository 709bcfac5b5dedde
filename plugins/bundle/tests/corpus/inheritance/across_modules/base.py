from pydantic import BaseModel as Model
from pydantic import ConfigDict, Field


def to_camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


class ApiModel(Model):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Entity(ApiModel):
    entity_id: int = Field(ge=1)


DEFAULT = Entity(entity_id=1)
