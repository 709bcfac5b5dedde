"""`Json`, with and without a type."""

from pydantic import BaseModel, Json


class Model(BaseModel):
    anything: Json = None
    numbers: Json[list[int]] = None
    other: Json[dict[str, float]] | None = None


def example_round_trip():
    model = Model(anything='{"a": 1}', numbers="[1, 2]")
    return model, model.model_dump(round_trip=True), model.model_dump_json(), Model(numbers="[oops")
