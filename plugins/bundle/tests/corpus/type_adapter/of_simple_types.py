"""`TypeAdapter` of standard types, in a dict by name, with `config`, in strict calls."""

from datetime import date
from typing import Annotated, Any, Literal, Optional

from pydantic import ConfigDict, Field, TypeAdapter

BY_NAME: dict[str, TypeAdapter[Any]] = {
    "day": TypeAdapter(date),
    "choice": TypeAdapter(Literal["a", "b"]),
    "number": TypeAdapter(Annotated[int, Field(gt=3)]),
    "maybe": TypeAdapter(Optional[float]),
}
BYTES = TypeAdapter(bytes, config=ConfigDict(ser_json_bytes="base64"))
DAYS = TypeAdapter(dict[str, list[date]])


def example_values():
    return (
        BY_NAME["day"].validate_python("2024-01-01"),
        BY_NAME["choice"].validate_python("a", strict=True),
        BY_NAME["maybe"].validate_json("1.5"),
        BYTES.dump_json(b"\xff"),
        DAYS.dump_json(DAYS.validate_python({"a": ["2024-02-29"]})),
        DAYS.validate_strings({"a": ["2024-02-29"]}),
    )


def example_wrong():
    return BY_NAME["number"].validate_python(1)
