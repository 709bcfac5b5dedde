"""Results that AWS's runtime client can write as JSON, and those that it cannot."""

import collections
import dataclasses
import datetime
import decimal
import enum

Point = collections.namedtuple("Point", "x y")


class Text(str):
    __slots__ = ()


class Number(int):
    def __repr__(self):
        return "number"


class Fraction(float):
    def __repr__(self):
        return "fraction"


class Items(list):
    pass


class Table(dict):
    pass


class Named:
    def _asdict(self):
        return {"named": True}


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    HELLO = "hello"


@dataclasses.dataclass
class Order:
    total: int = 1


class Unwritable(dict):
    def items(self):
        raise KeyError("items")


def nest(depth, innermost=None):
    """Return lists in lists."""
    result = innermost
    for _ in range(depth):
        result = [result]
    return result


def circular_list():
    result = [1]
    result.append(result)
    return result


def circular_dict():
    result = {}
    result["self"] = {"again": result}
    return result


async def asynchronous():
    return 1


SHARED = ["shared"]
WRITABLE = {
    "null": lambda _: None,
    "true": lambda _: True,
    "zero": lambda _: 0,
    "negative": lambda _: -(2**63),
    "big integer": lambda _: 10**400,
    "float": lambda _: 0.1,
    "negative zero": lambda _: -0.0,
    "exponents": lambda _: [1e22, 1e16, 1e-7, 5e-324, 1.7976931348623157e308],
    "not a number": lambda _: float("nan"),
    "infinities": lambda _: [float("inf"), float("-inf")],
    "text": lambda _: "text",
    "empty text": lambda _: "",
    "unicode": lambda _: "ü ☘ 😀 \N{COMBINING ACUTE ACCENT}\ufeff",
    "control characters": lambda _: "".join(map(chr, range(32))) + '\x7f\x80"\\/',
    "line separators": lambda _: "\u2028\u2029",
    "empty list": lambda _: [],
    "empty dict": lambda _: {},
    "nested": lambda _: {"a": [{"b": [None, True, 1, 1.5, "c"]}, {}], "d": {"e": {}}},
    "tuple": lambda _: (1, (2, ())),
    "shared parts": lambda _: [SHARED, SHARED, {"again": SHARED}],
    "named tuple": lambda _: Point(1, [Point(2, 3)]),
    "with _asdict": lambda _: [Named()],
    "decimals": lambda _: [decimal.Decimal(text) for text in ("1.10", "-0", "1E+3", "1e-9")],
    "decimal infinity": lambda _: decimal.Decimal("Infinity"),
    "decimals that are no numbers": lambda _: [decimal.Decimal("NaN"), decimal.Decimal("-NaN")],
    "bytes": lambda _: b"\x00\xff",
    "empty bytes": lambda _: b"",
    "bytes inside": lambda _: {"a": [b"caf\xc3\xa9"]},
    "keys": lambda _: {1: 1, 2.5: 2, None: 3, True: 4, "": 5, float("nan"): 6},
    "keys that are equal as text": lambda _: {1: 1, "1": 2},
    "bytes as key": lambda _: {b"key": 1},
    "enum as key": lambda _: {Word.HELLO: 1, Level.LOW: 2},
    "subclass of str": lambda _: {Text("key"): Text("value")},
    "subclass of int": lambda _: [Number(3), {Number(4): 5}],
    "subclass of float": lambda _: [Fraction(0.5)],
    "subclass of list": lambda _: Items([1, Items()]),
    "subclass of dict": lambda _: Table(a=Table()),
    "ordered dict": lambda _: collections.OrderedDict(b=1, a=2),
    "counter": lambda _: collections.Counter("aab"),
    "enums": lambda _: [Level.LOW, Word.HELLO],
    "deep": lambda _: nest(800),
    "wide": lambda _: list(range(20000)),
    "huge": lambda _: "ü" * 3_000_000,
}
REFUSED = {
    "set": lambda _: {1},
    "object inside": lambda _: {"a": [object]},
    "date": lambda _: datetime.date(2026, 1, 1),
    "dataclass": lambda _: Order(),
    "enum": lambda _: Color.RED,
    "complex": lambda _: 1j,
    "bytearray": lambda _: bytearray(b"a"),
    "generator": lambda _: (each for each in [1]),
    "coroutine": lambda _: asynchronous(),
    "bytes that are not UTF-8": lambda _: [b"\xff"],
    "tuple as key": lambda _: {(1, 2): 3},
    "circular list": lambda _: circular_list(),
    "circular dict": lambda _: circular_dict(),
    "too deep": lambda _: nest(100_000),
    "dict whose items fail": lambda _: Unwritable(a=1),
    "integer of too many digits": lambda _: 10**5000,
}
CASES = WRITABLE | REFUSED
