"""The functions of serverless.yml, for tests that hold each of them to the same claims."""

from dataclasses import dataclass

from dev.service import ROOT
from dev.settings import read_settings


@dataclass(frozen=True)
class Function:
    """A function: its key in serverless.yml, its handler's module, and its kinds of events."""

    name: str
    module: str
    events: frozenset[str]

    @property
    def package(self) -> str:
        """The package that it lives in."""
        return self.name if self.module == "handler" else self.module.partition(".")[0]

    @property
    def is_behind_http(self) -> bool:
        """Whether API Gateway calls it."""
        return "http" in self.events

    @property
    def has_models(self) -> bool:
        """Whether its package has models of its own."""
        return (ROOT / self.package / "payload.py").exists()

    @property
    def has_store(self) -> bool:
        """Whether its package has a store."""
        return (ROOT / self.package / "store.py").exists()

    def __str__(self) -> str:
        return self.name


def _read_functions() -> list[Function]:
    return [
        Function(
            name,
            definition["handler"].rpartition(".")[0].replace("/", "."),
            frozenset(kind for event in definition.get("events", []) for kind in event),
        )
        for name, definition in read_settings()["functions"].items()
    ]


FUNCTIONS = _read_functions()
assert FUNCTIONS  # Without any, tests of every function would be skipped.
