"""The experimental `MISSING` sentinel."""
# Needs pydantic 2.12.

from pydantic import BaseModel
from pydantic.experimental.missing_sentinel import MISSING


class Configuration(BaseModel):
    timeout: int | None | MISSING = MISSING
    name: str = "a"


def example_missing():
    configuration = Configuration()
    return (
        configuration.timeout is MISSING,
        configuration.model_dump(),
        Configuration(timeout=None).model_dump_json(),
    )
