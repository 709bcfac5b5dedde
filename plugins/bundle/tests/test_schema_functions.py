"""Schemas that were written name the Python code of their module, and behave as the originals."""

import ast
import importlib
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lambda_bundle.imports import find_imports
from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.shared import Shared
from lambda_bundle.problems import BundleError
from schemas_written import OUTCOMES, write_taken

Compile = Callable[[str], "Compiled"]


class Compiled:
    """A module of models, with the schemas that were written for it."""

    def __init__(self, module: types.ModuleType, source: str) -> None:
        self.module = module
        self.shared = Shared()
        self.writer = SchemaWriter(module, ast.parse(source), self.shared)

    def write(self, name: str) -> str:
        """Return the schema of a class as it was written."""
        owner = getattr(self.module, name)
        return self.writer.write_schema(name, _schema(owner), owner)

    def outcomes(self, name: str, inputs: list[Any]) -> Any:
        """Return what the written schema of a class makes of inputs."""
        text = self.write(name)
        namespace = vars(self.module)
        write_taken(self.shared.pydantic, Path(str(self.module.__file__)).parent)
        exec("\n".join(self.writer.imports), namespace)
        _capture(self.shared)
        with _incomplete(self.module):
            schema = eval(f"lambda cls: {text}", namespace)(getattr(self.module, name))
            return _outcomes(schema, inputs)

    def expected(self, name: str, inputs: list[Any]) -> Any:
        """Return what pydantic's schema makes of inputs."""
        with _incomplete(self.module):
            return _outcomes(_schema(getattr(self.module, name)), inputs)


def _schema(owner: Any) -> Any:
    return owner.core_schema if hasattr(owner, "core_schema") else owner.__pydantic_core_schema__


def _outcomes(schema: Any, inputs: list[Any]) -> Any:
    namespace: dict[str, Any] = {}
    exec(OUTCOMES, namespace)
    model = schema["schema"] if schema["type"] == "definitions" else schema
    return namespace["outcomes"](schema, inputs, model.get("config"))


@contextmanager
def _incomplete(module: types.ModuleType) -> Iterator[None]:
    """Let the core build new validators for classes that have one already."""
    classes = [each for each in vars(module).values() if hasattr(each, "__pydantic_complete__")]
    own = [
        each
        for each in classes
        if isinstance(each, type) and "__pydantic_validator__" in vars(each)
    ]
    for each in own:
        each.__pydantic_complete__ = False  # type: ignore[attr-defined]
    yield
    for each in own:
        each.__pydantic_complete__ = True  # type: ignore[attr-defined]


def _capture(shared: Shared) -> None:
    """Give classes the values that stay in their bodies, as the runtime does."""
    for owner, field in shared.captured:
        info = owner.__pydantic_fields__[field]  # type: ignore[attr-defined]
        value = info.default_factory or info.default
        if "__captured__" not in vars(owner):
            owner.__captured__ = {}  # type: ignore[attr-defined]
        owner.__captured__[field] = value  # type: ignore[attr-defined]


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """Return a function that imports a module of models with this source."""
    monkeypatch.syspath_prepend(tmp_path)

    def compiled(source: str) -> Compiled:
        (tmp_path / "models.py").write_text(PRELUDE + source)
        for name in [*sys.modules]:
            if name.partition(".")[0] in {"compiled_pydantic", "models"}:
                monkeypatch.delitem(sys.modules, name)
        importlib.invalidate_caches()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of pydantic's deprecated decorators.
            return Compiled(importlib.import_module("models"), PRELUDE + source)

    return compiled


PRELUDE = """
from collections import OrderedDict
from typing import *
import pydantic
import pydantic.alias_generators
from pydantic import *
from pydantic import dataclasses as pydantic_dataclasses
from typing_extensions import TypedDict
import dataclasses, datetime, decimal, enum, functools, operator, re, typing, uuid
from pydantic_core import PydanticCustomError, core_schema
"""

# By name: a module, the name of its class, and inputs.
CASES: dict[str, tuple[str, str, list[Any]]] = {
    "validators of fields": (
        """
class Model(BaseModel):
    a: int
    b: str = "b"
    c: list[int] = []
    d: Any = None

    @field_validator("a", mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        return len(value) if isinstance(value, str) else value

    @field_validator("b")
    @classmethod
    def check(cls, value: str, info: ValidationInfo) -> str:
        if value == "bad":
            raise ValueError("bad b")
        return f"{value} {info.field_name} {sorted(info.data)}"

    @field_validator("c", mode="wrap")
    @classmethod
    def wrap(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        return [0, *handler(value)]

    @field_validator("d", mode="plain")
    def plain(cls, value: Any) -> Any:
        return repr(value)
""",
        "Model",
        [{"a": "abc"}, {"a": 1, "b": "bad"}, {"a": 1, "c": ["1", 2], "d": {}}, {}, 5],
    ),
    "validators of models": (
        """
class Model(BaseModel):
    a: int = 1

    @model_validator(mode="before")
    @classmethod
    def before(cls, value: Any) -> Any:
        return {"a": value} if isinstance(value, int) else value

    @model_validator(mode="wrap")
    @classmethod
    def around(cls, value: Any, handler: Any) -> Any:
        if value == "none":
            raise ValueError("none")
        return handler(value)

    @model_validator(mode="after")
    def after(self) -> Any:
        if self.a > 9:
            raise PydanticCustomError("too_big", "{a} is too big", {"a": self.a})
        return self
""",
        "Model",
        [1, {"a": 10}, "none", {}, {"a": "x"}],
    ),
    "inherited and overridden validators": (
        """
class Base(BaseModel):
    a: str
    b: str = "b"

    @field_validator("a")
    @classmethod
    def check(cls, value: str) -> str:
        return f"{cls.__name__} {value}"

    @field_validator("b")
    @classmethod
    def other(cls, value: str) -> str:
        return value * 2

    @field_serializer("a")
    def dump(self, value: str) -> str:
        return value.upper()

class Model(Base):
    @field_validator("b")
    @classmethod
    def other(cls, value: str) -> str:
        return value * 3
""",
        "Model",
        [{"a": "x", "b": "y"}, {}],
    ),
    "reused, static, mangled and partial validators": (
        """
def shout(value: str) -> str:
    return value.upper()

def of_class(cls, value: str) -> str:
    return cls.__name__ + value

class Model(BaseModel):
    a: str
    b: str = "b"
    c: str = "c"
    d: str = "d"
    e: str = "e"

    _shout = field_validator("a")(shout)
    _name = field_validator("b")(of_class)

    @field_validator("c")
    @staticmethod
    def static(value: str) -> str:
        return value + "!"

    @field_validator("d")
    @classmethod
    def __private(cls, value: str) -> str:
        return value + "?"

    def repeat(cls, value: str, *, count: int) -> str:
        return value * count

    _repeat = field_validator("e")(functools.partial(lambda value, n: value * n, n=3))
""",
        "Model",
        [{"a": "x"}, {"a": "x", "b": "y", "c": "z", "d": "d", "e": "e"}],
    ),
    "pydantic 1 validators": (
        """
class Model(BaseModel):
    a: str
    b: str = "b"
    c: list[int] = [1]

    @validator("a", pre=True)
    def strip(cls, value):
        return value.strip()

    @validator("b", always=True)
    def join(cls, value, values):
        return value + str(values)

    @validator("c", each_item=True)
    def double(cls, value, **kwargs):
        return value * 2 + len(kwargs)

    @root_validator(pre=True)
    def before(cls, values):
        return {"a": "x", **values}

    @root_validator(skip_on_failure=True)
    def after(cls, values):
        return {**values, "a": values["a"] + "."}
""",
        "Model",
        [{}, {"a": " y "}, {"a": "y", "c": [1, 2]}, {"a": 5}],
    ),
    "serializers and computed fields": (
        """
class Model(BaseModel):
    a: int
    when: datetime.date = datetime.date(2020, 1, 1)

    @field_serializer("a", when_used="json")
    def dump(self, value: int) -> str:
        return hex(value)

    @field_serializer("when", mode="wrap")
    def around(self, value: Any, handler: Any, info: FieldSerializationInfo) -> str:
        return f"{handler(value)} {info.field_name} {info.mode}"

    @computed_field
    @property
    def double(self) -> int:
        return self.a * 2

    @computed_field(alias="tripled", return_type=str)
    @functools.cached_property
    def triple(self):
        return str(self.a * 3)

    @field_serializer("double")
    def dump_double(self, value: int) -> str:
        return f"<{value}>"
""",
        "Model",
        [{"a": 5}, {"a": 5, "when": "2021-01-01"}, {}],
    ),
    "serializer of a model": (
        """
class Model(BaseModel):
    a: int

    @model_serializer(mode="wrap")
    def dump(self, handler: Any, info: SerializationInfo) -> dict[str, Any]:
        return {**handler(self), "mode": info.mode}
""",
        "Model",
        [{"a": 5}],
    ),
    "defaults": (
        """
class Level(enum.Enum):
    LOW = "low"

class Flags(enum.Flag):
    A = 1
    B = 2

class Opaque:
    def __repr__(self):
        return "opaque"

def make() -> list[int]:
    return [1]

class Base(BaseModel):
    inherited: list[int] = Field(default_factory=lambda: [7])

class Model(Base):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    level: Level = Level.LOW
    flags: Flags = Flags.A | Flags.B
    opaque: Opaque = Opaque()
    made: list[int] = Field(default_factory=make)
    plain: list[int] = Field(default_factory=list)
    copied: dict[str, list[int]] = {"a": [1]}
    late: list[int] = Field(default_factory=lambda: [1, 2])
    from_data: int = Field(default_factory=lambda data: len(data))
    amount: decimal.Decimal = decimal.Decimal("1.50")
    span: datetime.timedelta = datetime.timedelta(days=1, seconds=3)
    at: datetime.datetime = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    id: uuid.UUID = uuid.UUID(int=5)
    pattern: re.Pattern = re.compile("a+", re.I)
    infinite: float = float("inf")
    nested: Base = Base()
    checked: Annotated[int, Field(validate_default=True)] = "x"
""",
        "Model",
        [{"checked": 1}, {}, {"checked": 1, "inherited": [1]}],
    ),
    "functions in annotations": (
        """
class Adder:
    def __init__(self, n):
        self.n = n
    def __call__(self, value):
        return value + self.n
    def twice(self, value):
        return value + 2 * self.n

add_one, LIMIT = Adder(1), 5

def at_most(value: int, limit: int) -> int:
    if value > limit:
        raise ValueError(f"more than {limit}")
    return value

def closure(n):
    return lambda value: value + n + LIMIT

def check(n):
    def inner(value):
        return value - n
    return inner

checked = check(3)
Small = Annotated[int, AfterValidator(functools.partial(at_most, limit=3))]
Length = Annotated[int, BeforeValidator(lambda v: len(v) if isinstance(v, str) else v)]
def swapped(value, handler): return -handler(value)

class Model(BaseModel):
    a: Small = 0
    b: Length = 0
    c: Annotated[int, AfterValidator(add_one)] = 0
    d: Annotated[int, AfterValidator(add_one.twice), WrapValidator(swapped)] = 0
    e: Annotated[int, AfterValidator(closure(7))] = 0
    f: Annotated[
        int, AfterValidator(lambda v, n=4, *, m=LIMIT: v * n * m), AfterValidator(lambda v: v + 1)
    ] = 0
    g: Annotated[str, BeforeValidator(operator.itemgetter(0)), AfterValidator(str.upper)] = "g"
    h: Annotated[Any, PlainValidator(operator.attrgetter("real", "imag"))] = None
    i: Annotated[int, PlainSerializer(lambda v: f"{v:x}", return_type=str, when_used="json")] = 0
    j: Annotated[int, WrapSerializer(lambda v, handler, info: [handler(v), info.mode])] = 0
    k: Annotated[int, AfterValidator(checked)] = 0
    l: Annotated[dict, BeforeValidator(dict.fromkeys)] = {}
    m: Annotated[Any, BeforeValidator(re.compile("a").match)] = None
""",
        "Model",
        [
            {"a": 3, "b": "xyz", "c": 1, "d": 2, "e": 3, "f": 4, "g": ["a"], "h": 5, "i": 255},
            {"a": 4, "j": 5, "k": 9, "l": "ab", "m": "b"},
            {"b": "x" * 3},
        ],
    ),
    "functions made by functions": (
        """
LIMIT = 5

def between(low, high):
    def check(value: int, plus=1, *, times=LIMIT) -> int:
        if not low <= value <= high:
            raise ValueError(f"{value} is not between {low} and {high}")
        return value * times + plus
    return check

class Maker:
    @classmethod
    def make(cls, kind):
        def outer(n):
            def inner(value): return kind(value + n)
            return inner
        return outer(2)

class Model(BaseModel):
    a: Annotated[int, AfterValidator(between(1, high=3))]
    b: Annotated[Any, AfterValidator(Maker.make(str))] = 0
    c: Annotated[Any, PlainSerializer(between(0, 9), return_type=int)] = 0
""",
        "Model",
        [{"a": 2, "b": 1}, {"a": 4, "c": 10}, {}],
    ),
    "unions": (
        """
class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9

class Dog(BaseModel):
    kind: Literal["dog", "hound"]

def kind_of(value: Any) -> str | None:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)

class Model(BaseModel):
    a: Annotated[Cat | Dog, Field(discriminator="kind")]
    b: Annotated[
        Annotated[Cat, Tag("cat")] | Annotated[Dog, Tag("dog")],
        Discriminator(
            kind_of,
            custom_error_type="odd",
            custom_error_message="Odd {x}",
            custom_error_context={"x": 1},
        ),
    ] = Cat(kind="cat")
    c: Annotated[int | str, Field(union_mode="left_to_right")] = 0
    d: Cat | Dog | None = None
    e: Annotated[
        Annotated[int, Tag("i")] | Annotated[str, Tag("s")],
        Discriminator(lambda v: "i" if isinstance(v, int) else "s"),
    ] = 0
""",
        "Model",
        [
            {"a": {"kind": "cat"}},
            {"a": {"kind": "hound"}, "b": {"kind": "dog"}, "c": "5", "e": "x"},
            {"a": {"kind": "cow"}, "b": {"kind": "cow"}},
            {"a": {}, "d": {"kind": "x"}},
        ],
    ),
    "recursion and definitions": (
        """
class Leaf(BaseModel):
    n: int

class Model(BaseModel):
    name: str
    children: list["Model"] = []
    leaf: Leaf | None = None
    other: Optional["Other"] = None

class Other(BaseModel):
    back: Model | None = None
    leaf: Leaf | None = None

Model.model_rebuild()
""",
        "Model",
        [
            {"name": "a", "children": [{"name": "b", "leaf": {"n": 1}}]},
            {"name": "a", "other": {"back": {"name": "c"}, "leaf": {"n": "x"}}},
        ],
    ),
    "dataclasses, named tuples and typed dicts": (
        """
def make(): return [3]

@dataclasses.dataclass
class Plain:
    a: int
    b: list[int] = dataclasses.field(default_factory=lambda: [1])
    c: list[int] = dataclasses.field(default_factory=make)

@pydantic_dataclasses.dataclass(config=ConfigDict(str_max_length=3))
class Checked:
    a: str
    b: list[int] = Field(default_factory=lambda: [2])
    c: int = Field(default=1, alias="see")

    @field_validator("a")
    @classmethod
    def check(cls, value: str) -> str:
        return cls.__name__ + value

class Point(NamedTuple):
    x: int
    y: list[int] = [5]

class Movie(TypedDict, total=False):
    name: Required[str]
    year: Annotated[int, Field(gt=1900)]

class Color(str, enum.Enum):
    RED = "red"
    @classmethod
    def _missing_(cls, value):
        return cls.RED if value == "rot" else None

class Model(BaseModel):
    model_config = ConfigDict(use_enum_values=True)
    plain: Plain | None = None
    checked: Checked | None = None
    point: Point | None = None
    movie: Movie | None = None
    color: Color | None = None
    number: Literal[Color.RED, 1] | None = None
""",
        "Model",
        [
            {"plain": {"a": 1}, "checked": {"a": "x", "see": 2}, "point": (1,), "color": "rot"},
            {"plain": {}, "checked": {"a": "long"}, "point": (1, 2, 3), "movie": {"year": 1}},
            {"movie": {"name": "x", "year": 2000}, "color": "blue", "number": "red"},
        ],
    ),
    "own types": (
        """
class Own:
    def __init__(self, text): self.text = text
    def __repr__(self): return f"Own({self.text})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        return core_schema.no_info_after_validator_function(
            cls.validate, core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda o: o.text),
        )

    @classmethod
    def validate(cls, text):
        return cls(text)

class Annotating:
    def __get_pydantic_core_schema__(self, source, handler):
        check = core_schema.no_info_plain_validator_function(self.check)
        return core_schema.chain_schema([handler(source), check])
    def check(self, value):
        return value + 1

annotating = Annotating()

class Other(Own):
    pass

class Model(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    own: Own
    other: Other | None = None
    number: Annotated[int, annotating] = 0
    any: OrderedDict[str, int] | None = None
""",
        "Model",
        [{"own": "x", "other": "y", "number": 5}, {"own": 5}, {"own": "x", "any": {"a": 1}}],
    ),
    "configuration": (
        """
class Model(BaseModel):
    model_config = ConfigDict(
        str_strip_whitespace=True, str_to_upper=True, extra="allow", hide_input_in_errors=True,
        ser_json_bytes="hex", ser_json_timedelta="float", populate_by_name=True, title="Titled",
        json_encoders={datetime.date: lambda d: d.year},
        alias_generator=pydantic.alias_generators.to_camel,
        coerce_numbers_to_str=True, regex_engine="python-re", val_json_bytes="hex",
    )
    some_text: str
    data: bytes = b""
    span: datetime.timedelta = datetime.timedelta(1)
    day: datetime.date = datetime.date(2020, 2, 2)
    path: str = Field("x", validation_alias=AliasChoices("p", AliasPath("q", 0)))
    pattern: Annotated[str, Field(pattern="^(?=A)")] = "A"
""",
        "Model",
        [
            {"someText": " a "},
            {"some_text": 5, "extra": 1, "q": ["z"]},
            {"someText": [], "data": b"\\x01"},
            {"someText": "a", "pattern": "b"},
        ],
    ),
    "root models": (
        """
class Model(RootModel[list[int]]):
    root: list[int] = Field(default_factory=lambda: [1])

    @field_validator("root")
    @classmethod
    def check(cls, value: list[int]) -> list[int]:
        return sorted(value)
""",
        "Model",
        [[2, 1], "x", {}],
    ),
    "type adapters": (
        """
def function(a: int, /, b: str = "b", *args: int, c: float, **kwargs: bool) -> tuple:
    return (a, b, args, c, kwargs)

Model = TypeAdapter(function)
""",
        "Model",
        [{"a": 1}],
    ),
    "custom __init__ and model_post_init": (
        """
class Model(BaseModel):
    a: int = 1
    b: int = 0
    def __init__(self, **values):
        super().__init__(**{"b": 5, **values})
    def model_post_init(self, context):
        self.a += 1
""",
        "Model",
        [{"a": 1}, {}],
    ),
    "nested classes": (
        """
class Outer:
    class Inner(BaseModel):
        a: int
        @field_validator("a")
        @classmethod
        def check(cls, value): return value + 1
class Model(BaseModel):
    inner: Outer.Inner
    class Kind(enum.Enum):
        A = "a"
    kind: Kind = Kind.A
""",
        "Model",
        [{"inner": {"a": 1}}, {"inner": {"a": 1}, "kind": "a"}, {"kind": "b"}],
    ),
    "exclude_if": (
        """
class Model(BaseModel):
    a: int = Field(0, exclude_if=lambda v: v == 0)
    b: int = Field(0, exclude=True)
""",
        "Model",
        [{"a": 1}, {}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_written_schema_behaves_as_the_original(name: str, compiled: Compile) -> None:
    source, model, inputs = CASES[name]
    module = compiled(source)
    assert module.outcomes(model, inputs) == module.expected(model, inputs)


def test_lambdas_of_another_module_use_the_names_of_that_module(
    compiled: Compile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "shared_types", raising=False)
    (tmp_path / "shared_types.py").write_text("""
import re
from typing import Annotated
from pydantic import AfterValidator
LIMIT = 3
def cut(text): return text[:LIMIT]
Short = Annotated[str, AfterValidator(lambda v: cut(v) + re.sub("a", "b", v)[:LIMIT] + str(5))]
""")
    source = """
from shared_types import Short
LIMIT = 1
class Model(BaseModel):
    short: Short
"""
    module = compiled(source)
    inputs = [{"short": "abacus"}]
    assert module.outcomes("Model", inputs) == module.expected("Model", inputs)


def test_imports_do_not_hide_names_of_the_module(compiled: Compile) -> None:
    source = """
import builtins
from datetime import datetime, timedelta, timezone
_datetime, list, frozenset = 1, str, 2
class Model(BaseModel):
    at: datetime = datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=1), "X"))
    some: FrozenSet[str] = builtins.frozenset("ab")
    made: Any = Field(default_factory=builtins.list)
"""
    module = compiled(source)
    assert module.outcomes("Model", [{}]) == module.expected("Model", [{}])
    assert module.module.datetime.__name__ == "datetime"


def test_a_constant_that_may_change_is_not_copied(compiled: Compile) -> None:
    source = """
ALLOWED = ["a"]
def check(value, allowed):
    if value not in allowed: raise ValueError(f"not in {allowed}")
    return value
class Model(BaseModel):
    a: Annotated[str, AfterValidator(functools.partial(check, allowed=ALLOWED))]
"""
    assert "partial(check, allowed=ALLOWED)" in compiled(source).write("Model")


# By the problem that the error names: a module, and where it is.
REFUSED = {
    "which has no name. Define it at the top of a module": (
        """
check = lambda value: value
exec("def hidden(value): return value")
class Model(BaseModel):
    a: Annotated[int, AfterValidator(hidden)]
del hidden
""",
        "models: Model.a uses <function hidden>",
    ),
    "which shares the variable n, which may change": (
        """
def make(n):
    def check(value):
        nonlocal n
        n += 1
        return value + n
    return check
class Model(BaseModel):
    a: Annotated[int, AfterValidator(make(3))]
""",
        "models: Model.a uses make.<locals>.check",
    ),
    "which has attributes of its own": (
        """
def wrap(function):
    @functools.wraps(lambda v: v)
    def inner(value): return function(value)
    inner.__qualname__ = "wrap.<locals>.inner"
    return inner
class Model(BaseModel):
    a: Annotated[int, AfterValidator(wrap(abs))]
""",
        "models: Model.a uses wrap.<locals>.inner",
    ),
    "which uses itself": (
        """
def make():
    def check(value): return check(value - 1) if value else 0
    return check
class Model(BaseModel):
    a: Annotated[int, AfterValidator(make())]
""",
        "models: Model.a uses make.<locals>.check",
    ),
    "holds [1], which may change. Make it a function": (
        """
def make(items):
    return lambda value: value in items
class Model(BaseModel):
    a: Annotated[int, AfterValidator(make([1]))]
""",
        "models: Model.a has a lambda that",
    ),
    "uses a name that starts with two underscores. Make it a function": (
        """
class Model(BaseModel):
    a: Annotated[int, AfterValidator(lambda value: value.__x)]
""",
        "models: Model.a has a lambda that",
    ),
    "uses a global variable cls": (
        """
cls = 1
class Model(BaseModel):
    a: Annotated[int, AfterValidator(lambda value: value + cls)]
""",
        "models: Model.a has a lambda that",
    ),
    "which needs all of pydantic": (
        """
class Model(BaseModel):
    a: Annotated[int, AfterValidator(pydantic.validate_call)]
""",
        "models: Model.a uses pydantic.validate_call_decorator.validate_call",
    ),
}


@pytest.mark.parametrize("problem", REFUSED)
def test_what_cannot_be_written_is_refused_with_the_reason(problem: str, compiled: Compile) -> None:
    source, where = REFUSED[problem]
    with pytest.raises(BundleError) as raised:
        compiled(source).write("Model")
    assert where in str(raised.value)
    assert problem in str(raised.value)


def test_a_value_that_must_stay_in_its_class_is_not_written(compiled: Compile) -> None:
    module = compiled("""
class Base(BaseModel):
    a: int = 5
class Model(Base):
    pass
""")
    module.shared.captured.add((module.module.Base, "a"))
    assert "'default': Base.__captured__['a']" in module.write("Model")
    assert module.outcomes("Model", [{}]) == module.expected("Model", [{}])


def test_modules_that_import_each_other_can_name_each_other(
    compiled: Compile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "other", raising=False)
    (tmp_path / "other.py").write_text("class Kind: pass")
    module = compiled("""
import other
class Model(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    kind: other.Kind | None = None
""")
    assert "_imported('other').Kind" in module.write("Model")
    assert find_imports(b"_imported('other').Kind", "models", "models.py")[0].module == "other"
