"""Unusual bodies: with everything that JSON allows, and much that it does not."""

import random
from collections.abc import Iterator

PLAIN = b'{"name":"SilentByte","count":10}'

# Samples to cut short and to garble: multi-byte characters, escapes, nesting, a fraction.
SAMPLES = [
    PLAIN,
    '{"name":"Straße \\ud83c\\udf40 ☘\\n\\u0041","count":4294967295,"x":{"y":[1,2.5e-3,null]}}'.encode(),
    b' { "count" : 0 , "x" : [ { } , [ ] , "" , true ] , "name" : "" } ',
]

NUMBERS = """
0 -0 00 -00 01 -01 1 +1 1. .1 1.0 1.5 -1 -1.0 1e 1e0 1E0 1e+0 1e-0 1e1 1e-1 -1e1 0e0 0E5 0.0 -0.0 10
-0e0 -0.0e0 10.0 10e0 0x10 0b1 0o7 1_000 1,000 1e400 1e-400 -1e400 ٣ １ ½ 1f 1n 1u32 1L -- - + e 1 2
255 256 65535 65536 2147483647 2147483648 4294967294 4294967295 4294967296 4294967297 -4294967296
9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
18446744073709551615 18446744073709551616 18446744073709551626 340282366920938463463374607431768211456
4294967295.0 4294967296e-1 0.00000000000000000000000001 1.7976931348623157e308 1.7976931348623159e308
NaN -NaN nan Infinity -Infinity inf null true false True None undefined "10" "" '10' [] [10] {} {"a":1}
""".split()
NUMBERS += [
    "9" * 100,
    "-" + "9" * 100,
    "9" * 4300,
    "9" * 4301,
    "1" + "0" * 400,
    "0." + "0" * 400 + "1",
]

STRINGS = r"""
"" "a" "\"" "\\" "\/" "\b\f\n\r\t" "\u0000" "\u001f" "\u0041" "\u00e9" "\u2028" "\uFFFF" "\uffff"
"\ud83c\udf40" "\uD83C\uDF40" "\ud83c" "\udf40" "\ud83c\ud83c" "\udf40\ud83c" "\ud83c\u0041" "\ud83cx"
"\ud83c\n" "\u" "\u0" "\u00" "\u004" "\u004g" "\u 041" "\u+041" "\U0041" "\x41" "\a" "\'" "\0" "\
"unfinished 'a' a "a"b" "é" "ß" "ﬃ" "ŉ" "ǰ" "ΐ" "և" "ᾳ" "ǆ" "ı" "i̇" "ς" "σ" "☘" "😀" "\ufeff" "a\u0308"
null true 1 1.5 [] ["a"] {} {"a":"b"}
""".split()
STRINGS += [
    '"\t"',
    '"\n"',
    '"\x00"',
    '"\x1f"',
    '"\x7f"',
    '"\x80"',
    '"\u2028"',
    '"' + "a" * 256 + '"',
]
RAW_STRINGS = [
    b'"\xff"', b'"\xc3"', b'"\xc3\x28"', b'"\xed\xa0\xbc"', b'"\xf0\x9f\x98"', b'"\xc0\x80"',
    b'"\xf4\x90\x80\x80"', b'"\xe2\x98\x98"', b'"\xef\xbf\xbf"', b'"\xf5\x80\x80\x80"',
]  # fmt: skip

# Where they stand in the body: `%` is the value.
NUMBER_PLACES = ['{"name":"a","count":%}', '{"count": % ,"name":"a"}', '{"name":"a","count":1,"x":%}',
                 '{"name":"a","count":1,"x":[%,{"count":%}]}']  # fmt: skip
STRING_PLACES = ['{"name":%,"count":1}', '{"name":"a","count":1,"x":%}', '{%:"a","name":"a","count":1}',
                 '{"name":"a","count":1,"x":[%]}']  # fmt: skip

SHAPES = (
    """
|null|true|0|"a"|[]|{}|[[]]|{"name":"a"}|{"count":1}|["a",1]|["a"]|["a",1,2]|[1,"a"]|[["a",1]]|["a",-1]
{"name":"a","count":1,}|{,"name":"a","count":1}|{"name":"a",,"count":1}|{"name":"a" "count":1}
{"name" "a","count":1}|{"name"::"a","count":1}|{name:"a","count":1}|{"name":"a";"count":1}|{"name":"a","count":1
{"name":"a","count":1}}|{"name":"a","count":1}]|{"name":"a","count":1} {}|{"name":"a","count":1} x
{"name":"a","count":1}//c|/*c*/{"name":"a","count":1}|{"name":"a",/*c*/"count":1}|{"name":"a","count":1}#c
{"Name":"a","count":1}|{"NAME":"a","COUNT":1}|{"name ":"a","count":1}|{"":"a","name":"b","count":1}
{"name":"a","count":1,"name":"b"}|{"name":"a","count":1,"count":1}|{"name":"a","name":1,"count":1}
{"name":"a","count":"x","count":1}|{"name":"a","count":1,"x":1,"x":2}|{"x":1,"name":"a","x":"b","count":1,"x":[]}
{"name":"a","count":1,"x":{"name":1,"name":2}}|{"n\\u0061me":"a","count":1}|{"n\\u0061me":"a","name":"b","count":1}
{"name":"a","count":1,"x":{"count":1,"count":-0}}|{"name":{"name":"a"},"count":1}|{"name":["a"],"count":[1]}
{"payload":{"name":"a","count":1}}|{"name":null,"count":null}|{"name":"a","count":1,"x":[1,2,]}
{"name":"a","count":1,"x":[,]}|{"name":"a","count":1,"x":{"a"}}|{"name":"a","count":1,"x":{"a":}}
{"name":"a","count":1,"x":{1:2}}|{"name":"a","count":1,"x":tru}|{"name":"a","count":1,"x":truex}
""".strip()
    .replace("\n", "|")
    .split("|")
)

SPACES = [
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n \t",
    "\v",
    "\f",
    "\x00",
    "\xa0",
    "\u2003",
    "\ufeff",
    "\u200b",
]

GARBLED = 1200
SEED = 1729


def bodies() -> Iterator[bytes]:
    """Return every body, each once, in the same order each time."""
    yield from dict.fromkeys(_bodies())


def _bodies() -> Iterator[bytes]:
    for shape in SHAPES:
        yield shape.encode()
    for place in NUMBER_PLACES:
        yield from (place.replace("%", number).encode() for number in NUMBERS)
    for place in STRING_PLACES:
        yield from (place.replace("%", string).encode() for string in STRINGS)
        yield from (place.encode().replace(b"%", string) for string in RAW_STRINGS)
    for space in SPACES:
        yield space.encode() + PLAIN
        yield PLAIN + space.encode()
        yield PLAIN.replace(b":", b":" + space.encode())
    for depth in (1, 2, 50, 100, 120, 126, 127, 128, 129, 150, 190, 250, 1000):
        yield b'{"name":"a","count":1,"x":%s%s}' % (b"[" * depth, b"]" * depth)
        yield b'{"name":"a","count":1,"x":%s1%s}' % (b'{"x":' * depth, b"}" * depth)
        yield b'{"name":"a","count":%s1%s}' % (b"[" * depth, b"]" * depth)
        yield b"[" * depth + PLAIN + b"]" * depth
        yield b'{"name":"a","count":1,"x":%s}' % (b"[" * depth)
    for sample in SAMPLES:
        yield from (sample[:length] for length in range(len(sample) + 1))
    rng = random.Random(SEED)
    for _ in range(GARBLED):
        yield _garble(rng.choice(SAMPLES), rng)


def _garble(sample: bytes, rng: random.Random) -> bytes:
    """Return the sample with a few bytes removed, repeated, swapped for another or put in."""
    body = bytearray(sample)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(body))
        match rng.randrange(4):
            case 0:
                del body[at]
            case 1:
                body[at:at] = body[at : at + rng.randint(1, 8)]
            case 2:
                body[at] = rng.choice(b'{}[]",:\\/0123456789eE+-. \nutf\x00\x7f\x80\xff')
            case _:
                body.insert(at, rng.choice(b'{}[]",:\\0-. \n\xc3'))
    return bytes(body)
