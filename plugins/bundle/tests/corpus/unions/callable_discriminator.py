"""Discriminated unions by a function: `Discriminator` and `Tag`."""

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, Discriminator, Tag


class ApplePie(BaseModel):
    fruit: Literal["apple"] = "apple"
    minutes: int = 0


class PumpkinPie(BaseModel):
    filling: Literal["pumpkin"] = "pumpkin"


def discriminate(value: Any) -> str | None:
    if isinstance(value, dict):
        return value.get("fruit", value.get("filling"))
    return getattr(value, "fruit", getattr(value, "filling", None))


class Dinner(BaseModel):
    dessert: Annotated[
        Union[Annotated[ApplePie, Tag("apple")], Annotated[PumpkinPie, Tag("pumpkin")]],
        Discriminator(discriminate),
    ]
    other: Annotated[
        Annotated[str, Tag("text")] | Annotated[int, Tag("number")],
        Discriminator(
            lambda value: "text" if isinstance(value, str) else "number",
            custom_error_type="invalid_other",
            custom_error_message="neither",
        ),
    ] = 0


def example_dinners():
    return (
        Dinner(dessert={"fruit": "apple"}),
        Dinner(dessert=PumpkinPie()),
        Dinner(dessert={"fruit": "lime"}),
    )
