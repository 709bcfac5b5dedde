from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic.alias_generators import to_camel


class Currency(StrEnum):
    EUR = "EUR"
    USD = "USD"
    JPY = "JPY"


class CamelModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Card(CamelModel):
    method: Literal["card"]
    number: SecretStr
    expiry: str = Field(pattern=r"^(0[1-9]|1[0-2])/\d{2}$")

    @field_validator("number")
    @classmethod
    def luhn(cls, number: SecretStr) -> SecretStr:
        digits = [int(d) for d in number.get_secret_value() if d.isdigit()]
        odd, even = digits[-1::-2], digits[-2::-2]
        if len(digits) < 12 or (sum(odd) + sum(sum(divmod(2 * d, 10)) for d in even)) % 10:
            raise ValueError("not a card number")
        return number


class BankTransfer(CamelModel):
    method: Literal["transfer"]
    iban: str = Field(min_length=15, max_length=34)
    holder_name: str


class Payment(CamelModel):
    order_id: str = Field(pattern=r"^O-\d+$")
    amount: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    currency: Currency = Currency.EUR
    source: Annotated[Union[Card, BankTransfer], Field(discriminator="method")]
    note: str | None = Field(default=None, max_length=140)

    @model_validator(mode="after")
    def no_cents_of_yen(self):
        if self.currency is Currency.JPY and self.amount != self.amount.to_integral_value():
            raise ValueError("yen have no cents")
        return self


class Receipt(CamelModel):
    payment_id: str
    amount: Decimal
    currency: Currency
    method: str
    status: Literal["accepted", "review"] = "accepted"
