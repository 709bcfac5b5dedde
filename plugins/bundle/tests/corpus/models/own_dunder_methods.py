"""A model with `__eq__`, `__hash__`, `__repr__`, `__str__`, `__iter__`, `__getitem__` and `__contains__` of its own."""

from pydantic import BaseModel


class Tag(BaseModel):
    name: str
    note: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tag) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())

    def __repr__(self) -> str:
        return f"<Tag {self.name}>"

    def __str__(self) -> str:
        return f"#{self.name}"


class Tags(BaseModel):
    tags: list[Tag] = []

    def __iter__(self):
        return iter(self.tags)

    def __getitem__(self, index: int) -> Tag:
        return self.tags[index]

    def __contains__(self, name: str) -> bool:
        return any(tag.name == name for tag in self.tags)

    def __len__(self) -> int:
        return len(self.tags)


def example_tags():
    tags = Tags(tags=[{"name": "a"}, Tag(name="B")])
    return (
        [str(tag) for tag in tags],
        tags[1],
        "a" in tags,
        len(tags),
        {Tag(name="a"), Tag(name="A")},
    )
