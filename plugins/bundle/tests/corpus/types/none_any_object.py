"""`None`, `Any`, `object`, `bool`, `bytes`, `bytearray`, `Optional` without default."""

from typing import Any, Optional

from pydantic import BaseModel


class Model(BaseModel):
    required: Optional[int]
    nothing: None = None
    anything: Any
    thing: object = None
    flag: bool = False
    raw: bytes = b""
