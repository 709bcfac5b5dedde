"""Compiled models do what pydantic's models do."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from stand_ins import StandIns, outcome

STAND_INS = StandIns("models_for_stand_ins")
MODELS = STAND_INS.names


def assert_same(model: str, action: Callable[[Any], Any]) -> None:
    expected = outcome(action, STAND_INS.real[model])
    assert outcome(action, STAND_INS.compiled[model]) == expected


def made(model: Any) -> Any:
    """Return an instance with a value for each required field."""
    values: dict[str, dict[str, Any]] = {
        "Item": {"itemName": "pen", "tags": ["a"]},
        "Strict": {"itemName": "pen", "inner": {"itemName": "ink"}},
        "Open": {"first": 1, "x": [2], "y": 3},
        "Frozen": {"left": 1, "right": (2, 3)},
        "Checked": {"low": 1, "high": 2},
        "Late": {"first": 1, "x": [2]},
        "Custom": {"value": 1},
    }
    return model(**values[model.__name__])


def state(model: Any) -> Any:
    return (
        model.__dict__,
        model.model_extra,
        sorted(model.model_fields_set),
        model.__pydantic_private__,
        model,
        str(model),
        list(model),
        list(model.__rich_repr__()),
        model.model_dump(),
        model.model_dump_json(),
    )


def changed(model: Any, change: Callable[[Any], Any]) -> Any:
    instance = made(model)
    try:
        change(instance)
    finally:
        before = outcome(state, instance)
    return before


VALIDATE: list[Callable[[Any], Any]] = [
    lambda m: state(made(m)),
    lambda m: m(),
    lambda m: m(itemName="x", price="many"),
    lambda m: m(itemName="bad"),
    lambda m: m(itemName="pen", path=[5]),
    lambda m: m(itemName="pen", c=6, nothing=1),
    lambda m: m.model_validate([2, 1]),
    lambda m: m.model_validate(obj=[1, 2]),
    lambda m: m.model_validate({"name": "pen", "first": 1}, by_name=True, by_alias=False),
    lambda m: m.model_validate({"name": "pen"}, by_alias=False),
    lambda m: m.model_validate({"first": "1", "left": "2", "itemName": "pen"}, strict=True),
    lambda m: m.model_validate({"first": 1, "left": 2}, context={"a": 1}),
    lambda m: m.model_validate(made(m)) == made(m),
    lambda m: m.model_validate_json('{"first": 1, "left": 2, "itemName": "pen", "value": 1}'),
    lambda m: m.model_validate_json(json_data=b"[1, 2"),
    lambda m: m.model_validate_strings({"first": "1", "left": "2", "itemName": "pen"}),
    lambda m: m.model_rebuild(),
    lambda m: m.model_rebuild(force=True),
    lambda m: list(m.model_fields),
    lambda m: list(m.model_computed_fields),
    lambda m: list(made(m).model_fields),
    lambda m: m.__pydantic_complete__,
    lambda m: dict(m.model_config),
    lambda m: m.__private_attributes__.keys(),
    lambda m: m.first,
    lambda m: m.limit,
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("action", VALIDATE)
def test_values_and_errors_are_the_same(model: str, action: Callable[[Any], Any]) -> None:
    assert_same(model, action)


def set_all(instance: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(instance, name, value)


def change_private(instance: Any) -> Any:
    instance._hits = 8  # noqa: SLF001 (a model's own)
    return instance


CHANGES: list[Callable[[Any], Any]] = [
    lambda i: set_all(i, price=9),
    lambda i: set_all(i, price="many"),
    lambda i: set_all(i, first=9, second=[2]),
    lambda i: set_all(i, left=9),
    lambda i: set_all(i, size=9),
    lambda i: set_all(i, limit=9),
    lambda i: set_all(i, nothing=9),
    lambda i: set_all(i, x=9),
    lambda i: set_all(i, doubled=8),
    lambda i: set_all(i, once=8),
    lambda i: set_all(i, model_extra=8),
    lambda i: set_all(i, old=8),
    lambda i: set_all(i, _hits=9, _unset=8),
    lambda i: set_all(i, _other=9),
    lambda i: set_all(i, low=9),
    lambda i: set_all(i, name="bad"),
    lambda i: set_all(i, inner=None),
    lambda i: delattr(i, "price"),
    lambda i: delattr(i, "left"),
    lambda i: delattr(i, "size"),
    lambda i: delattr(i, "x"),
    lambda i: delattr(i, "nothing"),
    lambda i: delattr(i, "_hits"),
    lambda i: delattr(i, "_unset"),
    lambda i: [i.once, i.__delattr__("once")],
    lambda i: i.broken,
    lambda i: i.nothing,
    lambda i: i._unset,  # noqa: SLF001
    lambda i: (i.x, i.y),
    lambda i: i.old,
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("change", CHANGES)
def test_assignments_are_the_same(model: str, change: Callable[[Any], Any]) -> None:
    def read(instance: Any) -> Any:
        return change(instance)

    assert_same(model, lambda m: read(made(m)))
    assert_same(model, lambda m: changed(m, change))


COPIES: list[Callable[[Any], Any]] = [
    lambda i: i.model_copy(),
    lambda i: i.model_copy(deep=True),
    lambda i: i.model_copy(update={"price": "x", "first": 9, "left": 4, "nothing": 1}),
    lambda i: i.model_copy(update={"price": "x", "first": 9, "nothing": [1]}, deep=True),
    copy.copy,
    copy.deepcopy,
    lambda i: copy.deepcopy([i, i]),
    lambda i: i.copy(),
    lambda i: i.copy(deep=True),
    lambda i: i.copy(update={"price": 5, "z": 1}),
    lambda i: i.copy(include={"price", "first", "x"}),
    lambda i: i.copy(exclude={"price", "first", "x"}),
    lambda i: i.copy(exclude={"price": True, "inner": ...}),
    lambda i: type(i).model_construct(),
    lambda i: type(i).model_construct(itemName="a", tags="b", path=[3], extra=2, _hits=5),
    lambda i: type(i).model_construct({"name"}, name="a", c=2, first=3, x=4),
    lambda i: type(i).construct(name="a", first=3, left=4),
    lambda i: i.__replace__(price=8, x=9),  # What `copy.replace` calls since Python 3.13.
    lambda i: i.__getstate__(),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("action", COPIES)
def test_copies_are_the_same(model: str, action: Callable[[Any], Any]) -> None:
    def read(m: Any) -> Any:
        copied = action(made(m))
        return state(copied) if isinstance(copied, m) else copied

    assert_same(model, read)


@pytest.mark.parametrize("model", MODELS)
def test_a_deep_copy_shares_nothing(model: str) -> None:
    original = made(STAND_INS.compiled[model])
    for copied in (copy.deepcopy(original), original.model_copy(deep=True)):
        for name, value in copied.__dict__.items():
            assert not isinstance(value, list) or value is not original.__dict__[name]


OTHERS: list[Callable[[Any], Any]] = [
    lambda i: i == made(type(i)),
    lambda i: i != i.model_copy(update={"first": 8, "left": 8, "price": 8, "low": 0}),
    lambda i: i == i.model_dump(),
    lambda i: (i.once, i == made(type(i))),
    lambda i: i.model_copy(update={"_hits": 8}) == i,
    lambda i: change_private(i) == made(type(i)),
    lambda i: i == i.model_copy(update={"x": 5}),
    lambda i: hash(i) == hash(made(type(i))),
    lambda i: len({i, made(type(i))}),
    lambda i: "first" in i,
    lambda i: i["first"],
    dict,
    lambda i: i.model_dump(mode="json", exclude_unset=True),
    lambda i: i.model_dump(include={"price", "first"}, by_alias=True),
    lambda i: i.model_dump_json(indent=1, exclude_defaults=True),
    lambda i: i.model_dump_json(exclude_none=True, round_trip=True),
    lambda i: i.model_copy(
        update={"price": "x", "low": "x", "first": "x", "left": "x"}
    ).model_dump(),
    lambda i: i.model_copy(update={"low": "x", "first": 1.5, "left": True}).model_dump_json(),
    lambda i: i.model_copy(update={"low": "x"}).model_dump_json(warnings=False),
    lambda i: i.model_copy(update={"low": "x"}).model_dump_json(warnings="error"),
    lambda i: i.dict(),
    lambda i: i.dict(by_alias=True, exclude={"price"}),
    lambda i: i.json(),
    lambda i: i.json(indent=2),
    lambda i: i.json(encoder=str),
    lambda i: type(i).parse_obj({"first": 1}),
    lambda i: type(i).parse_raw('{"itemName": "pen"}'),
    lambda i: type(i).parse_raw(b'{"itemName": "pen"'),
    lambda i: type(i).from_orm(i),
    lambda i: type(i).validate({"left": 2}),
    lambda i: type(i).update_forward_refs(),
    lambda i: i.__fields_set__,
    lambda i: i.model_fields_set,
    lambda i: list(i.__pretty__(repr)),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("action", OTHERS)
def test_the_rest_is_the_same(model: str, action: Callable[[Any], Any]) -> None:
    assert_same(model, lambda m: action(made(m)))


def test_pickles_keep_everything() -> None:
    for model in MODELS:
        original = made(STAND_INS.compiled[model])
        assert outcome(state, pickle.loads(pickle.dumps(original))) == outcome(state, original)


def test_values_that_are_not_equal_to_themselves_do_not_count() -> None:
    def compare(model: Any) -> Any:
        changed = made(model).model_copy(update={"first": float("nan"), "price": float("nan")})
        return changed == changed.model_copy(update={"other": 1}), changed == changed.model_copy()

    for model in MODELS:
        assert_same(model, compare)
