"""Functions and coroutines that take and return models, with annotations that are read."""

import asyncio
import inspect

from pydantic import BaseModel


class Request(BaseModel):
    name: str


class Response(BaseModel):
    greeting: str


async def greet(request: Request, *, loud: bool = False) -> Response:
    await asyncio.sleep(0)
    greeting = f"Hello {request.name}"
    return Response(greeting=greeting.upper() if loud else greeting)


def run(function, data):
    kind = next(iter(inspect.signature(function).parameters.values())).annotation
    return asyncio.run(function(kind.model_validate(data)))


def example_run():
    return run(greet, {"name": "Ann"}), run(greet, {"name": 1})
