"""Releases: made once from one consistent state, kept whole, and served unchanged everywhere."""

import json
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.base.db import Database, table
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.base.keys import Keys
from kopkrakers.base.paging import ListPage, rows_page
from kopkrakers.base.processes.progress import Progress
from kopkrakers.catalogue.library import Library
from kopkrakers.privacy import columns
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.identity import (
    INVENTED_MARK,
    Identity,
    Origin,
    ReleaseName,
    stored_identity,
)
from kopkrakers.research.models import ReleasePart, ResearchRelease
from kopkrakers.research.protected.earlier import read_earlier
from kopkrakers.research.reading import CountedEdition, CountedState, read_state
from kopkrakers.research.release.changes import changes_since
from kopkrakers.research.release.dataset import pack
from kopkrakers.research.release.describe import summary_of
from kopkrakers.research.release.files import need_extra
from kopkrakers.research.release.tables import make_tables, national_cells
from kopkrakers.research.rows import DataTable, TablePart

RELEASE = table(ResearchRelease)
PART = table(ReleasePart)
RELEASES_ON_A_PAGE = 12
NUMBER = re.compile("[1-9][0-9]{0,8}")
"""One release has one address: without zeros before it."""
_DECODER = json.JSONDecoder()
_ABOUT = select(
    RELEASE.c.number, RELEASE.c.month, RELEASE.c.sha256, RELEASE.c.size, RELEASE.c.tables
)
_ALL = _ABOUT.order_by(RELEASE.c.number.desc())
_NAMES = _ALL.with_only_columns(RELEASE.c.number, RELEASE.c.month)
_ONE = _ABOUT.where(RELEASE.c.number == bindparam("number"))
_ZIP = select(RELEASE.c.zip).where(RELEASE.c.number == bindparam("number"))
_PARTS = (
    select(PART.c.dilemma, PART.c.edition, PART.c.rows)
    .where(PART.c.number == bindparam("number"), PART.c.table_id == bindparam("table_id"))
    .order_by(PART.c.dilemma, PART.c.edition)
)


@dataclass(frozen=True)
class Release:
    """A release without its zip. `about`: per table its summary, the overview, and who made it."""

    name: ReleaseName
    sha256: str
    size: int
    about: dict[str, Any]

    @property
    def identity(self) -> Identity | None:
        """Return which server made it and on what terms; None of one from before that was kept."""
        return stored_identity(self.name, self.about.get("identity"))

    @property
    def mark(self) -> str:
        """Return what the names of its files end with: that it is invented, or nothing."""
        identity = self.identity
        if identity is not None and identity.invented:
            return f"-{INVENTED_MARK.lower()}"
        return ""

    @property
    def file_name(self) -> str:
        """Return the name of its zip."""
        return f"kopkrakers-uitgave-{self.name.number}{self.mark}.zip"


class ReleasedFile(NamedTuple):
    """A file in the zip of a release: its path, its size in bytes and its hash."""

    path: str
    size: int
    sha256: str


class StoredPart(NamedTuple):
    """The rows of one table of a release that are about one edition."""

    dilemma: str
    edition: int
    rows: list[list[Any]]


def make_release(
    database: Database,
    library: Library,
    keys: Keys,
    origin: Origin,
    today: date,
    progress: Progress,
) -> Release:
    """Make this month's release and store it, all at once or not at all.

    `keys` verify the totals; `origin` stands in every file.
    Raises: TooLate when this month has one; ConfigurationError without the parts it needs, or when
    totals were changed outside the product.
    """
    # before anything is read: the answer takes minutes, and the parts may not be there
    need_extra()
    month = f"{today:%Y-%m}"
    # one view of everything: what is counted meanwhile belongs to the next release
    with database.snapshot() as session:
        earlier_names = session.execute(select(RELEASE.c.number, RELEASE.c.month)).all()
        if any(row.month == month for row in earlier_names):
            raise _once_a_month(month)
        state = read_state(session, library, keys, today, progress)
        earlier = read_earlier(session)
    before = max((row.number for row in earlier_names), default=None)
    number = (before or 0) + 1
    name = ReleaseName(number, month)
    identity = Identity(name, origin, state.invented)
    figures = make_tables(state, earlier)
    with database.reading() as session:
        # of what was told, and of nothing that was counted (D-120)
        changes = changes_since(session, before, figures)
    tables = (*figures, changes)
    zipped = pack(identity, state, tables, progress)
    about = {**_about(state, tables), "identity": identity.as_stored()}
    _store(database, name, zipped, about, tables)
    with database.reading() as session:
        return release(session, number)


def releases(session: Session) -> list[Release]:
    """Return every release, the newest first, each with all that is told about it."""
    return list(map(_release, session.execute(_ALL)))


def releases_page(session: Session, number: int) -> ListPage[Release]:
    """Return a page of the releases, the newest first."""
    return rows_page(session, _ALL, number, RELEASES_ON_A_PAGE).each(_release)


def release_names(session: Session) -> list[ReleaseName]:
    """Return the names of all releases, the newest first, without reading what is in them."""
    return [ReleaseName(row.number, row.month) for row in session.execute(_NAMES)]


def release(session: Session, number: int) -> Release:
    """Return a release by its number.

    Raises: NotYours when there is none.
    """
    row = session.execute(_ONE, {"number": number}).first()
    if row is None:
        raise NotYours(f"Er is geen uitgave {number}. Kies een uitgave uit de lijst.")
    return _release(row)


def number_in(text: str) -> int:
    """Return the number of a release as it stands in an address.

    Raises: NotYours for anything that is no number.
    """
    if not NUMBER.fullmatch(text):
        raise NotYours(f"‘{text[:40]}’ is geen nummer van een uitgave.")
    return int(text)


def zip_of(session: Session, number: int) -> bytes:
    """Return the dataset of a release, byte for byte as it was made.

    Raises: NotYours when there is none.
    """
    row = session.execute(_ZIP, {"number": number}).first()
    if row is None:
        raise NotYours(f"Er is geen uitgave {number}. Kies een uitgave uit de lijst.")
    return bytes(row.zip)


def newest(session: Session) -> int:
    """Return the number of the newest release.

    Raises: NotYours when there is none yet.
    """
    number = latest_number(session)
    if number is None:
        raise NotYours("Er is nog geen uitgave.")
    return number


def file_in(session: Session, number: int, path: str) -> bytes:
    """Return one file out of the one zip that is kept, the same bytes as in the dataset.

    Raises: NotYours when there is no such release, or no such file in it.
    """
    with zipfile.ZipFile(BytesIO(zip_of(session, number))) as archive:
        try:
            return archive.read(path)
        except KeyError:
            raise NotYours(
                "Deze uitgave heeft dit bestand niet. Kies een andere uitgave."
            ) from None


def files_of(session: Session, number: int) -> list[ReleasedFile]:
    """Return every file in the zip of a release, by path.

    Raises: NotYours when there is no such release.
    """
    files = []
    with zipfile.ZipFile(BytesIO(zip_of(session, number))) as archive:
        for path in sorted(archive.namelist()):
            content = archive.read(path)
            files.append(ReleasedFile(path, len(content), sha256(content).hexdigest()))
    return files


def parts_of(
    session: Session, number: int, table_id: str, dilemmas: Collection[str] | None = None
) -> list[StoredPart]:
    """Return the parts of a table, of these dilemmas or, with None, of all."""
    statement = _PARTS
    if dilemmas is not None:
        statement = statement.where(PART.c.dilemma.in_(sorted(dilemmas)))
    rows = session.execute(statement, {"number": number, "table_id": table_id}).all()
    spec = columns.BY_ID[table_id]
    parts = []
    for row in rows:
        cells = _filled(spec, json.loads(row.rows))
        parts.append(StoredPart(row.dilemma, row.edition, cells))
    # databases collate text in ways of their own
    return sorted(parts, key=lambda part: (part.dilemma, part.edition))


def rows_of_pool(
    session: Session, number: int, names: Collection[str]
) -> dict[tuple[str, int], list[list[Any]]]:
    """Return the rows of these gemeenten and regio's in `choice_by_gemeente`, by edition.

    A national release has hundreds of pools in each of hundreds of editions. To read all of it for
    one takes seconds; so only the rows in whose text the name stands are read.
    """
    spec = columns.CHOICE_BY_GEMEENTE
    parameters = {"number": number, "table_id": spec.id}
    rows_by_edition: dict[tuple[str, int], list[list[Any]]] = {}
    for part in session.execute(_PARTS, parameters):
        rows: list[list[Any]] = []
        for name in names:
            rows += _rows_naming(part.rows, name)
        rows_by_edition[part.dilemma, part.edition] = _filled(spec, rows)
    return rows_by_edition


def _rows_naming(text: str, name: str) -> Iterator[list[Any]]:
    """Yield the rows with this name in their third place out of stored rows."""
    written = _json(name)
    place = text.find(written)
    while place != -1:
        # a slug and a number stand before the name, and neither holds a bracket
        row, after = _DECODER.raw_decode(text, text.rfind("[", 0, place))
        if row[2] == name:
            yield row
        place = text.find(written, after)


def _filled(spec: TableSpec, rows: list[Any]) -> list[Any]:
    """Return rows with the columns that their release did not have yet, empty."""
    filled = []
    for row in rows:
        missing = len(spec.columns) - len(row)
        # rows of a release never change, also where a later one has a column more
        filled.append([*row, *[None] * missing])
    return filled


def _release(row: Any) -> Release:
    return Release(ReleaseName(row.number, row.month), row.sha256, row.size, json.loads(row.tables))


def _store(
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
    parts = []
    for one in tables:
        for part in one.parts:
            parts.append(_part_row(name.number, one, part))
    try:
        with database.transaction() as session:
            # with its parts or not at all: nobody could look into a release without them
            session.execute(insert(RELEASE), whole)
            session.execute(insert(PART), parts)
    # another process made one since this one looked: the month is unique in the table
    except IntegrityError as error:
        raise _once_a_month(name.month) from error


def _part_row(number: int, table: DataTable, part: TablePart) -> dict[str, Any]:
    return {
        "number": number,
        "table_id": table.spec.id,
        "dilemma": part.dilemma,
        "edition": part.edition,
        "rows": _json(part.rows),
        "margins": part.kept,
    }


def _about(state: CountedState, tables: Sequence[DataTable]) -> dict[str, Any]:
    return {
        "tables": {table.spec.id: asdict(summary_of(table)) for table in tables},
        "overview": list(map(_overview_row, state.editions)),
    }


def _overview_row(counted: CountedEdition) -> dict[str, Any]:
    return {
        "dilemma": counted.edition.dilemma,
        "edition": counted.edition.number,
        "title": counted.card.title,
        "theme": counted.card.theme,
        "total": counted.answers,
        "options": list(map(list, national_cells(counted))),
        "exact": counted.is_exact,
    }


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"), default=str)


def _once_a_month(month: str) -> TooLate:
    return TooLate(f"Er is al een uitgave van {month}. Een volgende kan de maand erna.")


def latest_month(session: Session) -> str | None:
    """Return the month of the newest release, as "2026-11"; None when there is none."""
    return session.execute(select(func.max(RELEASE.c.month))).scalar()


def latest_number(session: Session) -> int | None:
    """Return the number of the newest release; None when there is none."""
    number = session.execute(select(func.max(RELEASE.c.number))).scalar()
    if number is None:
        return None
    return int(number)
