"""A compiled model behaves like its original: it has the same values, JSON and errors."""

import copy
import functools
import importlib
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_bundle.models.worker import compile_modules
from pydantic import BaseModel
from pydantic_core import ValidationError
from stand_ins import load_stand_ins

from dev.service import ROOT

LINE = {"itemId": "lucky-charm", "quantity": 3}
CHARM = {"item_id": "01a1fac9-840f-7689-96e1-b783bdec023a", "quantity": 3}
STORED_CHARM = {**CHARM, "name": "ß", "price": "1.50"}
ORDER_ID = "47ebd0eb-153a-5f38-a7e5-bbf276a33fa3"
# Valid inputs by model. `near` makes invalid ones from them. A model without examples is tried with
# any JSON.
EXAMPLES: dict[str, list[Any]] = {
    "lucky_numbers.InputPayload": [
        {"name": "SilentByte", "count": 10},
        {"name": "ß", "count": 0, "x": []},
    ],
    "lucky_numbers.OutputPayload": [{"message": "Hi", "numbers": [1, 41]}],
    "claps.Applause": [{"slug": "a", "claps": 1}, {"slug": "ß" * 512, "claps": 20}],
    "claps.ApplauseHeaders": [{"idempotency-key": "k"}, {}],
    "claps.ClapsQuery": [{"slug": "a"}],
    "claps.ClapCount": [{"slug": "a", "claps": 3, "viewerClapCount": 2, "limit": 20}],
    "hello.HelloQuery": [{"first_name": "Ada"}, {}],
    "items.CreationHeaders": [{"idempotency-key": "k"}, {}],
    "items.NewItem": [
        {"name": "a", "price": "1.5"},
        {"name": "a", "price": "1000000", "description": "b"},
    ],
    "items.Item": [{"id": "x", "name": "a", "price": "1.50", "description": None, "version": 1}],
    "items.ItemPath": [{"id": "01a1fac9-840f-7689-96e1-b783bdec023a"}],
    "items.ListQuery": [{"limit": 3, "cursor": "c", "consistent": "true"}, {}],
    "items.ItemList": [{"items": [], "cursor": None}],
    "orders.Line": [CHARM],
    "orders.NewOrder": [{"user_id": "ada", "order_items": [CHARM]}],
    "orders.OrderHeaders": [{"idempotency-key": "k"}, {}],
    "orders.OrderPath": [{"order_id": ORDER_ID}],
    "orders.PricedLine": [{**CHARM, "name": "ß", "price": "1.50"}],
    "orders.Order": [
        {
            "order_id": ORDER_ID,
            "user_id": "ada",
            "order_status": "ORDERED",
            "cart_product_status": "PENDING",
            "order_items": [{**CHARM, "name": "ß", "price": "1.50"}],
            "order_total": "4.50",
            "order_date": "2026-11-21T00:00:00.000Z",
        }
    ],
    "orders.StoredLine": [STORED_CHARM],
    "orders.StoredOrder": [
        {
            "order_id": ORDER_ID,
            "user_id": "ada",
            "order_status": "ORDERED",
            "cart_product_status": "PENDING",
            "order_items": [STORED_CHARM],
            "order_total": "4.50",
            "order_date": "2026-11-21T00:00:00.000Z",
            "PK": "a",
        }
    ],
    "orders.Cart": [{"order_id": ORDER_ID, "order_items": [CHARM]}],
    "zoo.Line": [LINE],
    "zoo.Scalars": [
        {"text": " A ", "number": 1},
        {"text": "a", "number": 2, "either": "x", "tree": {"a": [1]}, "texts": ["é\u2028\x7f\x00"]},
    ],
    "zoo.Rich": [
        {"price": "1.50"},
        {"price": 2, "at": "2026-11-20T12:00:00Z", "day": "2026-11-20", "moment": "12:00"},
        {"price": "0", "lasting": "PT5M", "id": "00000000-0000-4000-8000-000000000001"},
        {
            "price": "1e1",
            "ratio": 1e300,
            "raw": "é",
            "colour": "blue",
            "level": 1,
            "pair": [2, "b"],
        },
        {"price": 1.5, "many": [1, 2], "unique": [3, 3], "frozen": ["c"], "anything": {"a": [1.5]}},
    ],
    "zoo.Order": [
        {"lines": [LINE], "secret": "s"},
        {"lines": [LINE, LINE], "first": LINE, "by_name": {"a": LINE}, "fixed": 2},
    ],
    "zoo.Rush": [{"lines": [LINE], "deadline": "2026-11-20"}],
    "zoo.Open": [{"kNown": 1}, {"known": 2, "other": {"a": 1}}],
    "zoo.Node": [
        {"value": 1, "children": [{"value": 2}, {"value": 3, "children": [{"value": 4}]}]}
    ],
    "zoo.Cat": [{"kind": "cat", "lives": 9}],
    "zoo.Dog": [{"kind": "dog", "name": "Rex"}],
    "zoo.Owner": [
        {"pet": {"kind": "cat", "lives": 7}},
        {"pet": {"kind": "dog", "name": "Rex"}, "pets": [{"kind": "cat", "lives": 1}]},
    ],
    "zoo.Named": [{"metadata": {"a": "b"}}, {"metadata": {}, "ref": 2, "fields": {"ref": "a"}}],
    "zoo.MetadataTagged": [{"tag": "metadata"}],
    "zoo.RefTagged": [{"tag": "ref"}],
    "zoo.TaggedOwner": [{"tagged": {"tag": "metadata"}}, {"tagged": {"tag": "ref"}}],
    "zoo.Later": [{"last": {"value": 1}}],
    "zoo.Last": [{"value": 1}],
    "zoo.Excluding": [{"shown": 3, "hidden": 4}],
    "zoo.Empty": [{}, {"x": 1}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children),
    max_leaves=8,
)
EDGE_CASES: st.SearchStrategy[Any] = st.sampled_from(
    [0, -1, 2**64, 1.0, 0.1, True, None, "", "1", "1.999", "red", "S", "cat", "NaN", [], {}]
)


@st.composite
def near(draw: st.DrawFn, examples: list[Any]) -> Any:
    """Return an example with up to three members replaced, removed or added."""
    document = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(0, 3))):
        inner = document
        while isinstance(inner, dict | list) and inner:
            keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            key = draw(st.sampled_from(keys))
            if draw(st.booleans()) and isinstance(inner[key], dict | list) and inner[key]:
                inner = inner[key]
                continue
            if draw(st.integers(0, 3)) == 0:
                del inner[key]
            else:
                inner[key] = draw(EDGE_CASES | JSON)
            break
        if isinstance(inner, dict) and draw(st.booleans()):
            inner[draw(st.sampled_from(["x", "quantity", "kind"]) | st.text())] = draw(JSON)
    return document


def key_of(model: Any) -> str:
    """Return the key of a model in EXAMPLES."""
    return f"{model.__module__.split('.')[-2]}.{model.__name__}"


def examples_of(model: Any) -> list[Any]:
    """Return the examples of a model, which may be none."""
    return EXAMPLES.get(key_of(model), [])


def like(model: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for documents that are valid for a model, or nearly."""
    examples = examples_of(model)
    return near(examples) if examples else st.dictionaries(st.text(), JSON)


@functools.cache
def load(name: str) -> tuple[ModuleType, ModuleType]:
    """Return a module of models, and that module compiled."""
    path = f"{name.replace('.', '/')}.py"
    source = compile_modules(ROOT, {name: path})["files"][path]
    load_stand_ins()
    compiled = ModuleType(name)
    exec(compile(source, f"compiled {name}", "exec"), vars(compiled))
    return importlib.import_module(name), compiled


def modules() -> list[str]:
    """Return the names of all modules of models, with the zoo."""
    paths = [path for path in ROOT.glob("*/payload.py") if not path.parent.name.startswith(".")]
    return [*sorted(f"{path.parent.name}.payload" for path in paths), "tests.support.zoo.payload"]


def pairs() -> Iterator[Any]:
    """Yield each model, with the compiled one."""
    for name in modules():
        original, compiled = load(name)
        for model in vars(original).values():
            if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel:
                pair = model, getattr(compiled, model.__name__)
                yield pytest.param(*pair, id=f"{name}.{model.__name__}")


PAIRS = list(pairs())
EACH_PAIR = pytest.mark.parametrize(("model", "compiled"), PAIRS)
MODELS = [model for model, _ in (pair.values for pair in PAIRS)]
# Per model, and there are many models.
FEWER_EXAMPLES = settings(max_examples=settings().max_examples // 2)


def outcome(read: Any) -> Any:
    """Return all that a handler can see of the model that `read` returns, or its errors."""
    try:
        model = read()
    except ValidationError as invalid:
        return invalid.title, invalid.errors(include_url=False)
    return (
        repr(model),
        str(model),
        repr(copy.copy(model)),
        repr(copy.deepcopy(model)),
        sorted(model.model_fields_set),
        model.model_extra,
        dumps(model),
        dumps(model, by_alias=True),
        dumps(model, exclude_unset=True),
        repr(model.model_dump()),
        repr(model.model_dump(mode="json", by_alias=True)),
        dict(model).keys(),
    )


def dumps(model: Any, **options: Any) -> str:
    """Return the JSON of a model, or the error."""
    try:
        return str(model.model_dump_json(**options))
    except Exception as error:  # noqa: BLE001
        return repr(error)


@EACH_PAIR
@FEWER_EXAMPLES
@given(data=st.data())
def test_json_is_validated_and_serialized_alike(
    model: Any, compiled: Any, data: st.DataObject
) -> None:
    document = data.draw(like(model) | JSON)
    text = json.dumps(document)
    expected = outcome(lambda: model.model_validate_json(text))
    assert repr(outcome(lambda: compiled.model_validate_json(text))) == repr(expected)


@EACH_PAIR
@FEWER_EXAMPLES
@given(data=st.data())
def test_objects_are_validated_and_serialized_alike(
    model: Any, compiled: Any, data: st.DataObject
) -> None:
    document = data.draw(like(model) | JSON)
    for strict in (None, False, True):
        expected, actual = (
            outcome(lambda: each.model_validate(document, strict=strict))  # noqa: B023
            for each in (model, compiled)
        )
        assert repr(actual) == repr(expected)


def in_strings(document: Any) -> Any:
    """Return a document with every value but objects turned into a string."""
    if isinstance(document, dict):
        return {name: in_strings(each) for name, each in document.items()}
    return document if isinstance(document, str) else json.dumps(document)


@st.composite
def strings_like(draw: st.DrawFn, model: Any) -> Any:
    """Return a dict of strings that is valid for a model, or nearly."""
    strings = in_strings(draw(st.sampled_from(examples_of(model) or [{}])))
    texts = st.sampled_from(["1", "0", "01", "1.0", "1e3", "-0", "٣", "", "red", "a"]) | st.text()
    names = st.sampled_from([*strings, "x"]) | st.text()
    return strings | draw(st.dictionaries(names, texts, max_size=3))


@EACH_PAIR
@FEWER_EXAMPLES
@given(data=st.data())
def test_strings_are_validated_and_serialized_alike(
    model: Any, compiled: Any, data: st.DataObject
) -> None:
    strings = data.draw(strings_like(model))
    expected = outcome(lambda: model.model_validate_strings(strings))
    assert repr(outcome(lambda: compiled.model_validate_strings(strings))) == repr(expected)


@EACH_PAIR
@FEWER_EXAMPLES
@given(data=st.data())
def test_construction_and_equality_are_alike(
    model: Any, compiled: Any, data: st.DataObject
) -> None:
    documents = [data.draw(like(model)) for _ in range(2)]
    if not all(isinstance(each, dict) for each in documents):
        return
    expected = outcome(lambda: model(**documents[0]))
    assert repr(outcome(lambda: compiled(**documents[0]))) == repr(expected)
    made = [outcome(lambda: model(**each)) for each in documents]  # noqa: B023
    if not any(isinstance(each[1], list) for each in made):
        a, b = (model(**document) for document in documents)
        c, d = (compiled(**document) for document in documents)
        assert (c == d) == (a == b)
        assert c == compiled(**documents[0])
        assert (c == documents[0]) is False


@EACH_PAIR
def test_examples_are_valid(model: Any, compiled: Any) -> None:
    for example in examples_of(model):
        assert repr(compiled.model_validate_json(json.dumps(example))) == repr(
            model.model_validate_json(json.dumps(example))
        )


def test_every_key_of_the_examples_is_a_model() -> None:
    assert EXAMPLES.keys() <= {key_of(model) for model in MODELS}


def test_most_models_accept_an_example_in_strings() -> None:
    def accepts(model: Any, example: Any) -> bool:
        try:
            model.model_validate_strings(in_strings(example))
        except ValidationError:  # A model with a list, which strings cannot express.
            return False
        return True

    accepting = [
        model for model in MODELS if any(accepts(model, each) for each in examples_of(model))
    ]
    assert len(accepting) > len(MODELS) / 2


def zoo() -> tuple[Any, Any]:
    """Return the zoo, and the zoo compiled."""
    return load("tests.support.zoo.payload")


def error_of(action: Any) -> Any:
    """Return the error that an action raises, or None."""
    try:
        action()
    except ValidationError as invalid:
        return invalid.errors(include_url=False)
    except (ValueError, TypeError, AttributeError) as error:
        return repr(error)
    return None


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("Line", "quantity", 4),
        ("Scalars", "number", 4),
        ("Scalars", "number", "x"),
        ("Scalars", "unknown", 1),
        ("Order", "lines", []),
        ("Order", "secret", 1),
        ("Order", "fixed", 2),
        ("Open", "other", 2),
        ("Line", "_private", 1),
    ],
)
def test_attributes_are_set_or_refused_alike(name: str, field: str, value: Any) -> None:
    seen = []
    for module in zoo():
        model = getattr(module, name).model_validate(EXAMPLES[f"zoo.{name}"][0])
        refused = error_of(lambda: setattr(model, field, value))  # noqa: B023
        seen.append((refused, repr(model), sorted(model.model_fields_set), dumps(model)))
    assert repr(seen[0]) == repr(seen[1])


def test_attributes_are_deleted_or_refused_alike() -> None:
    for name, field in (("Line", "quantity"), ("Order", "secret"), ("Order", "fixed")):
        models = [
            getattr(module, name).model_validate(EXAMPLES[f"zoo.{name}"][0]) for module in zoo()
        ]
        refused = [error_of(lambda: delattr(model, field)) for model in models]  # noqa: B023
        assert repr(refused[0]) == repr(refused[1])
        assert hasattr(models[0], field) == hasattr(models[1], field)


def test_strings_that_the_standard_library_cannot_encode_are_serialized_alike() -> None:
    for text in ("\ud800", "a"):
        models = [module.Scalars.model_validate(EXAMPLES["zoo.Scalars"][0]) for module in zoo()]
        for model in models:
            model.text = text
        assert dumps(models[0]).partition(":")[0] == dumps(models[1]).partition(":")[0]


def test_an_unpaired_surrogate_in_plain_fields_is_refused_alike() -> None:
    lines = [module.Line.model_validate(LINE) for module in zoo()]
    errors = [dumps(line.model_copy(update={"item_id": "\ud800"})) for line in lines]
    assert "surrogates not allowed" in errors[0]
    assert errors[1] == errors[0]


def test_input_that_a_model_hides_in_errors_stays_hidden() -> None:
    for module in load("orders.payload"):
        with pytest.raises(ValidationError) as refused:
            module.StoredOrder.model_validate({"user_id": "hunter 2"})
        assert "user_id" in str(refused.value)
        assert "hunter" not in str(refused.value)


def test_frozen_models_are_hashed_by_their_fields_and_others_are_not_hashable() -> None:
    for module in zoo():
        lines = [module.Line.model_validate(LINE) for _ in range(2)]
        assert len(set(lines)) == 1
        order = module.Order.model_validate(EXAMPLES["zoo.Order"][0])
        assert "unhashable" in error_of(lambda: hash(order))  # noqa: B023


def test_a_missing_attribute_raises_the_same_error() -> None:
    lines = [module.Line.model_validate(LINE) for module in zoo()]
    errors = [error_of(lambda: line.unknown) for line in lines]  # noqa: B023
    assert (
        errors[0] == errors[1] == repr(AttributeError("'Line' object has no attribute 'unknown'"))
    )
    open_models = [module.Open.model_validate({"kNown": 1, "other": 2}) for module in zoo()]
    assert [each.other for each in open_models] == [2, 2]


def test_models_are_copied_alike() -> None:
    for module in zoo():
        line = module.Line.model_validate(LINE)
        other = line.model_copy(update={"quantity": 5})
        assert (line.quantity, other.quantity, other.item_id) == (3, 5, "lucky-charm")
        assert line.model_copy() == line
        assert other != line


def test_constants_and_enums_beside_models_are_kept() -> None:
    original, compiled = zoo()
    for name in ("QUANTITY_MAX", "SIZES", "PRICE_MIN", "RATE", "PRICE_MAX", "RATES"):
        assert getattr(compiled, name) == getattr(original, name)
    assert [each.value for each in compiled.Colour] == [each.value for each in original.Colour]
    assert compiled.Level.TOP is compiled.Level.HIGH
    assert issubclass(compiled.Rush, compiled.Order)
    assert compiled.Line.__doc__ == original.Line.__doc__
