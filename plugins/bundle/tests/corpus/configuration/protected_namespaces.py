"""Fields named `model_…`, `protected_namespaces`, fields that shadow methods."""

import warnings

warnings.simplefilter("ignore")

from pydantic import BaseModel, ConfigDict  # noqa: E402


class Trained(BaseModel):
    model_config = ConfigDict(protected_namespaces=())
    model_name: str
    model_version: int = 1


class Shadows(BaseModel):
    schema: str = "a"
    json: int = 1
    copy: bool = False


def example_named():
    return Trained(model_name="x").model_name, Shadows().json, Shadows(schema="b").schema
