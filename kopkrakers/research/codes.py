"""The codes of gemeenten by which figures are joined with those of CBS, from a list of CBS.

Lists change every year, and a code that is wrong joins the wrong rows. So none stands here: whoever
runs the server fetches the list *Gemeenten alfabetisch* of CBS and has it read.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.db import table
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import by_name, fold
from kopkrakers.research.models import GemeenteCode

GEMEENTE_CODE = table(GemeenteCode)
NAME, CODE, PROVINCE = "Gemeentenaam", "GemeentecodeGM", "Provincienaam"
"""The columns of the list that are read."""
LONGEST_PROVINCE = 40
_SHAPE = re.compile("GM[0-9]{4}")
_PRESENT = select(GEMEENTE.c.id, GEMEENTE.c.name).where(
    GEMEENTE.c.left_on.is_(None), GEMEENTE.c.is_organisation.is_(False)
)
NO_LIST = (
    f"In dit bestand staan de kolommen {NAME}, {CODE} en {PROVINCE} niet. Neem de lijst Gemeenten "
    "alfabetisch van het CBS, en bewaar die als CSV UTF-8."
)
ODD_LINE = "Regel {line}: {code!r} is geen code van een gemeente, of {name!r} staat er twee keer."


@dataclass(frozen=True)
class CbsGemeente:
    """A gemeente in the list of CBS."""

    code: str
    province: str


@dataclass(frozen=True)
class CodeCoverage:
    """The names of gemeenten on this server that the list has, and of those that it has not."""

    found: Sequence[str]
    missing: Sequence[str]


def read_codes(content: bytes) -> dict[str, CbsGemeente]:
    """Return the gemeenten of a list, by their folded name.

    Raises: WrongInput for anything but a whole list.
    """
    listed: dict[str, CbsGemeente] = {}
    for line, row in enumerate(_rows(content), start=2):
        name, code = (row[NAME] or "").strip(), (row[CODE] or "").strip()
        if not _SHAPE.fullmatch(code) or fold(name) in listed:
            raise WrongInput(ODD_LINE.format(line=line, code=code, name=name), "bestand")
        province = (row[PROVINCE] or "").strip()[:LONGEST_PROVINCE]
        listed[fold(name)] = CbsGemeente(code, province)
    return listed


def _rows(content: bytes) -> Sequence[Mapping[str, str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.DictReader(StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise WrongInput(NO_LIST, "bestand") from None
    if not rows or not {NAME, CODE, PROVINCE} <= set(rows[0]):
        raise WrongInput(NO_LIST, "bestand")
    return rows


def keep_codes(session: Session, listed: dict[str, CbsGemeente], year: int) -> CodeCoverage:
    """Keep the codes of the gemeenten of this server, in the place of those of an earlier list."""
    found, missing = [], []
    session.execute(delete(GEMEENTE_CODE))
    for row in session.execute(_PRESENT).all():
        one = listed.get(fold(row.name))
        if one is None:
            missing.append(row.name)
            continue
        found.append(row.name)
        kept = insert(GEMEENTE_CODE).values(
            gemeente_id=row.id, code=one.code, province=one.province, year=year
        )
        session.execute(kept)
    return CodeCoverage(by_name(found, str), by_name(missing, str))


def codes_of(session: Session) -> dict[str, GemeenteCode]:
    """Return the codes that are kept, by the scope of the totals of a gemeente."""
    codes = {}
    for row in session.execute(select(GEMEENTE_CODE)):
        codes[str(row.gemeente_id)] = GemeenteCode(**row._mapping)
    return codes
