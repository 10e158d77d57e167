"""A small fixed instance with all that a dataset can hold: editions, gemeenten, totals by hand."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from kopkrakers.answers.models import Participation
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import parse_card
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.catalogue.library import Library
from kopkrakers.research.identity import Origin
from kopkrakers.research.release.releases import Release, make_release, zip_of
from kopkrakers.tallies.models import AttributeTally, Tally
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked
from tests.support.world import ROW_KEYS, World

OTHER = "tweede-kans"

TODAY = date(2026, 11, 23)
ORIGIN = Origin("https://kopkrakers.example", "Gemeente Zaanstad", "mailto:data@zaanstad.example")
WHY = "a dataset is made of totals, whoever counted them"
OPTIONS = ("a", "b", "c", "x")
SLUG = "een-plek"
CONSIDERATIONS = {"w": (31, 4, 0, 2), "r": (12, 8, 3, 0), "b": (7, 22, 13, 1)}
EXPERIENCES = {"0": (9, 6, 2, 0), "3": (17, 8, 1, 1), "-": (11, 7, 5, 1)}


def quiet(_done: int, _all: int) -> None:
    """Shows no progress."""


def add_edition(database: Database, cards_dir: Path, slug: str = SLUG, number: int = 1) -> None:
    source = (cards_dir / f"{slug}.md").read_text()
    with database.transaction() as session:
        session.add(
            Edition(
                dilemma=slug,
                number=number,
                card_edition=1,
                digest=parse_card(slug, source, None).digest,
                source=source,
                opens_on=date(2026, 11, 2),
                closes_on=date(2027, 5, 3),
            )
        )


def add_totals(
    database: Database, scope: str, counts: tuple[int, ...], slug: str = SLUG, number: int = 1
) -> None:
    with unhooked(WHY), database.transaction() as session:
        for option, n in zip(OPTIONS, counts, strict=True):
            session.add(Tally(dilemma=slug, edition=number, scope=scope, option=option, n=n))
    sign_by_hand(database)


def add_attribute(
    database: Database, attribute: str, groups: Mapping[str, tuple[int, ...]], slug: str = SLUG
) -> None:
    with unhooked(WHY), database.transaction() as session:
        for value, counts in groups.items():
            for option, n in zip(OPTIONS, counts, strict=True):
                session.add(
                    AttributeTally(
                        dilemma=slug,
                        edition=1,
                        attribute=attribute,
                        value=value,
                        option=option,
                        n=n,
                    )
                )
    sign_by_hand(database)


def fill(database: Database, world: World, cards_dir: Path) -> None:
    """Write the totals of one edition, national and of two gemeenten; another has none yet."""
    add_edition(database, cards_dir)
    add_edition(database, cards_dir, "tweede-kans")
    add_totals(database, "NL", (55, 37, 18, 4))
    add_totals(database, str(world.zaanstad), (24, 11, 6, 1))
    add_totals(database, str(world.almere), (9, 12, 2, 0))
    add_attribute(database, "consideration", CONSIDERATIONS)
    add_attribute(database, "experience", EXPERIENCES)
    with database.transaction() as session:
        session.add(Participation(pseudonym="p", dilemma=SLUG, edition=1, state="in_box"))


def release_of(
    database: Database, cards_dir: Path, today: date = TODAY, *, origin: Origin = ORIGIN
) -> Release:
    return make_release(database, Library(cards_dir), ROW_KEYS, origin, today, quiet)


def name_theme(cards_dir: Path, theme: str) -> None:
    """Call the theme of the small edition so, in the cards and in the list."""
    for path in cards_dir.glob("*.md"):
        path.write_text(path.read_text().replace("thema: Werk en verdringing", f"thema: '{theme}'"))
    (cards_dir / "themas.yaml").write_text(f"- '{theme}'\n- Samen wonen\n- Bijverdienen\n")


def bytes_of(database: Database, number: int = 1) -> bytes:
    with database.reading() as session:
        return zip_of(session, number)


def files_in(zipped: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
