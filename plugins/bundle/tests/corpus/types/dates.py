"""Dates, times, durations; `PastDate`, `FutureDatetime`, `AwareDatetime`, `NaiveDatetime`."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    FutureDate,
    FutureDatetime,
    NaiveDatetime,
    PastDate,
    PastDatetime,
)


class Times(BaseModel):
    at: datetime = datetime(2024, 1, 1)
    day: date = date(2024, 1, 1)
    hour: time = time(10)
    length: timedelta = timedelta(minutes=5)
    later: Annotated[date, Field(ge=date(2020, 1, 1))] = date(2021, 1, 1)


class Relative(BaseModel):
    past: PastDate | None = None
    future: FutureDate | None = None
    past_time: PastDatetime | None = None
    future_time: FutureDatetime | None = None
    aware: AwareDatetime | None = None
    naive: NaiveDatetime | None = None
