"""`BaseSettings`: environment variables, prefix, nested delimiter, JSON, aliases."""

import os

from pydantic import AliasChoices, BaseModel, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

os.environ["CORPUS_NAME"] = "from environment"
os.environ["CORPUS_PORT"] = "8080"
os.environ["CORPUS_TAGS"] = '["a", "b"]'
os.environ["CORPUS_DB__HOST"] = "db.example"
os.environ["CORPUS_DB"] = '{"port": 1}'
os.environ["CORPUS_OTHER_KEY"] = "key"
os.environ["corpus_lower"] = "lower"


class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CORPUS_", env_nested_delimiter="__")

    name: str = "default"
    port: int
    tags: list[str] = []
    db: Database = Database()
    key: str = Field("none", validation_alias=AliasChoices("corpus_key", "CORPUS_OTHER_KEY"))
    lower: str = "x"
    debug: bool = False

    @field_validator("name")
    @classmethod
    def upper(cls, value: str) -> str:
        return value.upper()


class Sensitive(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore")
    CORPUS_NAME: str = "none"
    corpus_name: str = "none"


SETTINGS = Settings()


def example_settings():
    return SETTINGS, Settings(port=1, db={"port": 2}), Sensitive(), SETTINGS.model_dump()


def example_wrong():
    os.environ["CORPUS_PORT"] = "no port"
    try:
        return Settings()
    finally:
        os.environ["CORPUS_PORT"] = "8080"


def example_wrong_json():
    os.environ["CORPUS_TAGS"] = "no json"
    try:
        return Settings()
    finally:
        os.environ["CORPUS_TAGS"] = "[]"


def example_missing():
    port = os.environ.pop("CORPUS_PORT")
    try:
        return Settings()
    finally:
        os.environ["CORPUS_PORT"] = port
