"""Releases: made once from one consistent state, kept whole, and served as they are by every road."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.base.db import Database, table
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.catalogue.library import Library
from kopkrakers.research.release.dataset import pack
from kopkrakers.research.release.describe import ReleaseName, summary_of
from kopkrakers.research.release.earlier import margins_of, read_earlier
from kopkrakers.research.release.files import need_extra
from kopkrakers.research.release.models import ReleasePart, ResearchRelease
from kopkrakers.research.release.reading import CountedState, Progress, read_state
from kopkrakers.research.release.tables import DataTable, land_of, make_tables

RELEASE = table(ResearchRelease)
PART = table(ReleasePart)
NUMBER = re.compile("[1-9][0-9]{0,8}")
"""One release has one address: without zeros before it."""
_ABOUT = select(
    RELEASE.c.number, RELEASE.c.month, RELEASE.c.sha256, RELEASE.c.size, RELEASE.c.tables
)
_ALL = _ABOUT.order_by(RELEASE.c.number.desc())
_ONE = _ABOUT.where(RELEASE.c.number == bindparam("number"))
_ZIP = select(RELEASE.c.zip).where(RELEASE.c.number == bindparam("number"))
_PARTS = (
    select(PART.c.dilemma, PART.c.edition, PART.c.rows)
    .where(PART.c.number == bindparam("number"), PART.c.table_id == bindparam("table_id"))
    .order_by(PART.c.dilemma, PART.c.edition)
)


@dataclass(frozen=True)
class Release:
    """What may be known of a release without opening it. `about`: per table its summary, and the overview."""

    name: ReleaseName
    sha256: str
    size: int
    about: dict[str, Any]

    @property
    def file_name(self) -> str:
        """The name of its zip."""
        return file_name(self.name.number)


def file_name(number: int) -> str:
    """The name of a dataset's zip."""
    return f"kopkrakers-uitgave-{number}.zip"


def make_release(database: Database, library: Library, today: date, progress: Progress) -> Release:
    """Make this month's release and keep it, all at once or not at all.

    Raises: TooLate when this month has one; ConfigurationError without the parts it needs.
    """
    need_extra()
    month = f"{today:%Y-%m}"
    with database.snapshot() as session:
        numbers = session.connection().execute(select(RELEASE.c.number, RELEASE.c.month)).all()
        if any(row.month == month for row in numbers):
            raise _once_a_month(month)
        state, earlier = read_state(session, library, today, progress), read_earlier(session)
    name = ReleaseName(max((row.number for row in numbers), default=0) + 1, month)
    tables = make_tables(state, earlier)
    zipped = pack(name, state, tables, progress)
    _keep(database, name, zipped, _about(state, tables), tables)
    with database.reading() as session:
        return release(session, name.number)


def releases(session: Session) -> list[Release]:
    """Every release, the newest first."""
    return [_release(row) for row in session.connection().execute(_ALL)]


def release(session: Session, number: int) -> Release:
    """A certain release.

    Raises: NotYours when there is none.
    """
    row = session.connection().execute(_ONE, {"number": number}).first()
    if row is None:
        raise NotYours(f"Er is geen uitgave {number}. Kies een uitgave uit de lijst.")
    return _release(row)


def number_in(text: str) -> int:
    """The number of a release as an address has it.

    Raises: NotYours for what is no number.
    """
    if not NUMBER.fullmatch(text):
        raise NotYours(f"‘{text[:40]}’ is geen nummer van een uitgave.")
    return int(text)


def zip_of(session: Session, number: int) -> bytes:
    """The dataset of a release, byte for byte as it was made.

    Raises: NotYours when there is none.
    """
    row = session.connection().execute(_ZIP, {"number": number}).first()
    if row is None:
        raise NotYours(f"Er is geen uitgave {number}. Kies een uitgave uit de lijst.")
    return bytes(row.zip)


def parts_of(
    session: Session, number: int, table_id: str, dilemmas: Sequence[str] | None = None
) -> list[tuple[str, int, list[list[Any]]]]:
    """The rows of a table as (dilemma, edition, rows), of these dilemmas or of all."""
    asked = _PARTS if dilemmas is None else _PARTS.where(PART.c.dilemma.in_(sorted(dilemmas)))
    rows = session.connection().execute(asked, {"number": number, "table_id": table_id}).all()
    found = [(row.dilemma, row.edition, json.loads(row.rows)) for row in rows]
    return sorted(found, key=lambda part: part[:2])


def _release(row: Any) -> Release:
    return Release(ReleaseName(row.number, row.month), row.sha256, row.size, json.loads(row.tables))


def _keep(
    database: Database,
    name: ReleaseName,
    zipped: bytes,
    about: dict[str, Any],
    tables: Sequence[DataTable],
) -> None:
    whole = {
        "number": name.number,
        "month": name.month,
        "sha256": sha256(zipped).hexdigest(),
        "size": len(zipped),
        "zip": zipped,
        "tables": _json(about),
    }
    parts = [
        {
            "number": name.number,
            "table_id": table.spec.id,
            "dilemma": part.dilemma,
            "edition": part.edition,
            "rows": _json(part.rows),
            "margins": margins_of(part.snapshot) if part.snapshot else None,
        }
        for table in tables
        for part in table.parts
    ]
    try:
        with database.transaction() as session:
            session.connection().execute(insert(RELEASE), whole)
            session.connection().execute(insert(PART), parts)
    except IntegrityError as error:
        raise _once_a_month(name.month) from error


def _about(state: CountedState, tables: Sequence[DataTable]) -> dict[str, Any]:
    return {
        "tables": {table.spec.id: asdict(summary_of(table)) for table in tables},
        "overview": [
            {
                "dilemma": one.edition.dilemma,
                "edition": one.edition.number,
                "title": one.card.title,
                "theme": one.card.theme,
                "total": land.total if (land := land_of(one)) else 0,
                "options": [[row.option, row.n, row.percent] for row in land.rows] if land else [],
            }
            for one in state.editions
        ],
    }


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"), default=str)


def _once_a_month(month: str) -> TooLate:
    return TooLate(f"Er is al een uitgave van {month}. Een volgende kan de maand erna.")


def latest_number(session: Session) -> int | None:
    """The number of the newest release."""
    number = session.connection().execute(select(func.max(RELEASE.c.number))).scalar()
    return None if number is None else int(number)
