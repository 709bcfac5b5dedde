"""Models of special kinds do what they do with pydantic."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pydantic
import pytest
from pydantic import TypeAdapter as RealTypeAdapter
from stand_ins import StandIns, load_stand_ins, outcome

KINDS = StandIns("models_for_kinds", Unresolved={"undefined": "Nowhere"})


def assert_same(action: Callable[[Any], Any], name: str) -> None:
    expected = outcome(action, KINDS.real[name])
    assert outcome(action, KINDS.compiled[name]) == expected


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("Tags", lambda m: m()),
        ("Tags", lambda m: m(["b"]).model_dump_json()),
        ("Tags", lambda m: m(root=["b"])),
        ("Tags", lambda m: m(["b"], a=1)),
        ("Tags", lambda m: m(a=1)),
        ("Tags", lambda m: m(3)),
        ("Tags", lambda m: list(m(["b"]))),
        ("Tags", lambda m: m(["b"])[0]),
        ("Tags", lambda m: m(["b"]) == m(["b"])),
        ("Tags", lambda m: m(["b"]) == ["b"]),
        ("Tags", lambda m: m.model_construct(7)),
        ("Tags", lambda m: m.model_construct(7).model_dump()),
        ("Tags", lambda m: m.model_validate_json("[1]")),
        ("Tags", lambda m: m.model_validate_json('["x"]').model_fields_set),
        ("Tags", lambda m: copy.copy(m(["b"]))),
        ("Tags", lambda m: copy.deepcopy(m(["b"])).root),
        ("Tags", lambda m: m(["b"]).model_copy(update={"root": ["c"]})),
        ("Tags", lambda m: m(["b"]).__getstate__()),
        ("Tags", lambda m: m().model_extra),
        ("Tags", lambda m: str(m())),
        ("Tags", lambda m: list(m.model_fields)),
        ("Tags", lambda m: m().dict()),
        ("Whole", lambda m: m(4)),
        ("Whole", lambda m: m(1)),
        ("Whole", lambda m: hash(m(4)) == hash(2)),
        ("Whole", lambda m: setattr(m(4), "root", 4)),
        ("Whole", lambda m: m.halve(8)),
        ("Shape", lambda m: m(name="a")),
        ("Shape", lambda m: m.model_validate({"name": "a"})),
        ("Sketch", lambda m: m(shape=1)),
        ("Square", lambda m: m(name="a", side=3).area()),
        ("Square", lambda m: m(name="a", side=0)),
        ("Square", lambda m: [each.__name__ for each in m.__mro__]),
        ("Entry", lambda m: m(text=" a ")),
        ("Entry", lambda m: m(text=" a ", b=1)),
        ("Entry", lambda m: m.kind),
        ("Entry", lambda m: setattr(m(text="a"), "kind", 1)),
        ("Page", lambda m: m(items=[1, "a"])),
        ("Page", lambda m: m(items=[1, 2, 3])),
        ("Page", lambda m: m.__pydantic_generic_metadata__),
        ("Wrapped", lambda m: m(value=1).model_dump()),
        ("Wrapped", lambda m: m.model_validate({"value": "x"})),
        ("Wrapped", lambda m: m.model_validate({"value": "raise"})),
        ("Wrapped", lambda m: m(value=2).model_dump_json()),
        ("Other", lambda m: m(value=2)),
        ("Other", lambda m: m.model_validate({"value": 2})),
        ("OldConfig", lambda m: hash(m())),
        ("Inherits", lambda m: hash(m())),
        ("Inherits", lambda m: setattr(m(), "more", 3)),
        ("Eq", lambda m: (m(value=[1]) == m(value=[2]), hash(m(value=[])))),
        ("Eq", lambda m: {m(value=[])}),
        ("Made", lambda m: m(name="a", side=2, count="4")),
        ("Made", lambda m: m(name="a", side=2).area()),
        ("Unresolved", lambda m: m()),
        ("Unresolved", lambda m: m.model_validate({})),
        ("Unresolved", lambda m: m.model_rebuild()),
        ("Unresolved", lambda m: m.model_rebuild(force=True)),
        ("Unresolved", lambda m: m.__pydantic_complete__),
        ("Made", lambda m: (m.__name__, m.__qualname__)),
    ],
)
def test_kinds_are_the_same(name: str, action: Callable[[Any], Any]) -> None:
    assert_same(action, name)


def test_subclass_hooks_get_the_same_arguments() -> None:
    assert KINDS.compiled["REGISTRY"] == KINDS.real["REGISTRY"]


def test_models_are_instances_of_their_bases() -> None:
    square = KINDS.compiled["Square"](name="a", side=1)
    assert isinstance(square, KINDS.compiled["Shape"])
    assert issubclass(KINDS.compiled["Made"], KINDS.compiled["BaseModel"])
    assert not isinstance(square, KINDS.compiled["Tags"])


@pytest.mark.parametrize(
    "use",
    [
        lambda m: m(),
        lambda m: m.model_validate({}),
        lambda m: m.model_construct(),
        lambda m: list(m.model_fields),
    ],
)
def test_a_subclass_that_was_not_compiled_raises(use: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"was not compiled|not iterable"):
        use(type("Late", (KINDS.compiled["Square"],), {}))


def test_the_base_itself_cannot_be_instantiated() -> None:
    assert_same(lambda m: m(), "BaseModel")
    assert_same(lambda m: m.model_validate({}), "BaseModel")


@pytest.mark.parametrize(
    "action",
    [
        lambda m: m(items=["1"], first=2),
        lambda m: m(items=["x"]),
        lambda m: m(items=[1, 2, 3]),
        lambda m: m(items=[1]) == m.__base__(items=[1]),
        lambda m: m.__base__(items=[1]) == m(items=[1]),
        lambda m: isinstance(m(items=[1]), m.__base__),
        lambda m: (m.__name__, m.__qualname__),
        lambda m: m.__pydantic_generic_metadata__["args"],
        lambda m: m.__pydantic_generic_metadata__["origin"] is m.__base__,
        lambda m: m.__base__[int] is m,
        lambda m: m(items=[1]).model_copy(update={"items": ["x"]}).model_dump(),
    ],
)
def test_generics_are_the_same(action: Callable[[Any], Any]) -> None:
    real, compiled = KINDS.concrete("Page", int)
    assert outcome(action, compiled) == outcome(action, real)


def test_an_instance_of_a_generic_class_can_be_pickled() -> None:
    page = KINDS.concrete("Page", int)[1](items=[1])
    assert pickle.loads(pickle.dumps(page)) == page


def test_a_generic_class_that_was_not_compiled_raises() -> None:
    with pytest.raises(TypeError, match="was not compiled with these type arguments"):
        KINDS.compiled["Page"][bytes](items=[])


def test_a_generic_class_with_its_own_parameters_is_itself() -> None:
    page = KINDS.compiled["Page"]
    assert page[KINDS.compiled["T"]] is page


def test_root_models_of_other_types_differ() -> None:
    def equal(ints: Any, strings: Any) -> Any:
        return ints([]) == strings([]), ints([]) == ints([])

    ints, compiled_ints = KINDS.concrete("RootModel", list[int])
    strings, compiled_strings = KINDS.concrete("RootModel", list[str])
    assert outcome(equal, compiled_ints, compiled_strings) == outcome(equal, ints, strings)


@pytest.mark.parametrize("config", [None, {"strict": True}])
@pytest.mark.parametrize(
    "action",
    [
        lambda a: a.validate_python(["1", 2]),
        lambda a: a.validate_python(["x"]),
        lambda a: a.validate_python(["1"], strict=False),
        lambda a: a.validate_python([1], by_alias=False),
        lambda a: a.validate_json("[1, 2"),
        lambda a: a.validate_json("[1, 2", experimental_allow_partial=True),
        lambda a: a.validate_strings(["1"]),
        lambda a: a.dump_python([1]),
        lambda a: a.dump_python(["x"], mode="json"),
        lambda a: a.dump_json([1]),
        lambda a: a.dump_json(["x"], indent=1),
        lambda a: a.get_default_value(),
        lambda a: a.rebuild(),
        lambda a: a.rebuild(force=True),
        lambda a: a.pydantic_complete,
        repr,
    ],
)
def test_type_adapters_are_the_same(config: Any, action: Callable[[Any], Any]) -> None:
    real = RealTypeAdapter(list[int], config=config)
    compiled = load_stand_ins().TypeAdapter(
        lambda: real.core_schema, name="list[int]", config=config
    )
    assert outcome(action, compiled) == outcome(action, real)


def test_a_type_adapter_of_a_model_uses_the_model() -> None:
    def validate(package: Any, model: Any) -> Any:
        adapter = package.TypeAdapter(model)
        return adapter, adapter.validate_python({"name": "a", "side": 1})

    real, compiled = KINDS.real["Square"], KINDS.compiled["Square"]
    assert outcome(validate, load_stand_ins(), compiled) == outcome(
        lambda: (RealTypeAdapter(real), real(name="a", side=1))
    )
    assert load_stand_ins().TypeAdapter(compiled).validator is compiled.__pydantic_validator__


@pytest.mark.parametrize("name", ["allow", "ignore", "forbid", "other"])
def test_values_of_extra_warn(name: str) -> None:
    def read(package: Any) -> Any:
        return getattr(package.Extra, name)

    assert outcome(read, load_stand_ins()) == outcome(read, pydantic)
