"""A long list as pages: the part that is shown, and where it stands in the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kopkrakers.base.typed import whole_number

Item = TypeVar("Item")


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


def list_page(found: Sequence[Item], number: int, size: int) -> ListPage[Item]:
    """Return a page of at most `size` items. Of a number without a page: the nearest there is."""
    number = nearest_page(number, len(found), size)
    start = (number - 1) * size
    return ListPage(tuple(found[start : start + size]), number, len(found), size)


def nearest_page(number: int, total: int, size: int) -> int:
    """Return the number of the page nearest to a number, of a list of `total` items."""
    last = max(1, -(-total // size))
    return min(max(1, number), last)


def page_number(typed: str | None) -> int:
    """Return the number of a page that was asked for; 1 when it is no number."""
    return whole_number(typed or "") or 1
