"""The functions of serverless.yml, as far as every one of them is held to the same."""

import re
from dataclasses import dataclass

from dev.cloud import ROOT


@dataclass(frozen=True)
class Function:
    """A function: its key in serverless.yml, its handler's module, and what it is behind."""

    name: str
    module: str
    is_behind_http: bool

    @property
    def room(self) -> str:
        """The package that it lives in."""
        return "lucky_numbers" if self.module == "handler" else self.module.partition(".")[0]

    @property
    def has_models(self) -> bool:
        """Whether it takes or gives models of its own."""
        return (ROOT / self.room / "payload.py").exists()

    @property
    def keeps_something(self) -> bool:
        """Whether it has a store."""
        return (ROOT / self.room / "store.py").exists()

    def __str__(self) -> str:
        return self.name


FUNCTIONS = [
    Function(name, handler.rpartition(".")[0].replace("/", "."), "\n      - http:" in rest)
    for name, handler, rest in re.findall(
        r"(?m)^  (\w+):\n    handler: (\S+)\n((?: {4}.*\n)+)", (ROOT / "serverless.yml").read_text()
    )
]
assert FUNCTIONS
