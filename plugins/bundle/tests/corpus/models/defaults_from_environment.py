"""Defaults and constants read from the environment when the module is imported."""

import os

from pydantic import BaseModel, Field

STAGE = os.environ.get("CORPUS_STAGE", "none")
TABLES = {"items": f"items-{STAGE}", "orders": f"orders-{STAGE}"}


class Table(BaseModel):
    name: str = TABLES["items"]
    stage: str = STAGE
    region: str = os.getenv("CORPUS_STAGE", "nowhere")
    later: str = Field(default_factory=lambda: os.environ.get("CORPUS_STAGE", "none"))
    limit: int = Field(len(STAGE), ge=0)


DEFAULT = Table()


def example_stage():
    return DEFAULT, STAGE, Table(name="x"), Table.model_construct()
