"""Mutable defaults are copied for each instance."""

from pydantic import BaseModel


class Defaults(BaseModel):
    items: list[dict[str, int]] = [{}]
    names: set[str] = {"a"}
    nested: dict[str, list[int]] = {"a": [1]}
    pair: tuple[list[int], int] = ([], 1)


def example_copies():
    one, other = Defaults(), Defaults()
    one.items[0]["x"] = 1
    one.names.add("b")
    one.nested["a"].append(2)
    return one, other
