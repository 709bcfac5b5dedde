"""Models validated in threads and coroutines for the first time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pydantic import BaseModel, Field


class Part(BaseModel):
    n: int = Field(ge=0)


class Whole(BaseModel):
    parts: list[Part]


async def make(n: int) -> Whole:
    await asyncio.sleep(0)
    return Whole(parts=[{"n": n}])


async def make_all() -> list[Whole]:
    return list(await asyncio.gather(*map(make, range(3))))


def example_threads():
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda n: Whole.model_validate_json(f'{{"parts": [{{"n": {n}}}]}}'), range(8))
        )
    return made, asyncio.run(make_all())
