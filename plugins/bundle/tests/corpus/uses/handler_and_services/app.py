import json

import pydantic

from . import schemas
from .store import Memory

STORE = Memory()


def handler(event: dict, context: object) -> dict:
    try:
        item = schemas.ItemIn.model_validate_json(event.get("body") or "")
    except pydantic.ValidationError as e:
        return {"statusCode": 422, "body": e.json()}
    return {"statusCode": 201, "body": STORE.add(item).model_dump_json(exclude_none=True)}


def example_handler():
    bodies = [
        '{"name": "a", "tags": ["x"]}',
        '{"name": ""}',
        None,
        json.dumps({"name": "b", "price": -1}),
    ]
    return [handler({"body": body}, None) for body in bodies], STORE.items
