"""Pydantic's own classes, taken out of its source, do without pydantic what they do with it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pydantic
import pydantic.networks
import pydantic.types
import pytest
from lambda_bundle.models.shake import Shaken
from lambda_bundle.problems import BundleError
from schemas_written import bare_interpreter, write_taken

EXPRESSIONS = [
    "SecretStr('a').get_secret_value()",
    "SecretStr('a'), str(SecretStr('')), len(SecretStr('abc')), {SecretStr('a'), SecretStr('a')}",
    "SecretStr('a') == SecretStr('a'), SecretStr('a') == 'a', SecretStr('ä') == SecretStr('b')",
    "SecretBytes(b'a'), SecretBytes(b'a').get_secret_value()",
    "copy.deepcopy(SecretStr('a')) == SecretStr('a')",
    "pickle.loads(pickle.dumps(SecretStr('a'))) == SecretStr('a')",
    "Secret(5), Secret(5).get_secret_value(), Secret[int](5) == Secret(5)",
    "Secret[int], type('Own', (SecretStr,), {})('a')",
    "setattr(EncodedBytes(encoder=Base64Encoder), 'encoder', 1)",
    "EncodedBytes(encoder=1), EncodedBytes(1) == EncodedBytes(1), EncodedBytes(1) == 1",
    "HttpUrl('https://user:pass@example.com:81/a/b?c=d&c=e#f')",
    "[getattr(HttpUrl('https://u:p@ex.com:81/a?c=d#f'), name) for name in PARTS]",
    "HttpUrl('https://ex.com/?c=d').query_params(), HttpUrl('https://münchen.de').unicode_string()",
    "HttpUrl.build(scheme='https', host='example.com', path='a')",
    "HttpUrl('https://a.b') == HttpUrl('https://a.b'), HttpUrl('https://a.b') < HttpUrl('https://b')",
    "len({HttpUrl('https://a.b'), HttpUrl('https://a.b'), AnyUrl('https://a.b')})",
    "copy.deepcopy(HttpUrl('https://a.b')), str(pickle.loads(pickle.dumps(HttpUrl('https://a.b'))))",
    "HttpUrl('ftp://a.b')",
    "HttpUrl(5)",
    "HttpUrl(AnyUrl('https://a.b'))",
    "PostgresDsn('postgres://u:p@a:1,b:2/db').hosts(), PostgresDsn('postgres://a/db').path",
    "PostgresDsn('http://a')",
    "RedisDsn('redis://'), MongoDsn('mongodb://a'), AmqpDsn('amqp://')",
    "type('Own', (HttpUrl,), {'_constraints': UrlConstraints(max_length=12)})('https://a.example')",
    "UrlConstraints(max_length=5), len({UrlConstraints(5), UrlConstraints(5), UrlConstraints(6)})",
    "IPvAnyAddress('1.2.3.4'), IPvAnyNetwork('1.2.3.0/24'), IPvAnyInterface('::1/64')",
    "IPvAnyAddress('x')",
    "NameEmail('A', 'a@example.com'), str(NameEmail('A', 'a@example.com'))",
    "NameEmail('A', 'a@example.com') == NameEmail('A', 'a@example.com')",
    "validate_email('A B <a@example.com>')",
    "validate_email('a')",
    "ByteSize(1536).human_readable(), ByteSize(1536).human_readable(decimal=True)",
    "ByteSize(1024).to('KiB'), ByteSize(5) + 1",
    "ByteSize(1024).to('x')",
    "Base64Encoder.encode(b'a'), Base64Encoder.decode(b'YQ==')",
    "EncodedBytes(encoder=Base64Encoder).decode(b'YQ==', None)",
    "EncodedStr(encoder=Base64Encoder).encode_str('a')",
]
NAMES = {
    *("SecretStr", "SecretBytes", "Secret", "HttpUrl", "AnyUrl", "PostgresDsn", "RedisDsn"),
    *("MongoDsn", "AmqpDsn", "UrlConstraints", "IPvAnyAddress", "IPvAnyNetwork"),
    *("IPvAnyInterface", "NameEmail", "validate_email", "ByteSize", "Base64Encoder"),
    *("EncodedBytes", "EncodedStr"),
}
SHOW = """
import copy, json, pickle, re
PARTS = ("scheme", "username", "password", "host", "port", "path", "query", "fragment")

def show(expression, namespace):
    try:
        text = repr(eval(expression, {**globals(), **namespace}))
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
    text = text.replace("compiled_pydantic._pydantic.", "pydantic.")
    return re.sub("pydantic.dev/[^/]+/", "pydantic.dev/", text)
"""


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what each expression gives where there is no pydantic."""
    folder = tmp_path_factory.mktemp("taken")
    shaken = Shaken()
    imports = "".join(
        f"from {shaken.take(getattr(pydantic, name).__module__, name)} import {name}\n"
        for name in sorted(NAMES)
    )
    program = f"""
{bare_interpreter(folder)}
{SHOW}
{imports}
print(json.dumps({{each: show(each, {{}}) for each in {EXPRESSIONS!r}}}))
assert not {{"pydantic", "importlib.metadata"}} & set(sys.modules)
"""
    write_taken(shaken, folder / "task")
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_taken_class_does_what_pydantic_s_does(expression: str, taken: dict[str, str]) -> None:
    namespace: dict[str, Any] = {}
    exec(SHOW, namespace)
    names = {name: getattr(pydantic, name) for name in NAMES}
    assert taken[expression] == namespace["show"](expression, names)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("pydantic.main", "BaseModel"),
        ("pydantic.fields", "FieldInfo"),
        ("pydantic.validate_call_decorator", "validate_call"),
        ("pydantic.functional_validators", "nothing"),
    ],
)
def test_what_makes_schemas_is_not_taken(module: str, name: str) -> None:
    shaken = Shaken()
    with pytest.raises(BundleError, match="makes schemas, which needs all of pydantic"):
        shaken.take(module, name)
    assert shaken.files() == {}


def test_only_what_is_reached_is_taken() -> None:
    shaken = Shaken()
    shaken.take("pydantic.types", "SecretStr")
    text = shaken.files()["compiled_pydantic/_pydantic/types.py"]
    assert "class SecretStr" in text
    for absent in (
        "SecretBytes",
        "import typing",
        "Generic",
        "ByteSize",
        "ipaddress",
        "Annotated",
        '"""',
        "-> str",
        "__get_",
    ):
        assert absent not in text


def test_what_takes_long_to_import_is_imported_late(tmp_path: Path) -> None:
    shaken = Shaken()
    modules = [
        shaken.take("pydantic.types", "SecretStr"),
        shaken.take("pydantic.networks", "HttpUrl"),
    ]
    program = f"""
{bare_interpreter(tmp_path)}
import {", ".join(modules)}
print(sorted({{"dataclasses", "inspect", "re", "secrets", "typing"}} & set(sys.modules)))
"""
    write_taken(shaken, tmp_path / "task")
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_the_same_is_taken_in_every_process(tmp_path: Path) -> None:
    program = """
import sys
from schemas_written import Written
from test_schema_types import CASES
written = Written()
for name in CASES:
    written.add(name, CASES[name][0])
print(written.texts, written.shared.pydantic.files())
"""
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=tmp_path,
            env={**environment, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
