"""Fields and configuration changed after the class statement, then rebuilt."""

from pydantic import BaseModel


class Model(BaseModel):
    x: int = 1


Model.model_fields["x"].default = 5
Model.model_config["extra"] = "forbid"
Model.model_rebuild(force=True)


def example_changed():
    return Model(), Model(y=1)
