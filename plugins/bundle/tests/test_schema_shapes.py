"""What `json` serializes by a shape, pydantic serializes alike and without a warning."""

import importlib.util
import types
import warnings
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.shape import write_shape
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    WrapSerializer,
    computed_field,
    model_serializer,
    model_validator,
)


def _load_json_text() -> types.ModuleType:
    path = RUNTIME / "compiled_pydantic/json_text.py"
    spec = importlib.util.spec_from_file_location("json_text", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


json_text = _load_json_text()


class Item(BaseModel):
    """A model in others."""

    name: str = ""
    count: Annotated[int, AfterValidator(lambda value: value)] = 0


class Order(BaseModel):
    """A model of all that shapes can say."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)

    text: Annotated[str, Field(min_length=1, frozen=True)] = "a"
    number: int | None = None
    flag: bool = Field(default=True, serialization_alias="isFlag")
    nothing: None = None
    kind: Literal["a", "b"] = "a"
    items: list[Item] = []
    names: list[str] | None = None
    by_name: dict[str, list[Item | None]] = {}
    item: Item | None = None

    @model_validator(mode="before")
    @classmethod
    def check(cls, values: Any) -> Any:
        """Return the values."""
        return values


class Longer(Item):
    """A model that serializes more than its base."""

    more: str = "more"


class Text(str):
    """A text of another type."""

    __slots__ = ()


SHAPED = (Item, Order)
for model in SHAPED:
    shape = write_shape(dict(model.__pydantic_core_schema__), lambda kind: kind.__name__)
    setattr(model, "__shape__", eval(shape or "None"))  # noqa: B010 (a metaclass has its own way)

texts = st.text('aé😀\x00\u2028"\\') | st.just("\ud800") | st.builds(Text)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just(b"a")
models = st.builds(Item.model_construct, name=scalars, count=scalars) | st.builds(Longer)
values = st.recursive(
    scalars | models,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scalars, inner, max_size=3),
    max_leaves=6,
)


@given(
    update=st.dictionaries(st.sampled_from([*Order.model_fields, "extra"]), values),
    by_alias=st.booleans(),
)
@example(update={"kind": "c"}, by_alias=False)
@example(update={"text": 1}, by_alias=True)
@example(update={"number": True}, by_alias=False)
@example(update={"items": [Longer()]}, by_alias=False)
@example(update={"by_name": {"a": [Item(), None]}, "names": ["a"], "item": Item()}, by_alias=True)
def test_a_text_by_shape_is_what_pydantic_writes(update: dict[str, Any], *, by_alias: bool) -> None:
    order = Order().model_copy(update=update)
    try:
        text = json_text.to_json(order, by_alias=by_alias)
    except (json_text.NotPlainError, KeyError, ValueError):
        return  # pydantic-core serializes it.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text == order.model_dump_json(by_alias=by_alias)


def test_valid_models_are_written_by_their_shape() -> None:
    order = Order(names=["é"], items=[Item()], by_name={"a": [None, Item(name="b")]}, item=Item())
    assert json_text.to_json(order, by_alias=True) == order.model_dump_json(by_alias=True)


def test_fields_are_written_in_the_order_in_which_they_were_set() -> None:
    item = Item()
    del item.name
    item.name = "last"
    assert json_text.to_json(item, by_alias=False) == '{"count":0,"name":"last"}'
    assert item.model_dump_json() == '{"count":0,"name":"last"}'


class WithComputed(BaseModel):
    """A model with a field that is computed."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def one(self) -> int:
        """Return one."""
        return 1


class WithSerializer(BaseModel):
    """A model that serializes itself."""

    a: int = 1

    @model_serializer
    def dump(self) -> str:
        """Return a text."""
        return "a"


class Recursive(BaseModel):
    """A model in itself."""

    inner: "Recursive | None" = None


class Outer(BaseModel):
    """A model of which a part has no shape."""

    inner: list[WithComputed] = []


class ByAlias(BaseModel):
    """A model that is dumped by alias."""

    model_config = ConfigDict(serialize_by_alias=True)
    a: int = Field(default=1, alias="b")


class SameAlias(BaseModel):
    """A model that writes a name twice."""

    a: int = Field(default=1, serialization_alias="b")
    b: int = 2


def _of(annotation: Any) -> type[BaseModel]:
    return type("Of", (BaseModel,), {"__annotations__": {"a": annotation}, "__module__": __name__})


@pytest.mark.parametrize(
    "model",
    [
        *(WithComputed, WithSerializer, Recursive, Outer, ByAlias, SameAlias),
        RootModel[list[int]],
        _of(float),
        _of(Any),
        _of(Literal[1, True]),
        _of(Annotated[int, PlainSerializer(str)]),
        _of(Annotated[list[int], WrapSerializer(lambda value, handler: handler(value))]),
        _of(list[float]),
        _of(dict[int, str]),
        _of(tuple[int, int]),
        _of(Annotated[int, Field(exclude=True)]),
    ],
)
def test_what_json_would_write_otherwise_has_no_shape(model: type[BaseModel]) -> None:
    assert write_shape(dict(model.__pydantic_core_schema__), lambda kind: kind.__name__) is None
