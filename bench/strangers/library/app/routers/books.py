import logging
from typing import Optional
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from ..dependencies import PageDep, RepositoryDep, api_key
from ..models import Book, BookCreate, BookUpdate, Genre, Page, Problem

logger = logging.getLogger("library.books")

router = APIRouter(prefix="/books", tags=["books"], responses={404: {"model": Problem}})


@router.get("", response_model=Page[Book])
def list_books(
    page: PageDep, repo: RepositoryDep, genre: Optional[Genre] = None, q: Optional[str] = None
):
    found = repo.search(genre, q)
    end = page.offset + page.limit
    return Page[Book](
        items=found[page.offset : end],
        total=len(found),
        next_offset=end if end < len(found) else None,
    )


@router.get("/{book_id}")
def get_book(book_id: UUID, repo: RepositoryDep) -> Book:
    return repo.get(book_id)


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[Depends(api_key)])
def add_book(book: BookCreate, repo: RepositoryDep, response: Response) -> Book:
    added = repo.add(book)
    response.headers["Location"] = f"/books/{added.id}"
    logger.info("book added: %s", added.isbn)
    return added


@router.patch("/{book_id}", response_model_exclude_none=True, dependencies=[Depends(api_key)])
def change_book(book_id: UUID, change: BookUpdate, repo: RepositoryDep) -> Book:
    return repo.update(book_id, change)
