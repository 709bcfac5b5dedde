"""`model_copy`, `copy`, `deepcopy` and `copy.replace`, with and without updates."""

import copy
import sys

from pydantic import BaseModel, ConfigDict, PrivateAttr


class Part(BaseModel):
    name: str
    sizes: list[int] = []


class Machine(BaseModel):
    model_config = ConfigDict(extra="allow")

    parts: list[Part]
    main: Part
    _seen: list[str] = PrivateAttr(default_factory=list)


class Closed(BaseModel):
    main: Part
    count: int = 0


MACHINE = Machine(parts=[{"name": "a", "sizes": [1]}], main={"name": "b"}, color="red")


def example_copies():
    MACHINE._seen.append("x")
    shallow, deep = MACHINE.model_copy(), MACHINE.model_copy(deep=True)
    return (
        shallow.parts is MACHINE.parts,
        deep.parts is MACHINE.parts,
        deep == MACHINE,
        deep._seen,
        deep._seen is MACHINE._seen,
        shallow._seen is MACHINE._seen,
        copy.copy(MACHINE),
        copy.deepcopy(MACHINE).main is MACHINE.main,
    )


def example_updates():
    changed = MACHINE.model_copy(update={"main": Part(name="c"), "color": "blue", "new": 1})
    return changed, changed.model_dump(), changed.model_dump_json(), changed.model_extra


def example_updates_of_closed():
    changed = Closed(main={"name": "c"}).model_copy(update={"unknown": 1, "count": "many"})
    return (
        changed,
        changed.model_dump(),
        changed.model_dump_json(),
        changed.__dict__,
        changed.unknown,
    )


def example_replace():
    if sys.version_info < (3, 13):
        return None
    return copy.replace(Closed(main={"name": "c"}), count=3), copy.replace(MACHINE, color="green")
