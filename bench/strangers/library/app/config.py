import logging
import os
from functools import lru_cache

from pydantic import BaseModel, Field


class Settings(BaseModel):
    api_keys: set[str] = Field(default_factory=set)
    log_level: str = "INFO"
    max_loans_per_member: int = 3
    loan_days: int = 21


@lru_cache
def get_settings() -> Settings:
    return Settings(
        api_keys={k for k in os.environ.get("LIBRARY_API_KEYS", "").split(",") if k},
        log_level=os.environ.get("LOG_LEVEL", "INFO"),
    )


def configure_logging() -> logging.Logger:
    logger = logging.getLogger("library")
    logger.setLevel(get_settings().log_level)
    return logger
