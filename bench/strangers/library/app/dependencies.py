from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Query, status

from .config import Settings, get_settings
from .repository import InMemoryRepository, repository


@dataclass
class Pagination:
    limit: int
    offset: int


def pagination(
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Pagination:
    return Pagination(limit, offset)


def api_key(
    settings: Annotated[Settings, Depends(get_settings)],
    x_api_key: Annotated[str | None, Header()] = None,
) -> str:
    if x_api_key not in settings.api_keys:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "unknown API key")
    return x_api_key


def get_repository() -> InMemoryRepository:
    return repository


PageDep = Annotated[Pagination, Depends(pagination)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
RepositoryDep = Annotated[InMemoryRepository, Depends(get_repository)]
