"""`plugin_settings` and `defer_build` of the configuration."""

from pydantic import BaseModel, ConfigDict


class Deferred(BaseModel):
    model_config = ConfigDict(defer_build=True, plugin_settings={"nothing": 1})
    x: int
    children: list["Deferred"] = []


def example_deferred():
    return Deferred(x="1", children=[{"x": 2}])
