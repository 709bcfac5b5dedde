"""`model_dump_json` with floats, bytes, big numbers, timedeltas, and `ser_json_…` settings."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict


class Plain(BaseModel):
    number: float = 1.0
    big: int = 1
    data: bytes = b""
    delta: timedelta = timedelta(0)
    text: str = ""
    anything: Any = None


class Changed(Plain):
    model_config = ConfigDict(
        ser_json_bytes="base64",
        val_json_bytes="base64",
        ser_json_timedelta="float",
        ser_json_inf_nan="strings",
    )


class Constants(Plain):
    model_config = ConfigDict(ser_json_inf_nan="constants", ser_json_bytes="hex")


def example_numbers():
    values = {
        "number": float("inf"),
        "big": 2**80,
        "text": "\u2028</script>é\x00",
        "anything": [float("nan")],
    }
    return [kind(**values).model_dump_json() for kind in (Plain, Changed, Constants)]


def example_lone_surrogate():
    return Plain.model_construct(text="\ud800").model_dump_json()
