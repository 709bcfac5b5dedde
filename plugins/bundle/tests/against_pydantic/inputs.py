"""Hypothesis' inputs for a core schema: valid values, near misses, wrong types, wrong keys."""

import datetime as dt
import enum
import json
import math
import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from against_pydantic.values import Made, Named

Strategy = st.SearchStrategy[Any]
Schema = dict[str, Any]
# One value of this many is not of the schema.
SPOILED = 12
DEEPEST = 6
UNKNOWN = ["zz_unknown", "model_config", "é", "self"]

TEXT = st.one_of(
    st.sampled_from(
        ["", "a", "abc", "Ann", " padded ", "UPPER", "é", "\U0001f600", "x" * 300, "0"]
    ),
    st.text(max_size=8),
)
JUNK: Strategy = st.one_of(
    st.sampled_from(
        [None, True, False, 0, 1, -1, 2**70, 1.5, math.nan, math.inf, "", "abc", "1", "1.50"]
    ),
    st.sampled_from(["true", "2024-02-29", "2024-02-29T10:00:00Z", b"bytes", b"\xff", [], {}]),
    st.sampled_from([[1], {"a": 1}, {1, 2}, (1, "a"), dt.date(2024, 2, 29)]),
    TEXT,
    st.integers(-300, 300),
)
FORMATS = [
    "a@example.com",
    "Ann <ann@example.com>",
    "https://user:secret@example.com:8080/path?query=1#fragment",
    "http://localhost",
    "postgresql://user:password@localhost:5432/database",
    "redis://localhost:6379/0",
    "s3://bucket/key",
    "192.168.0.1",
    "10.0.0.0/8",
    "::1",
    "2001:db8::/32",
    "/tmp",
    "relative/path.txt",
    "12345678-1234-4678-9234-567812345678",
    "P1DT2H",
    "2024-02-29",
    "2999-01-01",
    "10:30:00",
    "2024-02-29T10:30:00+02:00",
    "2999-01-01T00:00:00",
    "4242424242424242",
    "1.5 GiB",
    "aGVsbG8=",
    "#ff8800",
    "Europe/Berlin",
    "math.sqrt",
    "[a-z]+",
    '{"a": 1}',
    "1/3",
]


def inputs_for(schema: Schema) -> Strategy:
    """Return inputs for a core schema, as plain data and what `values.resolve` reads."""
    return _Inputs().write(schema)


class _Inputs:
    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self.depth = 0

    def write(self, schema: Schema) -> Strategy:
        """Return values of a schema, now and then spoiled."""
        valid = self._valid(schema)
        return st.integers(0, SPOILED).flatmap(lambda chosen: JUNK if chosen == SPOILED else valid)

    def _valid(self, schema: Schema) -> Strategy:
        kind = schema["type"]
        if kind in SCALARS:
            return SCALARS[kind](schema)
        writers = {
            **dict.fromkeys(CONTAINERS, self._container),
            **dict.fromkeys(("model-fields", "typed-dict", "dataclass-args"), self._fields),
            **dict.fromkeys(("model", "dataclass"), self._instances),
            **dict.fromkeys(("arguments", "arguments-v3"), self._arguments),
            **dict.fromkeys(("union", "tagged-union", "json-or-python"), self._choices),
            "chain": lambda schema: self._deeper(schema["steps"][0]),
            "definition-ref": self._recursive,
            "definitions": self._definitions,
            "json": self._json,
            "lax-or-strict": lambda schema: self._deeper(schema["lax_schema"]),
            "nullable": lambda schema: st.one_of(st.none(), self._deeper(schema["schema"])),
            "tuple": self._tuple,
        }
        if kind in writers:
            return writers[kind](schema)
        return self._deeper(schema["schema"]) if "schema" in schema else JUNK

    def _definitions(self, schema: Schema) -> Strategy:
        self.definitions |= {each["ref"]: each for each in schema["definitions"]}
        return self._valid(schema["schema"])

    def _choices(self, schema: Schema) -> Strategy:
        if schema["type"] == "json-or-python":
            choices = [schema["python_schema"], schema["json_schema"]]
        elif schema["type"] == "tagged-union":
            choices = list(schema["choices"].values())
        else:
            choices = [_first(each) for each in schema["choices"]]
        return st.one_of([self._deeper(each) for each in choices])

    def _json(self, schema: Schema) -> Strategy:
        inner = self._deeper(schema.get("schema", {"type": "any"}))
        return inner.map(lambda value: json.dumps(value, default=str))

    def _deeper(self, schema: Schema) -> Strategy:
        return self.write(schema)

    def _recursive(self, schema: Schema) -> Strategy:
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                return JUNK
            found = self.definitions.get(schema["schema_ref"])
            return self._valid(found) if found else JUNK
        finally:
            self.depth -= 1

    def _container(self, schema: Schema) -> Strategy:
        least, most = schema.get("min_length", 0), schema.get("max_length", 3)
        kind, most = schema["type"], max(least, min(most, 3))
        if kind == "dict":
            keys = self._deeper(schema.get("keys_schema", {"type": "str"})).filter(_is_hashable)
            values = self._deeper(schema.get("values_schema", {"type": "any"}))
            return st.dictionaries(keys, values, min_size=least, max_size=most)
        items = self._deeper(schema.get("items_schema", {"type": "any"}))
        lists = st.lists(items, min_size=least, max_size=most)
        if kind in ("set", "frozenset"):
            make: type[Any] = set if kind == "set" else frozenset
            return lists.map(lambda each: make(each) if all(map(_is_hashable, each)) else each)
        return lists

    def _tuple(self, schema: Schema) -> Strategy:
        items = [self._deeper(each) for each in schema["items_schema"]]
        repeated = schema.get("variadic_item_index")
        if repeated is None:
            return st.one_of(st.tuples(*items), st.tuples(*items).map(list))
        least, most = schema.get("min_length", 0), schema.get("max_length", 3)
        before, each, after = items[:repeated], items[repeated], items[repeated + 1 :]
        sizes = st.integers(least, max(least, min(most, 3)))
        return sizes.flatmap(lambda size: st.tuples(*before, *[each] * size, *after)).map(list)

    def _fields(self, schema: Schema) -> Strategy:
        fields = schema["fields"]
        pairs = (
            [(field["name"], field) for field in fields]
            if isinstance(fields, list)
            else list(fields.items())
        )
        strategies = [(_keys(name, field), self._deeper(field["schema"])) for name, field in pairs]

        @st.composite
        def values(draw: st.DrawFn) -> dict[str, Any]:
            made: dict[str, Any] = {}
            for keys, strategy in strategies:
                if (key := draw(st.sampled_from(keys))) is not None:
                    _put(made, key, draw(strategy))
            if draw(st.integers(0, 7)) == 1:
                made[draw(st.sampled_from(UNKNOWN))] = draw(JUNK)
            return made

        return values()

    def _instances(self, schema: Schema) -> Strategy:
        inner = self._deeper(schema["schema"])
        kind = _named(schema["cls"])
        if kind is None or schema.get("root_model"):
            return inner

        def made(values: Any) -> Strategy:
            if not (isinstance(values, dict) and all(isinstance(key, str) for key in values)):
                return st.just(values)
            return st.integers(0, 5).map(
                lambda chosen: Made(kind, values) if chosen == 1 else values
            )

        return inner.flatmap(made)

    def _arguments(self, schema: Schema) -> Strategy:
        each = [
            (argument["name"], self._deeper(argument["schema"]))
            for argument in schema["arguments_schema"]
        ]
        named = st.fixed_dictionaries(dict(each))
        return st.one_of(named, st.tuples(*[strategy for _, strategy in each]))


def _keys(name: str, field: Schema) -> list[Any]:
    """Return the names under which the input may have a field, and None: it may be missing."""
    alias = field.get("validation_alias", name)
    keys = [alias] if isinstance(alias, str) or not isinstance(alias[0], list) else alias
    keys = [*keys, name]
    is_optional = field["schema"]["type"] == "default" or field.get("required") is False
    return [*keys, None] if is_optional else [*keys * 4, None]


def _put(values: dict[str, Any], key: Any, value: Any) -> None:
    """Set a value under a key, or under a path of keys and indexes."""
    if isinstance(key, str):
        values[key] = value
        return
    first, *rest = key
    for step in reversed(rest):
        value = [value] * (step + 1) if isinstance(step, int) and step >= 0 else {step: value}
    values[first] = value


def _first(choice: Any) -> Schema:
    found: Schema = choice[0] if isinstance(choice, tuple) else choice
    return found


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return not isinstance(value, Made)


def _named(kind: type) -> Named | None:
    if not kind.__module__.startswith("corpus.") or "<locals>" in kind.__qualname__:
        return None
    return None if "[" in kind.__qualname__ else Named(kind.__module__, kind.__qualname__)


def _text(schema: Schema) -> Strategy:
    least, most = schema.get("min_length", 0), schema.get("max_length", 400)
    pattern = schema.get("pattern")
    texts = st.text(min_size=least, max_size=min(most, least + 6))
    if pattern is not None:
        try:
            matching: Strategy = st.from_regex(pattern)
            matching.validate()
        except Exception:
            matching = texts
        return st.one_of(matching, TEXT)
    # What functions after `str` look for.
    return st.one_of(texts, TEXT, st.sampled_from(FORMATS))


def _bounds(schema: Schema) -> tuple[Any, Any]:
    low = schema.get("ge", schema.get("gt"))
    high = schema.get("le", schema.get("lt"))
    return low, high


def _integers(schema: Schema) -> Strategy:
    low, high = _bounds(schema)
    step = int(schema.get("multiple_of", 1)) or 1
    inside = st.integers(
        None if low is None else math.ceil(low) - 1, None if high is None else math.floor(high) + 1
    )
    inside = inside.map(lambda value: value * step if low is None or step == 1 else value)
    return st.one_of(inside, st.integers(-20, 120).map(lambda each: each * step), inside.map(str))


def _floats(schema: Schema) -> Strategy:
    low, high = _bounds(schema)
    bounded = st.floats(
        None if low is None else float(low), None if high is None else float(high), width=64
    )
    return st.one_of(bounded, st.integers(-5, 200), st.sampled_from(["1.5", 0.0, -0.0, 1e300]))


def _decimals(schema: Schema) -> Strategy:
    places = schema.get("decimal_places", 2)
    made = st.decimals(-10, 2000, places=places, allow_nan=False)
    return st.one_of(made, made.map(str), st.sampled_from([1, 1.5, "NaN", "1e5", "0.000000001"]))


def _bytes(schema: Schema) -> Strategy:
    least, most = schema.get("min_length", 0), schema.get("max_length", 400)
    raw: Strategy = st.binary(min_size=least, max_size=min(most, least + 6))
    return st.one_of(raw, st.sampled_from([b"aGVsbG8=", "aGVsbG8=", "text", b"\xff"]))


def _enums(schema: Schema) -> Strategy:
    members: list[enum.Enum] = schema["members"]
    kind = _named(schema["cls"])
    values = [member.value for member in members]
    if kind is not None:
        values += [Named(kind.module, f"{kind.name}.{member.name}") for member in members]
    return st.sampled_from(values or [None])


def _literals(schema: Schema) -> Strategy:
    values = []
    for each in schema["expected"]:
        kind = _named(type(each)) if isinstance(each, enum.Enum) else None
        values.append(Named(kind.module, f"{kind.name}.{each.name}") if kind else each)
    return st.sampled_from(values)


def _urls(schema: Schema) -> Strategy:
    made = [each for each in FORMATS if "://" in each]
    schemes = schema.get("allowed_schemes") or []
    made += [f"{scheme}://user:password@example.com:1234/path" for scheme in schemes]
    made += ["https://exa mple.com", "http://é.example/ü", "nothing", "HTTPS://EXAMPLE.com"]
    return st.sampled_from(made)


def _instances_of(schema: Schema) -> Strategy:
    kind = _named(schema["cls"]) if isinstance(schema["cls"], type) else None
    known = SAMPLES.get(getattr(schema["cls"], "__name__", ""), [])
    options = [Made(kind, {}), *known] if kind else known
    return st.one_of(
        [*([st.sampled_from(options)] if options else []), st.sampled_from(FORMATS), JUNK]
    )


SAMPLES: dict[str, list[Any]] = {
    "Pattern": [],
    "Number": [1, 1.5],
    "Mapping": [{}, {"a": 1}],
    "Sequence": [[], [1], (1, 2)],
    "Hashable": [1, "a"],
    "Path": ["/tmp", "a/b"],
}

SCALARS: dict[str, Callable[[Schema], Strategy]] = {
    "any": lambda _: JUNK,
    "none": lambda _: st.none(),
    "bool": lambda _: st.sampled_from([True, False, "yes", "off", 1, 0, "true", 1.0]),
    "int": _integers,
    "float": _floats,
    "decimal": _decimals,
    "complex": lambda _: st.sampled_from([1j, 1 + 2j, "1+2j", 1, 1.5]),
    "str": _text,
    "bytes": _bytes,
    "date": lambda _: st.one_of(
        st.dates(),
        st.dates().map(str),
        st.sampled_from(["2024-02-29", "2999-01-01", 1700000000, "2024-02-29T00:00:00"]),
    ),
    "time": lambda _: st.one_of(st.times(), st.times().map(str), st.sampled_from(["10:30", 3600])),
    "datetime": lambda _: st.one_of(
        st.datetimes(timezones=st.sampled_from([None, dt.UTC])),
        st.datetimes().map(lambda each: each.isoformat()),
        st.sampled_from(["2024-02-29T10:30:00+02:00", "2999-01-01T00:00:00Z", 1700000000, 1.5]),
    ),
    "timedelta": lambda _: st.one_of(
        st.timedeltas(dt.timedelta(-2), dt.timedelta(9)),
        st.sampled_from(["P1DT2H", 60, 1.5, "00:01:00", "1 day"]),
    ),
    "literal": _literals,
    "enum": _enums,
    "missing-sentinel": lambda _: JUNK,
    "is-instance": _instances_of,
    "is-subclass": lambda _: st.one_of(JUNK, st.just("math.sqrt")),
    "callable": lambda _: st.one_of(JUNK, st.just("len")),
    "url": _urls,
    "multi-host-url": _urls,
    "uuid": lambda _: st.one_of(
        st.uuids(), st.uuids().map(str), st.just(uuid.UUID(int=5).hex), st.just("nothing")
    ),
    "invalid": lambda _: JUNK,
}
CONTAINERS = ("list", "set", "frozenset", "dict", "generator")
