"""Models from other objects: `from_attributes`."""

from pydantic import BaseModel, ConfigDict


class PetRow:
    def __init__(self, *, name: str, species: str) -> None:
        self.name = name
        self.species = species


class PersonRow:
    def __init__(self, *, name: str, age: float = None, pets: list[PetRow]) -> None:
        self.name = name
        self.age = age
        self.pets = pets


class Pet(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    species: str


class Person(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    age: float | None = None
    pets: list[Pet]


def example_rows():
    bones = PetRow(name="Bones", species="dog")
    person = PersonRow(name="Anna", age=20, pets=[bones])
    return Person.model_validate(person), Person.from_orm(person)


def example_not_rows():
    return Person.model_validate(PersonRow(name=1, pets=[object]))
