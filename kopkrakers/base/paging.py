"""A long list as pages: the part that is shown, and where it stands in the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, func

from kopkrakers.base.db import Rows
from kopkrakers.base.typed import whole_number

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True)
class ListPage(Generic[Item]):
    """A part of a list. `number` counts from 1; `total` items are on all pages together."""

    items: tuple[Item, ...]
    number: int
    total: int
    size: int

    @property
    def first(self) -> int:
        """Return the place of the first item in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Return the place of the last item in the whole list; 0 of an empty list."""
        return self.first + len(self.items) - 1

    @property
    def has_next(self) -> bool:
        """Whether a page comes after this one."""
        return self.last < self.total

    @property
    def is_whole(self) -> bool:
        """Whether everything is on this page."""
        return len(self.items) == self.total

    def each(self, make: Callable[[Item], Made]) -> "ListPage[Made]":
        """Return the same page with what is made of each item."""
        return ListPage(tuple(map(make, self.items)), self.number, self.total, self.size)


def list_page(found: Sequence[Item], number: int, size: int) -> ListPage[Item]:
    """Return a page of at most `size` items. Of a number without a page: the nearest there is."""
    number = nearest_page(number, len(found), size)
    start = (number - 1) * size
    return ListPage(tuple(found[start : start + size]), number, len(found), size)


def rows_page(session: Rows, wanted: Select[Any], number: int, size: int) -> ListPage[Row[Any]]:
    """Return a page of the rows of a statement that has an order; the others are counted alone.

    Of a number without a page: the nearest there is.
    """
    connection = session.connection()
    counted = wanted.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = connection.execute(counted).scalar_one()
    number = nearest_page(number, total, size)
    rows = connection.execute(wanted.limit(size).offset((number - 1) * size)).all()
    return ListPage(tuple(rows), number, total, size)


def nearest_page(number: int, total: int, size: int) -> int:
    """Return the number of the page nearest to a number, of a list of `total` items."""
    last = max(1, -(-total // size))
    return min(max(1, number), last)


def page_number(typed: str | None) -> int:
    """Return the number of a page that was asked for; 1 when it is no number."""
    return whole_number(typed or "") or 1
