"""`model_post_init`, with private attributes and without."""

from typing import Any

from pydantic import BaseModel, PrivateAttr


class Rectangle(BaseModel):
    width: float
    height: float
    area: float | None = None

    def model_post_init(self, context: Any, /) -> None:
        self.area = self.width * self.height


class Counter(BaseModel):
    start: int = 0
    _value: int = PrivateAttr()
    _log: list[str] = PrivateAttr(default_factory=list)

    def model_post_init(self, context: Any, /) -> None:
        self._value = self.start
        self._log.append(f"started with {context}")

    def increase(self) -> int:
        self._value += 1
        return self._value


class LoudCounter(Counter):
    name: str = "loud"

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        self._log.append(self.name)


def example_post_init():
    counter = Counter(start=4)
    counter.increase()
    loud = LoudCounter.model_validate({"start": 2}, context={"by": "me"})
    return counter, counter._value, counter._log, loud._log, Rectangle(width=2, height=3)


def example_constructed():
    counter = Counter.model_construct(start=7)
    return counter.increase(), Rectangle.model_construct(width=1, height=2)
