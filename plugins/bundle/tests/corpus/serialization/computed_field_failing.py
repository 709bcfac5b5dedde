"""A computed field that raises, and one that returns another type than it says."""

from pydantic import BaseModel, computed_field


class Wrong(BaseModel):
    value: int = 0

    @computed_field
    @property
    def text(self) -> str:
        return self.value

    @computed_field
    @property
    def inverse(self) -> float:
        return 1 / self.value
