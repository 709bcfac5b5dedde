"""`from __future__ import annotations`, names defined later, self-references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Sequence


class Foo(BaseModel):
    bar: Bar
    bars: list[Bar] = []
    sibling: Optional[Foo] = None

    def names(self) -> Sequence[str]:
        return [bar.name for bar in self.bars]


class Bar(BaseModel):
    name: str
    foo: Foo | None = None


def example_forward():
    foo = Foo(
        bar={"name": "a"},
        bars=[{"name": "b", "foo": {"bar": {"name": "c"}}}],
        sibling={"bar": {"name": "d"}},
    )
    return foo, foo.names(), foo.model_dump_json()
