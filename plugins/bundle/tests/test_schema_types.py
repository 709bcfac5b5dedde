"""Pydantic's own types, written down, validate and serialize without pydantic as with it."""

import collections
import datetime as dt
import decimal
import fractions
import ipaddress
import os
import pathlib
import re
import typing
import uuid
import zoneinfo
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import annotated_types
import pydantic
import pytest
from pydantic import Field
from pydantic.types import PaymentCardNumber
from schemas_written import Written, expected, read

URLS = """[
    'https://a.example/b?c=d#e', 'HTTP://A.example:80', 'ftp://a', 'postgres://u:p@h:5432/d',
    'redis://', 'x', 5, None, '',
]"""
TEXTS = "['a', '', 'Ab c', 'x' * 70, 5, None, b'a', ['a'], 'YWI=', 'not base64!']"
NUMBERS = (
    "[1, 0, -5, '7', 2.5, '2.50', float('nan'), float('inf'), True, None, 'x', [1], 10**30, '1e3']"
)
LISTS = (
    "[[1, 2], (3,), {4}, {5: 6}, 'ab', b'ab', None, ['x'], [], range(3), [1] * 9, frozenset([1])]"
)
MAPPINGS = "[{'a': 1}, {}, {'a': 'x'}, {1: 1}, [('a', 1)], None, '{\"a\": 1}', 'a']"
DATES = "['2020-01-01', '2999-01-01', '2020-01-01T00:00:00Z', '2999-01-01T00:00:00', 0, 'x', None]"
ADDRESSES = "['127.0.0.1', '::1', '10.0.0.0/8', '10.0.0.1/8', 'fe80::/10', 5, 'x', None, b'abcd']"
PATHS = "['/', '/etc/hostname', '/nowhere/at/all', b'/tmp', 5, None, '']"
UUIDS = """[
    '12345678-1234-5678-1234-567812345678', '018f3b7e-0000-7000-8000-000000000000', 'a' * 32,
    b'a' * 16, 5, None,
]"""


CASES: dict[str, tuple[Any, str]] = {
    "SecretStr": (pydantic.SecretStr, TEXTS),
    "SecretBytes": (pydantic.SecretBytes, TEXTS),
    "Secret[int]": (pydantic.Secret[int], NUMBERS),
    "constrained SecretStr": (Annotated[pydantic.SecretStr, Field(min_length=2)], TEXTS),
    "EmailStr": (
        pydantic.EmailStr,
        "['a@example.com', 'a', 'A <a@example.com>', 5, None, 'a@x..y']",
    ),
    "NameEmail": (pydantic.NameEmail, "['a@example.com', 'a', 'A B <a@example.com>', 5, None]"),
    **{
        name: (getattr(pydantic, name), URLS)
        for name in (
            *("AnyUrl", "AnyHttpUrl", "HttpUrl", "FileUrl", "FtpUrl", "AnyWebsocketUrl"),
            *("WebsocketUrl", "PostgresDsn", "CockroachDsn", "AmqpDsn", "RedisDsn", "MongoDsn"),
            *("KafkaDsn", "NatsDsn", "MySQLDsn", "MariaDBDsn", "ClickHouseDsn", "SnowflakeDsn"),
        )
    },
    "url with constraints": (
        Annotated[pydantic.AnyUrl, pydantic.UrlConstraints(allowed_schemes=["https"])],
        URLS,
    ),
    "IPvAnyAddress": (pydantic.IPvAnyAddress, ADDRESSES),
    "IPvAnyInterface": (pydantic.IPvAnyInterface, ADDRESSES),
    "IPvAnyNetwork": (pydantic.IPvAnyNetwork, ADDRESSES),
    **{
        name: (getattr(ipaddress, name), ADDRESSES)
        for name in (
            *("IPv4Address", "IPv4Interface", "IPv4Network"),
            *("IPv6Address", "IPv6Interface", "IPv6Network"),
        )
    },
    "Path": (pathlib.Path, PATHS),
    "PurePosixPath": (pathlib.PurePosixPath, PATHS),
    "PathLike": (os.PathLike, PATHS),
    "FilePath": (pydantic.FilePath, PATHS),
    "DirectoryPath": (pydantic.DirectoryPath, PATHS),
    "NewPath": (pydantic.NewPath, PATHS),
    "SocketPath": (pydantic.SocketPath, PATHS),
    "Sequence": (Sequence[int], LISTS),
    "Sequence with length": (Annotated[Sequence[int], Field(min_length=1, max_length=4)], LISTS),
    "deque": (collections.deque[int], LISTS),
    "deque with length": (Annotated[collections.deque[int], Field(max_length=2)], LISTS),
    "Iterable": (Iterable[int], "['ab', None, 5]"),
    "Mapping": (Mapping[str, int], MAPPINGS),
    "MutableMapping": (typing.MutableMapping[str, int], MAPPINGS),
    "Mapping with length": (Annotated[Mapping[str, int], Field(min_length=1)], MAPPINGS),
    "defaultdict": (collections.defaultdict[str, int], MAPPINGS),
    "defaultdict of lists": (typing.DefaultDict[str, list[int]], MAPPINGS),  # noqa: UP006
    "OrderedDict": (collections.OrderedDict[str, int], MAPPINGS),
    "Counter": (collections.Counter[str], MAPPINGS),
    "Json": (pydantic.Json, "['{}', '[1', 5, None, b'[1]']"),
    "Json[list[int]]": (pydantic.Json[list[int]], "['{}', '[1]', 5, None, b'[1]', '[\"x\"]']"),
    "JsonValue": (pydantic.JsonValue, LISTS),
    **{
        name: (getattr(pydantic, name), DATES)
        for name in (
            *("PastDate", "FutureDate", "AwareDatetime", "NaiveDatetime"),
            *("PastDatetime", "FutureDatetime"),
        )
    },
    "date from": (Annotated[dt.date, Field(ge=dt.date(2021, 1, 1))], DATES),
    "datetime from": (
        Annotated[dt.datetime, Field(ge=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))],
        DATES,
    ),
    "timedelta": (
        Annotated[dt.timedelta, Field(gt=dt.timedelta(seconds=3))],
        "['PT5S', 1, 'x', 5.5, None]",
    ),
    "ByteSize": (pydantic.ByteSize, "['5 MiB', '1kb', 5, -1, 'x', None, '1.5 KB']"),
    "PaymentCardNumber": (
        PaymentCardNumber,
        "['4000000000000002', '4000000000000003', 'x', 5, None, '378282246310005']",
    ),
    "type of a model": (type[pydantic.BaseModel], "[int, 5]"),
    "Base64Bytes": (pydantic.Base64Bytes, TEXTS),
    "Base64Str": (pydantic.Base64Str, TEXTS),
    "Base64UrlBytes": (pydantic.Base64UrlBytes, TEXTS),
    "Base64UrlStr": (pydantic.Base64UrlStr, TEXTS),
    **{name: (getattr(pydantic, name), UUIDS) for name in ("UUID1", "UUID3", "UUID4", "UUID5")},
    **{name: (getattr(pydantic, name), UUIDS) for name in ("UUID6", "UUID7", "UUID8")},
    "UUID": (uuid.UUID, UUIDS),
    "ImportString": (
        pydantic.ImportString,
        "['math.cos', 'math:pi', 'nowhere.x', 5, 'math:x:y', '']",
    ),
    "ImportString of callables": (
        pydantic.ImportString[Callable[..., Any]],  # type: ignore[misc]
        "['math.cos', 'math:pi']",
    ),
    "Fraction": (fractions.Fraction, "['1/3', 5, 'x', None, 0.5]"),
    "Fraction from": (
        Annotated[fractions.Fraction, Field(ge=fractions.Fraction(1, 3))],
        "['1/4', '1/2']",
    ),
    "Pattern": (re.Pattern, "['a+', '(', b'a', 5, None]"),
    "Pattern[str]": (re.Pattern[str], "['a+', '(', b'a', 5, None]"),
    "Pattern[bytes]": (re.Pattern[bytes], "['a+', '(', b'a', 5, None]"),
    "conlist": (pydantic.conlist(int, min_length=1, max_length=3), LISTS),
    "conset": (pydantic.conset(int, min_length=1), LISTS),
    "confrozenset": (pydantic.confrozenset(int, max_length=2), LISTS),
    "constr": (pydantic.constr(strip_whitespace=True, to_upper=True, pattern="^[A-Z]+$"), TEXTS),
    "conbytes": (pydantic.conbytes(max_length=2), TEXTS),
    "conint": (pydantic.conint(multiple_of=5, strict=True), NUMBERS),
    "confloat": (pydantic.confloat(gt=0, allow_inf_nan=False), NUMBERS),
    "condecimal": (pydantic.condecimal(max_digits=3, decimal_places=1), NUMBERS),
    "condate": (pydantic.condate(gt=dt.date(2021, 1, 1)), DATES),
    "InstanceOf": (pydantic.InstanceOf[dict[str, int]], MAPPINGS),
    "InstanceOf[Sequence[int]]": (pydantic.InstanceOf[Sequence[int]], LISTS),
    "SkipValidation": (pydantic.SkipValidation[int], TEXTS),
    "FailFast": (Annotated[list[int], pydantic.FailFast()], "[['x', 'y'], [1]]"),
    "OnErrorOmit": (list[pydantic.OnErrorOmit[int]], "[['x', 1], [1], 'x']"),
    "Hashable": (Hashable, "[1, [], 'a', {}]"),
    "ZoneInfo": (zoneinfo.ZoneInfo, "['Europe/Paris', 'x', 5, None, '../x']"),
    "FiniteFloat": (pydantic.FiniteFloat, NUMBERS),
    "PositiveInt": (pydantic.PositiveInt, NUMBERS),
    "StrictBool": (pydantic.StrictBool, NUMBERS),
    "constrained any": (Annotated[Any, Field(gt=2)], NUMBERS),
    "constrained union": (Annotated[int | str, Field(gt=2)], NUMBERS),
    "constrained any length": (Annotated[Any, Field(min_length=2)], LISTS),
    "constrained any digits": (
        Annotated[decimal.Decimal | None, Field(max_digits=3, decimal_places=1)],
        NUMBERS,
    ),
    "pattern of a union": (Annotated[str | int, Field(pattern="^a")], TEXTS),
    "pattern of Path": (Annotated[Any, Field(pattern="^a")], TEXTS),
    "Predicate": (Annotated[str, annotated_types.Predicate(str.islower)], TEXTS),
    "LowerCase": (annotated_types.LowerCase[str], TEXTS),
    "Not": (Annotated[str, annotated_types.Not(str.isupper)], TEXTS),
    "Interval": (Annotated[int, annotated_types.Interval(gt=1, le=7)], NUMBERS),
    "Len": (Annotated[list[int], annotated_types.Len(1, 3)], LISTS),
    "complex": (complex, "['1+2j', 1, 'x', None, 1j]"),
    "generator": (Generator[int, None, None], "[5, None]"),
    "Callable": (Callable[..., Any], "[len, 5]"),
    "type": (type[int], "[bool, int, str, 5]"),
    "Literal": (Literal[1, "a", True, b"x"], TEXTS),
    "tuple": (tuple[int, str], LISTS),
    "tuples": (tuple[int, ...], LISTS),
    "AfterValidator of a builtin": (Annotated[str, pydantic.AfterValidator(str.strip)], TEXTS),
    "BeforeValidator of a builtin": (Annotated[int, pydantic.BeforeValidator(len)], TEXTS),
    "PlainValidator": (Annotated[int, pydantic.PlainValidator(int)], TEXTS),
    "PlainSerializer": (Annotated[int, pydantic.PlainSerializer(hex, return_type=str)], NUMBERS),
    "ValidationError class": (
        Annotated[int, Field(gt=2)] | Annotated[str, Field(max_length=1)],
        TEXTS,
    ),
    "Any": (Any, TEXTS),
    "EncodedStr": (
        Annotated[str, pydantic.EncodedStr(encoder=pydantic.Base64Encoder)],
        TEXTS,
    ),
}


@pytest.fixture(scope="module")
def written() -> Written:
    return Written()


@pytest.fixture(scope="module")
def results(written: Written, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what all the written schemas make of their inputs, by name."""
    problems: dict[str, Any] = {}
    for name, (kind, _) in CASES.items():
        try:
            written.add(name, kind)
        except Exception as error:  # noqa: BLE001 (each case reports its own)
            problems[name] = str(error)
    inputs = {name: inputs for name, (_, inputs) in CASES.items() if name in written.texts}
    return problems | read(written, Path(tmp_path_factory.mktemp("written")), inputs)


@pytest.mark.parametrize("name", CASES)
def test_a_type_behaves_without_pydantic_as_with_it(name: str, results: dict[str, Any]) -> None:
    kind, inputs = CASES[name]
    assert results[name] == expected(kind, eval(inputs))
