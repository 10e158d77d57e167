"""The client in Python reads a real dataset, bounds what it sums, and refuses what is not there."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.serving import make_server

from kopkrakers.base.db import Database
from kopkrakers.research.release.dataset import CLIENTS
from kopkrakers.research.release.releases import Release
from tests.research.clients.loading import client
from tests.research.pages.api.asking import key_of
from tests.research.small import OTHER, SLUG, bytes_of
from tests.support.world import World


def test_it_goes_with_every_dataset(dataset: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(dataset) as archive:
        for path in CLIENTS:
            assert archive.read(f"clients/{path.name}") == path.read_bytes()


def test_a_release_says_what_it_is(dataset: Path) -> None:
    release = client.open_release(dataset)
    assert release.citation.startswith("Gemeente Zaanstad. Kopkrakers: getelde keuzes")
    assert "urn:uuid:" in release.citation
    assert not release.is_invented
    assert "choice" in release.tables
    assert release.text("codebook.md").startswith("# ")


def test_cells_have_their_type_and_missing_ones_are_none(dataset: Path) -> None:
    release = client.open_release(dataset)
    row = release.table("choice").where(dilemma=SLUG, option="a")[0]
    assert (row["n"], row["top"], row["label"]) == (55, False, "Ik doe het zo")
    assert release.table("dilemmas")[0]["opens_on"] == date(2026, 11, 2)
    topped = release.table("choice_by_gemeente").where(dilemma=OTHER, gemeente="Zaanstad")
    assert [cell["n"] for cell in topped] == [None] * 4
    assert [cell["top"] for cell in topped] == [True, False, False, False]


def test_codes_have_words_an_order_and_a_meaning(dataset: Path) -> None:
    table = client.open_release(dataset).table("choice_by_certainty")
    assert table.levels("certainty") == ["1", "2", "3", "niet"]
    assert table.labels("certainty")["1"] == "Ik twijfel"
    assert "Hoe zeker ben je?" in table.meaning("certainty")
    with pytest.raises(ValueError, match="heeft geen volgorde"):
        table.levels("option")


def test_sums_bound_what_was_counted(dataset: Path) -> None:
    """Of 37 people who said wet in one dilemma, and 35 in the other."""
    reasons = client.open_release(dataset).table("choice_by_consideration")
    low, high = reasons.by("consideration")["w"]
    assert low <= 37 + 35 <= high
    part = client.share(reasons.by("consideration"), "w")
    whole = sum(sum(row) for row in ((31, 4, 0, 2), (12, 8, 3, 0), (7, 22, 13, 1))) + 35 + 37
    assert 0 < part.low <= (37 + 35) / whole <= part.high < 1


def test_who_could_not_be_counted_apart_may_have_said_it_too(dataset: Path) -> None:
    certainty = client.open_release(dataset).table("choice_by_certainty")
    counted = certainty.by("certainty")
    assert certainty.who_gave("certainty", "1") == (
        counted["1"].low,
        counted["1"].high + counted["niet"].high,
    )


def test_a_national_number_that_is_rounded_is_no_exact_one(dataset: Path) -> None:
    choice = client.open_release(dataset).table("choice")
    rounded = [row for row in choice if row["rounded"] and row["n"] is not None]
    exact = [row for row in choice if not row["rounded"]]
    assert exact
    assert client.between(exact[0]) == (exact[0]["n"], exact[0]["n"])
    for row in rounded:
        assert client.between(row).high - client.between(row).low >= 5


def test_what_cannot_be_concluded_is_refused_with_the_reason(dataset: Path) -> None:
    release = client.open_release(dataset)
    refused = client.CannotConclude
    with pytest.raises(refused, match="niets met A van het andere"):
        release.table("choice_by_consideration").by("option")
    with pytest.raises(refused, match="verschillende grootte"):
        release.table("choice_by_gemeente").where(dilemma=SLUG).by("gemeente")
    with pytest.raises(refused, match="respons per dilemma"):
        release.table("response").by("dilemma")
    with pytest.raises(refused, match="niet samenvoegen"):
        release.table("choice_by_experience", like=release.table("choice_by_consideration"))
    with pytest.raises(refused, match="geen aantal"):
        release.table("choice_by_gemeente").where(dilemma=OTHER).by("option", anyway=True)


def test_a_wrong_name_says_which_there_are(dataset: Path) -> None:
    release = client.open_release(dataset)
    with pytest.raises(ValueError, match=r"Wel: .*choice"):
        release.table("keuze")
    with pytest.raises(ValueError, match=r"Wel: .*option"):
        release.table("choice").by("optie")


def test_tables_are_held_beside_each_other_by_dilemma(dataset: Path) -> None:
    release = client.open_release(dataset)
    one = release.table("choice").where(dilemma=[SLUG])
    options = release.table("options", like=one)
    assert {row["dilemma"] for row in options} == {SLUG}


@given(
    own=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=2, max_size=5),
    picks=st.lists(st.integers(0, 9), min_size=5, max_size=5),
)
def test_the_true_share_always_lies_between_its_bounds(
    own: list[tuple[int, int]], picks: list[int]
) -> None:
    sums = {place: client.Bounds(low, low + more) for place, (low, more) in enumerate(own)}
    truth = [min(low + pick, low + more) for (low, more), pick in zip(own, picks, strict=False)]
    if sum(truth) == 0:
        return
    low, high = client.share(sums, 0)
    assert low - 1e-12 <= truth[0] / sum(truth) <= high + 1e-12


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address at which the product answers, on a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_it_fetches_the_newest_dataset(
    address: str, released: Release, database: Database, world: World, tmp_path: Path
) -> None:
    path = client.fetch(address, key_of(database, world), tmp_path)
    assert path.name == released.file_name
    assert path.read_bytes() == bytes_of(database)
