"""What the three functions talk about."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    PrivateAttr,
    RootModel,
    ValidationInfo,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)


def upper(value: str) -> str:
    return value.upper()


CountryCode = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(upper)]


class Service(str, Enum):
    ECONOMY = "economy"
    EXPRESS = "express"
    OVERNIGHT = "overnight"


class Priority(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Tariff:
    base: Decimal
    per_kg: Decimal


TARIFFS = {
    Service.ECONOMY: Tariff(Decimal("3.90"), Decimal("0.80")),
    Service.EXPRESS: Tariff(Decimal("7.50"), Decimal("1.40")),
    Service.OVERNIGHT: Tariff(Decimal("15.00"), Decimal("2.95")),
}


class Address(BaseModel):
    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=35)
    street: str
    postcode: str
    city: str
    country: CountryCode = "PT"

    POSTCODES: ClassVar[dict[str, str]] = {
        "PT": r"\d{4}-\d{3}",
        "DE": r"\d{5}",
        "NL": r"\d{4} ?[A-Z]{2}",
    }

    @model_validator(mode="after")
    def check_postcode(self) -> "Address":
        pattern = self.POSTCODES.get(self.country)
        if pattern and not re.fullmatch(pattern, self.postcode):
            raise ValueError(f"{self.postcode} is no postcode of {self.country}")
        return self


class Parcel(BaseModel):
    length_cm: PositiveInt
    width_cm: PositiveInt
    height_cm: PositiveInt
    weight_kg: Decimal = Field(gt=0, le=70)
    contents: list[str] = Field(default_factory=list)

    @field_validator("contents", mode="before")
    @classmethod
    def split_contents(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @computed_field
    @property
    def volumetric_kg(self) -> Decimal:
        volume = self.length_cm * self.width_cm * self.height_cm
        return (Decimal(volume) / 5000).quantize(Decimal("0.01"))

    @property
    def charged_kg(self) -> Decimal:
        return max(self.weight_kg, self.volumetric_kg)


class QuoteRequest(BaseModel):
    sender: Address
    recipient: Address
    parcels: list[Parcel] = Field(min_length=1, max_length=20)
    service: Service = Service.ECONOMY
    priority: Priority = Priority.LOW
    ship_on: date | None = None

    @field_validator("ship_on")
    @classmethod
    def no_sundays(cls, value: date | None, info: ValidationInfo) -> date | None:
        if value and value.weekday() == 6 and info.data.get("service") is not Service.OVERNIGHT:
            raise ValueError("nothing leaves on a Sunday")
        return value


class Quote(BaseModel):
    service: Service
    price: Decimal
    currency: str = "EUR"
    charged_kg: Decimal
    _tariff: Tariff | None = PrivateAttr(default=None)

    @classmethod
    def for_request(cls, request: QuoteRequest) -> "Quote":
        tariff = TARIFFS[request.service]
        charged = sum((parcel.charged_kg for parcel in request.parcels), Decimal(0))
        price = tariff.base + tariff.per_kg * charged
        if request.priority is Priority.HIGH:
            price *= Decimal("1.25")
        if request.recipient.country != request.sender.country:
            price += Decimal("6.00")
        quote = cls(service=request.service, price=price, charged_kg=charged)
        quote._tariff = tariff
        return quote

    @field_serializer("price", "charged_kg")
    def two_decimals(self, value: Decimal) -> str:
        return f"{value:.2f}"


class LabelRequest(QuoteRequest):
    model_config = ConfigDict(extra="forbid")

    reference: str = Field(alias="ref", pattern=r"^[A-Z0-9-]{3,20}$")
    format: Literal["pdf", "zpl"] = "pdf"


class Scan(BaseModel):
    kind: Literal["scan"]
    tracking: str
    place: str


class Delivered(BaseModel):
    kind: Literal["delivered"]
    tracking: str
    signed_by: str | None = None


class Exceptional(BaseModel):
    kind: Literal["exception"]
    tracking: str
    reason: str
    retry_on: date | None = None


Update = Annotated[Scan | Delivered | Exceptional, Field(discriminator="kind")]


class Updates(RootModel[list[Update]]):
    def __iter__(self):
        return iter(self.root)

    def __len__(self):
        return len(self.root)
