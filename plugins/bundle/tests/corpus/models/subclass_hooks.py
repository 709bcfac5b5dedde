"""`__init_subclass__` and `__pydantic_init_subclass__`: registries of subclasses, class keywords."""

from typing import Any, ClassVar

from pydantic import BaseModel


class Command(BaseModel):
    registry: ClassVar[dict[str, type["Command"]]] = {}
    verb: ClassVar[str] = ""
    who: str = "nobody"

    def __init_subclass__(cls, verb: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.verb = verb or cls.__name__.lower()
        Command.registry[cls.verb] = cls

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.field_names = list(cls.model_fields)


class Start(Command, verb="go"):
    speed: int = 1


class Stop(Command):
    hard: bool = False


def run(verb: str, **values: Any) -> Command:
    return Command.registry[verb](**values)


def example_registry():
    return run("go", speed="3"), run("stop"), sorted(Command.registry), Start.verb, Stop.field_names
