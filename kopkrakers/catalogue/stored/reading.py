"""Read the published cards of the desk, for the library of every process."""

from collections.abc import Mapping

import structlog
from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.base.db import Database, in_parts
from kopkrakers.catalogue.stored.models import CARD_VERSION, STORED_CARD

log = structlog.get_logger()
_PUBLISHED = select(STORED_CARD.c.slug, STORED_CARD.c.published).where(
    STORED_CARD.c.published.is_not(None)
)
_TEXTS = select(CARD_VERSION.c.slug, CARD_VERSION.c.number, CARD_VERSION.c.source).where(
    tuple_(CARD_VERSION.c.slug, CARD_VERSION.c.number).in_(bindparam("which", expanding=True))
)
Version = tuple[int, str]
"""The number of a version, and its text."""


class StoredCards:
    """The published cards of one database. What was read is kept until its number changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Mapping[str, Version] = {}

    # D-123
    def published(self) -> Mapping[str, Version]:
        """Return the published cards by slug. While the database is away: those it had before."""
        try:
            self._known = self._read()
        except SQLAlchemyError as error:
            log.error("stored_cards_unreadable", kind=type(error).__name__)
        return self._known

    def _read(self) -> Mapping[str, Version]:
        with self._database.reading() as session:
            versions: dict[str, Version] = {}
            missing = []
            for row in session.execute(_PUBLISHED):
                known = self._known.get(row.slug)
                # a version never changes: under the same number stands the same text
                if known is not None and known[0] == row.published:
                    versions[row.slug] = known
                else:
                    missing.append((row.slug, row.published))
            for part in in_parts(missing):
                for row in session.execute(_TEXTS, {"which": part}):
                    versions[row.slug] = (row.number, row.source)
        if versions == self._known:
            return self._known
        return versions
