"""Code that reads `model_fields_set`, `model_config` and the names in `model_fields`."""

from pydantic import BaseModel, ConfigDict, computed_field


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str
    price: float = 0.0
    tax: float | None = None

    @computed_field
    @property
    def total(self) -> float:
        return self.price + (self.tax or 0)


FIELD_NAMES = list(Item.model_fields)


def example_names():
    return (
        FIELD_NAMES,
        sorted(Item.model_fields.keys()),
        "name" in Item.model_fields,
        len(Item.model_fields),
    )


def example_computed():
    return list(Item.model_computed_fields)


def example_config():
    return (
        Item.model_config,
        Item.model_config.get("extra"),
        Item.model_config["str_strip_whitespace"],
    )


def example_set():
    return Item(name=" a ", tax=None).model_fields_set
