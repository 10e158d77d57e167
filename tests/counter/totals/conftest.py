"""The tests of totals change them by hand, as someone who writes to the database does."""

from collections.abc import Iterator

import pytest

from tests.support.tally_guard import unhooked


@pytest.fixture(autouse=True)
def by_hand() -> Iterator[None]:
    with unhooked("someone who writes to the database"):
        yield
