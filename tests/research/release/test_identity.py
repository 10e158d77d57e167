"""Which server a release is of, in every file; and what changed, told from what left alone."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pyreadstat
import pytest

from kopkrakers.accounts.models import User
from kopkrakers.accounts.personas import DEMO_DOMAIN
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.privacy import columns
from kopkrakers.research.identity import (
    AGREEMENT,
    Identity,
    Origin,
    ReleaseName,
    origin_of,
)
from kopkrakers.research.metadata.ddi import NAMESPACE
from kopkrakers.research.release.releases import Release
from tests.research.growing import ONE_AFTER_ANOTHER, grow, plus_twenty
from tests.research.small import (
    ORIGIN,
    SLUG,
    add_attribute,
    add_edition,
    bytes_of,
    files_in,
    release_of,
)

OTHER = Origin("https://elders.example", 'Regio "Elders": samen', "https://elders.example/meld")
ONE = Identity(ReleaseName(1, "2026-11"), ORIGIN, invented=False)


def test_the_same_release_of_another_server_has_another_name() -> None:
    elsewhere = replace(ONE, origin=OTHER)
    second = replace(ONE, name=ReleaseName(2, "2026-12"))
    assert len({ONE.urn, elsewhere.urn, second.urn}) == 3
    assert len({ONE.slug, elsewhere.slug, second.slug, replace(ONE, invented=True).slug}) == 4


def test_settings_say_who_publishes_and_where_traces_are_told(settings: Settings) -> None:
    plain = origin_of(settings)
    assert (plain.publisher, plain.contact) == ("Kopkrakers op localhost", plain.address)
    named = settings.model_copy(
        update={"publisher": "Gemeente Almere", "privacy_contact": "mailto:fg@almere.example"}
    )
    assert origin_of(named).mail == "fg@almere.example"
    own = named.model_copy(update={"research_contact": "mailto:data@almere.example"})
    assert origin_of(own).mail == "data@almere.example"


def test_every_kind_of_file_says_whose_it_is(
    released: Release, database: Database, tmp_path: Path
) -> None:
    files = files_in(bytes_of(database))
    assert released.identity is not None
    urn = released.identity.urn
    texts = ("README.md", "AFSPRAAK.md", "codebook.md", "CITATION.cff", "datapackage.json")
    for name in (*texts, "dcat.jsonld", "schema.jsonld", "ddi.xml"):
        assert urn in files[name].decode(), name
    parquet = tmp_path / "t.parquet"
    parquet.write_bytes(files["parquet/choice.parquet"])
    metadata = pl.read_parquet_metadata(parquet)
    assert (metadata["identifier"], metadata["license"]) == (urn, AGREEMENT)
    assert metadata["column.n"] == columns.BY_ID["choice"].columns[3].meaning
    sav = tmp_path / "t.sav"
    sav.write_bytes(files["spss/choice.sav"])
    _, meta = pyreadstat.read_sav(sav, output_format="polars")
    assert meta.file_label == "Kopkrakers kopkrakers.example 1"
    assert urn in "".join(meta.notes)


def test_what_is_invented_says_so_in_every_file_and_name(
    filled: Database, cards_dir: Path, tmp_path: Path
) -> None:
    with filled.transaction() as session:
        person = session.get(User, 1)
        assert person is not None
        person.email = f"sanne@{DEMO_DOMAIN}"
    made = release_of(filled, cards_dir)
    assert made.file_name == "kopkrakers-uitgave-1-verzonnen.zip"
    files = files_in(bytes_of(filled))
    for name, content in files.items():
        if name.endswith((".md", ".cff", ".jsonld", ".xml")) and not name.startswith("cards/"):
            assert "verzonnen" in content.decode().lower(), name
    package = json.loads(files["datapackage.json"])
    assert package["invented"] is True and package["name"].endswith("-verzonnen")
    sav = tmp_path / "t.sav"
    sav.write_bytes(files["spss/choice.sav"])
    _, meta = pyreadstat.read_sav(sav, output_format="polars")
    assert str(meta.file_label).endswith("VERZONNEN")


@pytest.mark.parametrize("origin", [ORIGIN, OTHER], ids=["mail", "page"])
def test_descriptions_are_well_formed_whatever_an_operator_is_called(
    filled: Database, cards_dir: Path, origin: Origin
) -> None:
    release_of(filled, cards_dir, origin=origin)
    files = files_in(bytes_of(filled))
    dataset = json.loads(files["dcat.jsonld"])
    assert dataset["dct:publisher"]["foaf:name"]["@value"] == origin.publisher
    for needed in ("dct:title", "dct:description", "dcat:contactPoint", "dct:creator"):
        assert dataset[needed]
    for needed in ("dct:identifier", "dct:accessRights", "dcat:theme", "dcat:distribution"):
        assert dataset[needed]
    assert dataset["dcat:distribution"]["dct:license"]
    book = ElementTree.fromstring(files["ddi.xml"])
    names = {"d": NAMESPACE}
    described = {
        (variable.get("files"), variable.get("name"))
        for variable in book.findall("d:dataDscr/d:var", names)
    }
    expected = {(f"F_{spec.id}", name) for spec in columns.TABLES for name in spec.names}
    assert described == expected
    assert book.findtext(".//d:distrbtr", namespaces=names) == origin.publisher


def changes_of(database: Database, number: int) -> dict[str, tuple[str, str | None]]:
    """Return what became of each table of the edition that all figures are about."""
    files = files_in(bytes_of(database, number))
    rows = pl.read_csv(files["csv/changes.csv"]).iter_rows(named=True)
    return {row["table"]: (row["change"], row["form"]) for row in rows if row["dilemma"] == SLUG}


def test_a_table_that_was_kept_back_looks_like_one_that_nothing_was_added_to(
    database: Database, cards_dir: Path
) -> None:
    """The attack: read from the changes that a small number hides in what came in."""
    first, second = ONE_AFTER_ANOTHER
    add_edition(database, cards_dir)
    values = {value: tuple(row.values()) for value, row in first.items()}
    add_attribute(database, "consideration", values)
    release_of(database, cards_dir, date(2026, 11, 23))
    release_of(database, cards_dir, date(2026, 12, 23))
    nothing_came_in = files_in(bytes_of(database, 2))["csv/changes.csv"]
    grow(database, first, second)
    release_of(database, cards_dir, date(2027, 1, 23))
    kept_back = files_in(bytes_of(database, 3))["csv/changes.csv"]
    assert kept_back == nothing_came_in.replace(b",1\n", b",2\n")
    assert changes_of(database, 3)["choice_by_consideration"][0] == "same"
    grow(database, second, plus_twenty(second))
    release_of(database, cards_dir, date(2027, 2, 23))
    assert changes_of(database, 4)["choice_by_consideration"][0] == "changed"


def test_changes_say_what_is_new_the_same_and_gone(filled: Database, cards_dir: Path) -> None:
    release_of(filled, cards_dir, date(2026, 11, 23))
    assert {change for change, _ in changes_of(filled, 1).values()} == {"new"}
    release_of(filled, cards_dir, date(2026, 12, 23))
    assert {change for change, _ in changes_of(filled, 2).values()} == {"same"}
    path = cards_dir / f"{SLUG}.md"
    path.write_text(path.read_text().replace("editie: 1\n", "editie: 1\ningetrokken: ja\n", 1))
    release_of(filled, cards_dir, date(2027, 1, 23))
    assert set(changes_of(filled, 3).values()) == {("gone", None)}
    log = files_in(bytes_of(filled, 3))["CHANGES.md"].decode()
    assert "| `choice` | 0 | 0 | 0 | 1 |" in log
