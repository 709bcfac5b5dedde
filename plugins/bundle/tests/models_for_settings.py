"""Settings, for the tests of the stand-ins."""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Login(BaseModel):
    user: str = "root"
    roles: list[str] = []


class Database(BaseModel):
    Host: str
    port: int = 5432
    login: Login | None = None


class Plain(BaseSettings):
    table: str
    limit: int = 3
    debug: bool | None = None
    tags: list[str] = ["a"]
    either: list[int] | str = "none"
    weights: dict[str, float] = {}


class Prefixed(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", extra="ignore", env_ignore_empty=True)
    table: str = "default"
    database: Database | None = None


class Nested(BaseSettings, env_nested_delimiter="__", env_prefix="my_"):
    database: Database
    other: Login = Login()
    names: list[str] = []


class Limited(BaseSettings, env_nested_delimiter="_", env_nested_max_split=1):
    database: Database


class Sensitive(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=True, env_nested_delimiter="__")
    Table: str
    database: Database | None = None


class Aliased(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", populate_by_name=True)
    url: str = Field(alias="DATABASE_URL")
    key: str = Field("none", validation_alias=AliasChoices("API_KEY", "key_of_api"))
    parts: Annotated[list[str], NoDecode] = []

    @field_validator("parts", mode="before")
    @classmethod
    def split(cls, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value


class OnlyAliased(BaseSettings):
    url: str = Field("none", validation_alias="DATABASE_URL")
    limits: list[int] = Field([], validation_alias=AliasChoices("LIMITS", "limit_list"))
