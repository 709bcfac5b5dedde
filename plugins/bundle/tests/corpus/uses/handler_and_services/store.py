from typing import Protocol

from corpus.uses.handler_and_services.schemas import ItemIn, ItemOut


class Store(Protocol):
    def add(self, item: ItemIn) -> ItemOut: ...


class Memory:
    def __init__(self) -> None:
        self.items: dict[int, ItemOut] = {}

    def add(self, item: ItemIn) -> ItemOut:
        made = ItemOut(id=len(self.items) + 1, **item.model_dump())
        self.items[made.id] = made
        return made
