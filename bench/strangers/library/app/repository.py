from collections import Counter
from datetime import date, datetime, timedelta, timezone
from uuid import UUID, uuid5

from .config import Settings
from .exceptions import LimitReached, NotAvailable, NotFound
from .models import Book, BookCreate, BookUpdate, Genre, Loan, LoanRequest

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
TODAY = date(2024, 5, 1)

SEED = [
    BookCreate(
        title="A Short History of Bridges",
        authors=["Ines Vidal"],
        isbn="978-3-16-148410-0",
        genre=Genre.history,
        published=date(1998, 4, 2),
        copies=2,
    ),
    BookCreate(
        title="Tides", authors=["M. Okafor", "L. Ruiz"], isbn="9780306406157", genre="science"
    ),
    BookCreate(title="The Lamp Lighter", authors=["J. Hartley"], isbn="9781861972712"),
]


class InMemoryRepository:
    """Stands for the table that the real thing would use."""

    def __init__(self):
        self._books: dict[UUID, Book] = {}
        self._loans: list[Loan] = []
        for book in SEED:
            self.add(book)

    def add(self, book: BookCreate) -> Book:
        book_id = uuid5(NAMESPACE, book.isbn)
        added = Book(
            id=book_id,
            added_at=datetime(2024, 5, 1, 12, tzinfo=timezone.utc),
            **book.model_dump(),
        )
        self._books[book_id] = added
        return added

    def get(self, book_id: UUID) -> Book:
        try:
            return self._books[book_id]
        except KeyError:
            raise NotFound(f"no book {book_id}") from None

    def search(self, genre=None, text=None) -> list[Book]:
        found = list(self._books.values())
        if genre:
            found = [b for b in found if b.genre == genre]
        if text:
            found = [b for b in found if text.lower() in b.title.lower()]
        return sorted(found, key=lambda b: b.title)

    def update(self, book_id: UUID, change: BookUpdate) -> Book:
        book = self.get(book_id)
        changed = book.model_copy(update=change.model_dump(exclude_unset=True))
        self._books[book_id] = changed
        return changed

    def lend(self, request: LoanRequest, settings: Settings) -> Loan:
        book = self.get(request.book_id)
        if not book.available:
            raise NotAvailable(book.title)
        if Counter(l.member for l in self._loans)[request.member] >= settings.max_loans_per_member:
            raise LimitReached(request.member)
        book.on_loan += 1
        loan = Loan(**request.model_dump(), due=TODAY + timedelta(days=settings.loan_days))
        self._loans.append(loan)
        return loan


repository = InMemoryRepository()
