"""`BaseSettings` with an `env_file` that is not packaged."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env.of.the.corpus", extra="ignore")
    name: str = "default"


def example_settings():
    return Settings()
