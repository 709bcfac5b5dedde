import json

from pydantic import ValidationError


def ok(model, status=200):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": model.model_dump_json(),
    }


def bad_request(error: ValidationError):
    problems = [
        {"where": ".".join(map(str, e["loc"])), "what": e["msg"], "type": e["type"]}
        for e in error.errors()
    ]
    return {
        "statusCode": 400,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"title": error.title, "problems": problems}),
    }
