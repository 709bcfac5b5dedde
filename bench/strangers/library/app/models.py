from datetime import date, datetime
from enum import Enum
from typing import Annotated, Generic, Optional, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    computed_field,
    field_validator,
    model_validator,
)

T = TypeVar("T")

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Genre(str, Enum):
    fiction = "fiction"
    science = "science"
    history = "history"
    children = "children"


class BookBase(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    title: Title
    authors: list[str] = Field(min_length=1)
    isbn: str = Field(description="ISBN-13, hyphens allowed", examples=["978-0-306-40615-7"])
    genre: Genre = Genre.fiction
    published: Optional[date] = None
    cover: Optional[HttpUrl] = None

    @field_validator("isbn")
    @classmethod
    def check_isbn(cls, value: str) -> str:
        digits = value.replace("-", "")
        if len(digits) != 13 or not digits.isdigit():
            raise ValueError("an ISBN-13 has 13 digits")
        total = sum(int(d) * (1 if i % 2 == 0 else 3) for i, d in enumerate(digits))
        if total % 10:
            raise ValueError("wrong check digit")
        return digits


class BookCreate(BookBase):
    copies: int = Field(1, ge=1, le=50)


class BookUpdate(BaseModel):
    title: Optional[Title] = None
    genre: Optional[Genre] = None
    copies: Optional[int] = Field(None, ge=0, le=50)

    @model_validator(mode="after")
    def something_changes(self):
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


class Book(BookBase):
    id: UUID
    copies: int
    on_loan: int = 0
    added_at: datetime

    @computed_field
    @property
    def available(self) -> bool:
        return self.on_loan < self.copies


class LoanRequest(BaseModel):
    book_id: UUID
    member: str = Field(pattern=r"^M\d{5}$")


class Loan(LoanRequest):
    due: date


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    next_offset: Optional[int] = None


class Problem(BaseModel):
    error: str
    detail: Optional[str] = None
