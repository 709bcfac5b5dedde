"""The operations on a class or an adapter. Both processes run them on the same inputs."""

import copy
import json
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from against_pydantic.plain import outcome, plain
from against_pydantic.values import Named, resolve

Outcomes = list[tuple[str, Any]]
# What a wrong value in an assignment or a copy is.
WRONG = ["wrong"]
DUMP_OPTIONS: list[dict[str, Any]] = [
    {},
    {"by_alias": True},
    {"by_alias": False},
    {"exclude_unset": True},
    {"exclude_defaults": True},
    {"exclude_none": True},
    {"round_trip": True},
    {"context": {"who": "corpus"}},
    {"serialize_as_any": True},
    {"warnings": False},
    {"warnings": "error"},
]


def play(target: Named, pickled: bytes) -> Outcomes:
    """Return what each operation on a target does with an input, by the operation's name."""
    found = target.resolve()

    def data() -> Any:
        return resolve(pickle.loads(pickled))

    return list((_model if isinstance(found, type) else _adapter)(found, data))


def call(function: Named) -> Outcomes:
    """Return what an example function of the corpus does."""
    return [("call", outcome(function.resolve()))]


def _adapter(adapter: Any, data: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    yield "validate_python", outcome(lambda: adapter.validate_python(data()))
    yield "strict", outcome(lambda: adapter.validate_python(data(), strict=True))
    yield "validate_json", outcome(lambda: adapter.validate_json(as_json(data())))
    yield "validate_strings", outcome(lambda: adapter.validate_strings(as_strings(data())))
    yield "attributes", outcome(lambda: adapter.validate_python(data(), from_attributes=True))
    yield "dump what is given", outcome(lambda: adapter.dump_python(data()))
    yield "dump what is given as JSON", outcome(lambda: adapter.dump_json(data()))
    yield "default", outcome(adapter.get_default_value)
    try:
        value = adapter.validate_python(data())
    except Exception:
        return
    for options in DUMP_OPTIONS:
        yield f"dump_python({options})", outcome(lambda: adapter.dump_python(value, **options))
        yield f"dump_json({options})", outcome(lambda: adapter.dump_json(value, **options))
    yield "dump_python(json)", outcome(lambda: adapter.dump_python(value, mode="json"))


def _model(model: Any, data: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    if not hasattr(model, "model_validate"):
        yield from _dataclass(model, data)
        return
    yield from _validations(model, data)
    yield from _constructed(model, data)
    makers: list[Callable[[], Any]] = [
        lambda: model.model_validate(data()),
        lambda: model.model_validate_json(as_json(data())),
    ]
    for make in makers:
        try:
            make()
        except Exception:
            continue
        yield from _instance(model, make)


def _dataclass(kind: Any, data: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    yield "__init__", outcome(lambda: kind(**keywords(data())))
    try:
        value = kind(**keywords(data()))
    except Exception:
        return
    yield "repr", outcome(lambda: repr(value))
    yield "==", outcome(lambda: value == kind(**keywords(data())))
    yield "hash", outcome(lambda: isinstance(hash(value), int))
    yield "pickle", outcome(lambda: pickle.loads(pickle.dumps(value)))
    yield "deepcopy", outcome(lambda: copy.deepcopy(value))
    for name in list(getattr(value, "__dict__", ()))[:4]:
        yield f"{name} = wrong", outcome(lambda: _assign(kind(**keywords(data())), name, WRONG))


def _validations(model: Any, data: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    yield "__init__", outcome(lambda: model(**keywords(data())))
    yield "model_validate", outcome(lambda: model.model_validate(data()))
    yield "strict", outcome(lambda: model.model_validate(data(), strict=True))
    yield "context", outcome(lambda: model.model_validate(data(), context={"who": "corpus"}))
    yield (
        "attributes",
        outcome(lambda: model.model_validate(Attributes(data()), from_attributes=True)),
    )
    yield "by_name", outcome(lambda: model.model_validate(data(), by_name=True))
    yield "json", outcome(lambda: model.model_validate_json(as_json(data())))
    yield "strict json", outcome(lambda: model.model_validate_json(as_json(data()), strict=True))
    yield "broken json", outcome(lambda: model.model_validate_json(as_json(data())[:-1]))
    yield "strings", outcome(lambda: model.model_validate_strings(as_strings(data())))
    yield "parse_obj", outcome(lambda: model.parse_obj(data()))
    yield "parse_raw", outcome(lambda: model.parse_raw(as_json(data())))


def _constructed(model: Any, data: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    """Compare what was never validated: dumps warn of wrong values."""

    def make() -> Any:
        return model.model_construct(**keywords(data()))

    yield "model_construct", outcome(make)
    yield (
        "construct with fields_set",
        outcome(lambda: model.model_construct({"x"}, **keywords(data()))),
    )
    yield "construct, dump", outcome(lambda: make().model_dump())
    yield "construct, dump json", outcome(lambda: make().model_dump_json())
    yield "construct, repr", outcome(lambda: repr(make()))


def _instance(model: Any, make: Callable[[], Any]) -> Iterator[tuple[str, Any]]:
    value = make()
    fields = list(getattr(type(value), "__pydantic_fields__", ()))
    yield "fields", outcome(lambda: [list(model.model_fields), list(model.model_computed_fields)])
    yield "repr", outcome(lambda: repr(value))
    yield "str", outcome(lambda: str(value))
    yield "rich_repr", outcome(lambda: list(value.__rich_repr__()))
    yield "iter", outcome(lambda: list(value))
    yield "==", outcome(lambda: [value == make(), value == 1, value != make()])
    yield "hash", outcome(lambda: [hash(value) == hash(make())])
    yield "validate again", outcome(lambda: model.model_validate(value))
    yield "extra", outcome(lambda: [value.model_extra, value.model_fields_set])
    yield from _dumps(value, fields)
    yield from _copies(value, fields)
    yield from _assignments(make, fields)
    yield from _deprecated(value)


def _dumps(value: Any, fields: list[str]) -> Iterator[tuple[str, Any]]:
    some: list[dict[str, Any]] = [{"include": set(fields[:1])}, {"exclude": set(fields[-1:])}]
    for options in [*DUMP_OPTIONS, *some]:
        yield f"model_dump({options})", outcome(lambda: value.model_dump(**options))
        yield f"model_dump_json({options})", outcome(lambda: value.model_dump_json(**options))
    yield "model_dump(json)", outcome(lambda: value.model_dump(mode="json"))
    yield "model_dump_json(indent)", outcome(lambda: value.model_dump_json(indent=1))


def _copies(value: Any, fields: list[str]) -> Iterator[tuple[str, Any]]:
    updates: list[dict[str, Any]] = [{"unknown_name": 1}, {"_hidden": 1}]
    updates += [{fields[0]: WRONG}] if fields else []
    copies: dict[str, Callable[[], Any]] = {
        "copy": lambda: copy.copy(value),
        "deepcopy": lambda: copy.deepcopy(value),
        "model_copy": value.model_copy,
        "model_copy(deep)": lambda: value.model_copy(deep=True),
        "pickle": lambda: pickle.loads(pickle.dumps(value)),
    }
    for update in updates:
        copies[f"model_copy({update})"] = partial(value.model_copy, update=update)
    if sys.version_info >= (3, 13):
        copies["replace"] = lambda: copy.replace(value, **dict.fromkeys(fields[:1], 1))
    for name, make in copies.items():
        yield name, outcome(make)
        yield f"{name}, ==", outcome(lambda: make() == value)
        yield f"{name}, dump", outcome(lambda: make().model_dump())
        yield f"{name}, dump json", outcome(lambda: make().model_dump_json())


def _assignments(make: Callable[[], Any], fields: list[str]) -> Iterator[tuple[str, Any]]:
    for name in [*fields[:4], "unknown_name", "_hidden", "model_config"]:
        for given in (WRONG, "1", 1, None):
            yield f"{name} = {given!r}", outcome(lambda: _assign(make(), name, given))
        yield f"del {name}", outcome(lambda: _delete(make(), name))
        yield f"{name} = itself", outcome(lambda: _assign_itself(make(), name))


def _deprecated(value: Any) -> Iterator[tuple[str, Any]]:
    yield "dict()", outcome(value.dict)
    yield "json()", outcome(value.json)
    yield "copy()", outcome(value.copy)
    yield "__fields_set__", outcome(lambda: value.__fields_set__)


def _assign(value: Any, name: str, given: Any) -> Any:
    """Return the instance after an assignment, and after one that was refused."""
    try:
        setattr(value, name, given)
    except Exception as error:
        return [plain(error), plain(value)]
    return [value, outcome(value.model_dump_json)] if hasattr(value, "model_dump_json") else value


def _assign_itself(value: Any, name: str) -> Any:
    return _assign(value, name, getattr(value, name))


def _delete(value: Any, name: str) -> Any:
    delattr(value, name)
    return [plain(vars(value)), sorted(value.model_fields_set)]


def keywords(data: Any) -> dict[str, Any]:
    """Return an input as keyword arguments; none, if it is no dict of them."""
    is_dict = isinstance(data, dict) and all(isinstance(key, str) for key in data)
    return data if is_dict else {}


def as_json(data: Any) -> str:
    """Return an input as JSON text; what JSON has not, as its text."""
    try:
        return json.dumps(data, default=str)
    except (TypeError, ValueError):
        return json.dumps(str(data))


def as_strings(data: Any) -> Any:
    """Return an input with every value as its text."""
    match data:
        case dict():
            return {str(key): as_strings(each) for key, each in data.items()}
        case list() | tuple():
            return [as_strings(each) for each in data]
    return str(data)


class Attributes:
    """An object with the values of a dict as attributes."""

    def __init__(self, values: Any) -> None:
        if isinstance(values, dict):
            self.__dict__.update({str(key): each for key, each in values.items()})

    def __repr__(self) -> str:
        return f"Attributes({vars(self)!r})"
