"""Compiled dataclasses do what pydantic's dataclasses do."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from stand_ins import StandIns, load_stand_ins, outcome

DATACLASSES = StandIns("models_for_dataclasses")


def state(instance: Any) -> Any:
    return instance, dataclasses.asdict(instance), getattr(instance, "__dict__", None)


def change(instance: Any, name: str, value: Any) -> Any:
    setattr(instance, name, value)
    return state(instance)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("Point", lambda p: state(p(1))),
        ("Point", lambda p: state(p("1", 2, ["b"], tags=["c"]))),
        ("Point", lambda p: state(p(1, 2, ["b"], ["c"]))),
        ("Point", lambda p: p()),
        ("Point", lambda p: p(5)),
        ("Point", lambda p: p(1, y=-1)),
        ("Point", lambda p: p(1, z=-1)),
        ("Point", lambda p: p(1).total),
        ("Point", lambda p: p(1) == p(1)),
        ("Point", lambda p: hash(p(1))),
        ("Point", lambda p: p(1).names is p(1).names),
        ("Point", lambda p: change(p(1), "x", "text")),
        ("Point", lambda p: dataclasses.replace(p(1), x=2)),
        ("Point", lambda p: dataclasses.replace(p(1), x=5)),
        ("Point", lambda p: [each.name for each in dataclasses.fields(p)]),
        ("Point", lambda p: [(each.repr, each.kw_only) for each in dataclasses.fields(p)]),
        ("Point", lambda p: copy.deepcopy(p(1))),
        ("Point", lambda p: p.__pydantic_validator__.validate_python({"x": 1})),
        ("Point", lambda p: p.__pydantic_validator__.validate_json('{"x": "a"}')),
        ("Point", lambda p: p.__pydantic_serializer__.to_json(p(1))),
        ("Point", lambda p: p.__pydantic_serializer__.to_python(change(p(1), "x", "a")[0])),
        ("Point", lambda p: list(p.__pydantic_fields__)),
        ("Point", lambda p: (p.__doc__, p.__name__, p.__init__.__qualname__)),
        ("Point", lambda p: p.__match_args__),
        ("Fixed", lambda p: state(p(1, right=3))),
        ("Fixed", lambda p: p(1, 3)),
        ("Fixed", lambda p: p(1) < p(2)),
        ("Fixed", lambda p: hash(p(1)) == hash(p(1))),
        ("Fixed", lambda p: change(p(1), "left", 2)),
        ("Slotted", lambda p: (p(1), p.__slots__, p.__doc__)),
        ("Slotted", lambda p: p(1, z=1)),
        ("Slotted", lambda p: repr(change(p(1), "value", "2"))),
        ("Slotted", lambda p: change(p(1), "value", "x")),
        ("Slotted", lambda p: change(p(1), "z", "x")),
        ("Slotted", lambda p: copy.copy(p(1))),
        ("Assigned", lambda p: state(p(1))),
        ("Assigned", lambda p: state(p(1, factor=5))),
        ("Assigned", lambda p: p(1, made=5)),
        ("Assigned", lambda p: change(p(1), "value", "x")),
        ("Assigned", lambda p: change(p(1), "half", 4)),
        ("Deep", lambda p: p(1, inner={"left": 1})),
        ("Deep", lambda p: p(1, inner={"left": 2})),
        ("Deep", lambda p: p.__pydantic_serializer__.to_python(p(1, inner={"left": 1}))),
        ("Deep", lambda p: issubclass(p, p.__mro__[1])),
        ("Plain", lambda p: (p("1"), p(1).sum(), type(p(1)).__name__)),
        ("Plain", lambda p: p("x")),
        ("Bare", lambda p: p(value=1) == p(value=1)),
        ("Bare", lambda p: p(1)),
    ],
)
def test_dataclasses_are_the_same(name: str, action: Callable[[Any], Any]) -> None:
    expected = outcome(action, DATACLASSES.real[name])
    assert outcome(action, DATACLASSES.compiled[name]) == expected


def test_a_dataclass_with_slots_can_be_pickled() -> None:
    original = DATACLASSES.compiled["Slotted"](1)
    assert pickle.loads(pickle.dumps(original)) == original


def test_a_dataclass_is_known_as_pydantics() -> None:
    is_pydantic_dataclass = load_stand_ins().is_pydantic_dataclass
    assert is_pydantic_dataclass(DATACLASSES.compiled["Point"])
    assert not is_pydantic_dataclass(int)
    assert not is_pydantic_dataclass(inspect.signature)
