"""Class variables, constants, nested classes and statements in the body of a model."""

from enum import Enum
from typing import ClassVar

from pydantic import BaseModel


class Job(BaseModel):
    LIMIT: ClassVar[int] = 10
    registry: ClassVar[dict[str, type]] = {}
    names: ClassVar = ["a", "b"]

    class State(str, Enum):
        NEW = "new"
        DONE = "done"

    class Step(BaseModel):
        name: str
        state: "Job.State" = "new"

    size: int = LIMIT
    steps: list[Step] = []
    state: State = State.NEW

    for _name in ("first", "second"):
        registry[_name] = int
    del _name

    if LIMIT > 5:

        def is_big(self) -> bool:
            return self.size > self.LIMIT

    else:

        def is_big(self) -> bool:
            return False


def example_class():
    job = Job(size=11, steps=[{"name": "x", "state": "done"}], state="done")
    return job, job.is_big(), Job.LIMIT, Job.registry, Job.names, Job.State.DONE, Job.Step(name="y")
