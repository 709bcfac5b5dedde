"""`except ValidationError`: imported from everywhere, re-raised, converted, in a handler."""

import json

import pydantic
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ValidationError as CoreValidationError


class Order(BaseModel):
    id: int
    lines: list[dict[str, int]] = Field(min_length=1)


def handler(event, context):
    try:
        order = Order.model_validate_json(event["body"])
    except ValidationError as error:
        return {
            "statusCode": 400,
            "body": json.dumps(
                error.errors(include_url=False, include_context=False, include_input=False)
            ),
        }
    except (pydantic.PydanticUserError, KeyError):
        return {"statusCode": 500}
    return {"statusCode": 200, "body": order.model_dump_json()}


def example_handler():
    bodies = ['{"id": 1, "lines": [{"a": 1}]}', '{"id": "x", "lines": []}', "no json", "[]"]
    return [handler({"body": body}, None) for body in bodies], handler({}, None)


def example_classes():
    try:
        Order(id="x")
    except CoreValidationError as error:
        return (
            ValidationError is CoreValidationError,
            pydantic.ValidationError is ValidationError,
            isinstance(error, ValueError),
            error.title,
            error.json(indent=1),
            repr(error),
        )
