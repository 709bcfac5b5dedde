"""Compiled settings are what pydantic-settings makes of environment variables."""

import ast
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lambda_bundle.models.settings import describe_settings
from lambda_bundle.models.uses import find_uses
from lambda_bundle.problems import BundleError
from pydantic import AliasPath, BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from stand_ins import StandIns, outcome

SETTINGS = StandIns("models_for_settings")
NAMES = [name for name in SETTINGS.names if issubclass(SETTINGS.real[name], BaseSettings)]

VARIABLES = [
    {},
    {"TABLE": "t", "LIMIT": "4", "TAGS": '["b"]', "EITHER": "[1]", "WEIGHTS": '{"a": 1}'},
    {"table": "t", "TABLE": "u", "DEBUG": "yes", "EITHER": "text"},
    {"TABLE": "t", "LIMIT": "many"},
    {"TABLE": "t", "TAGS": "b,c"},
    {"TABLE": "", "TAGS": ""},
    {"APP_TABLE": "", "APP_DATABASE": ""},
    {"APP_TABLE": "t", "TABLE": "u", "APP_DATABASE": '{"host": "h", "PORT": 1}'},
    {"APP_DATABASE": '{"HOST": "h", "login": {"USER": "u"}}'},
    {"MY_DATABASE__HOST": "h", "MY_DATABASE__PORT": "1", "MY_OTHER__ROLES": '["a"]'},
    {"MY_DATABASE": '{"Host": "h"}', "MY_DATABASE__LOGIN__USER": "u"},
    {"MY_DATABASE": '{"Host": "h", "login": {"user": "u"}}', "MY_DATABASE__LOGIN__ROLES": "[]"},
    {"MY_DATABASE__HOST": "h", "MY_DATABASE__LOGIN": '{"user": "u"}'},
    {"MY_DATABASE__HOST": "h", "MY_DATABASE__NOTHING__MORE": "u", "MY_NAMES__0": "a"},
    {"MY_DATABASE__HOST": "h", "MY_DATABASE__LOGIN__ROLES": "text"},
    {"MY_DATABASE__MY_HOST": "h", "MY_DATABASE__LOGIN": "text"},
    {"MY_DATABASE__HOST": "h", "MY_OTHER": "text"},
    {"DATABASE_HOST": "h", "DATABASE_LOGIN_USER": "u", "DATABASE_PORT": "2"},
    {"Table": "t", "TABLE": "u", "database": '{"Host": "h"}', "database__port": "2"},
    {"Table": "t", "database__Host": "h", "database__login__user": "u"},
    {"DATABASE_URL": "u", "API_KEY": "k", "PARTS": "a,b", "APP_PARTS": "c,d"},
    {"database_url": "u", "KEY_OF_API": "k", "APP_KEY": "l", "APP_URL": "v"},
    {"APP_URL": "v", "APP_KEY": "k", "LIMITS": "[1]", "LIMIT_LIST": "[2]", "URL": "w"},
    {"DATABASE_URL": "u", "limit_list": "x"},
]
GIVEN: list[dict[str, Any]] = [
    {},
    {"table": "given", "tags": ["g"]},
    {"TABLE": "given", "Table": "other"},
    {"database": {"Host": "given", "login": {"roles": ["g"]}}},
    {"DATABASE_URL": "given", "key": "given"},
    {"url": "given", "key_of_api": "given", "unknown": 1},
    {"limits": [5], "LIMITS": [6]},
]


def assert_same(monkeypatch: pytest.MonkeyPatch, name: str, variables: Any, given: Any) -> None:
    with monkeypatch.context() as patch:
        for variable in list(os.environ):
            patch.delenv(variable)
        for variable, value in variables.items():
            patch.setenv(variable, value)
        expected = outcome(lambda: SETTINGS.real[name](**given))
        assert outcome(lambda: SETTINGS.compiled[name](**given)) == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variables", VARIABLES, ids=str)
def test_settings_are_the_same(
    monkeypatch: pytest.MonkeyPatch, name: str, variables: dict[str, str]
) -> None:
    for each in GIVEN:
        assert_same(monkeypatch, name, variables, each)


KEYS = ["table", "TABLE", "MY_DATABASE", "DATABASE", "DATABASE_URL", "APP_DATABASE", "LIMITS"]
PARTS = ["", "__HOST", "__Host", "__port", "__LOGIN", "__login__user", "__LOGIN__ROLES", "_LOGIN"]
VALUES = ["", "a", "1", "[1]", '["a"]', '{"host": "h"}', '{"Host": "h", "login": {}}', "null"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(NAMES),
    st.dictionaries(
        st.builds("{}{}".format, st.sampled_from(KEYS), st.sampled_from(PARTS)),
        st.sampled_from(VALUES),
    ),
)
def test_any_settings_are_the_same(
    monkeypatch: pytest.MonkeyPatch, name: str, variables: dict[str, str]
) -> None:
    assert_same(monkeypatch, name, variables, {})


def test_a_file_that_is_asked_for_at_run_time_is_refused() -> None:
    with pytest.raises(TypeError, match="read only environment variables"):
        SETTINGS.compiled["Plain"](_env_file=".env")


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("Settings(_env_file=path)", ["Settings(_env_file=…)"]),
        ("Settings.settings_cached()", ["Settings.settings_cached"]),
        ("Settings(env_file=path, _other=1)", []),
    ],
)
def test_code_that_reads_settings_from_elsewhere_is_found(code: str, uses: list[str]) -> None:
    assert [
        use for _line, use in find_uses(ast.parse(code), has_models=False, has_whole_configs=True)
    ] == uses


class Recursive(BaseModel):
    """A model that may have another one inside."""

    inner: "Recursive | None" = None


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"model_config": SettingsConfigDict(env_file="/etc/settings")}, "reads settings"),
        ({"model_config": SettingsConfigDict(secrets_dir="/run")}, "sets secrets_dir"),
        ({"model_config": SettingsConfigDict(cli_parse_args=True)}, "sets cli_parse_args"),
        ({"model_config": SettingsConfigDict(env_parse_none_str="x")}, "sets env_parse_none_str"),
        ({"model_config": SettingsConfigDict(strict=True)}, "is strict"),
        ({"settings_customise_sources": classmethod(lambda *_a, **_k: ())}, "customise_sources"),
        ({"__init__": lambda _self: None}, "has `__init__`"),
        ({"x": Field("a", validation_alias=AliasPath("a", 0))}, "has a path as an alias of x"),
        (
            {
                "__annotations__": {"x": dict[str, str]},
                "model_config": SettingsConfigDict(env_nested_delimiter="_"),
            },
            "has variables for parts of dict",
        ),
        ({"__annotations__": {"x": Recursive}}, "has Recursive inside itself"),
    ],
)
def test_other_sources_are_not_compiled(body: dict[str, Any], problem: str) -> None:
    annotations = body.get("__annotations__", {"x": str})
    other = type("Other", (BaseSettings,), {**body, "__annotations__": annotations})
    with pytest.raises(BundleError, match=problem):
        describe_settings(other)
