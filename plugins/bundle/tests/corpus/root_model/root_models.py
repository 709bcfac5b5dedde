"""`RootModel`: lists, dicts, scalars, with methods and validators, in other models."""

from pydantic import BaseModel, Field, RootModel, field_validator, model_validator


class Pets(RootModel[list[str]]):
    def __iter__(self):
        return iter(self.root)

    def __getitem__(self, index):
        return self.root[index]


class PetsByName(RootModel):
    root: dict[str, int] = {}


class Name(RootModel[str]):
    @field_validator("root")
    @classmethod
    def capitalize(cls, value: str) -> str:
        return value.capitalize()


class Positive(RootModel):
    root: int = Field(gt=0, default=1)

    @model_validator(mode="after")
    def odd(self):
        assert self.root % 2, "must be odd"
        return self


class Owner(BaseModel):
    name: Name
    pets: Pets = Pets(["none"])
    positive: Positive | None = None


Alias = RootModel[list[int]]


def example_roots():
    pets = Pets(["dog", "cat"])
    return (
        pets,
        pets[0],
        list(pets),
        pets.model_dump(),
        pets.model_dump_json(),
        pets == Pets(["dog", "cat"]),
        Name("abc").root,
    )


def example_owner():
    owner = Owner(name="ann", pets=["a"], positive=3)
    return (
        owner,
        owner.model_dump(),
        owner.model_copy(update={"name": Name("x")}),
        Alias([1]),
        PetsByName(),
        Positive(2),
    )
