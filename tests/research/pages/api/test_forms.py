"""The forms of an answer: JSON, CSV, lines, pages, files, labels, packed or not."""

import gzip
import json
import re
from datetime import date
from hashlib import sha256
from pathlib import Path

from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import Release
from tests.research.pages.api.asking import ONE, Ask, is_problem, key_of
from tests.research.small import bytes_of, files_in, release_of
from tests.support.world import World


def test_a_table_comes_as_json_or_as_the_csv_of_the_dataset(
    ask: Ask, released: Release, database: Database
) -> None:
    body = ask(f"{ONE}/tables/choice").get_json()
    assert body["month"] == "2026-11"
    assert body["rows"][0] == {
        "dilemma": "een-plek",
        "edition": 1,
        "option": "a",
        "n": 55,
        "percent": 48,
        "top": False,
        "rounded": False,
        "label": "Ik doe het zo",
    }
    files = files_in(bytes_of(database))
    for table in released.about["tables"]:
        answer = ask(f"{ONE}/tables/{table}", Accept="text/csv")
        assert answer.get_data() == files[f"csv/{table}.csv"], table
    assert ask(f"{ONE}/codebook", Accept="text/markdown").get_data() == files["codebook.md"]


def test_a_table_can_be_asked_by_theme_and_dilemma(ask: Ask, released: Release) -> None:
    path = f"{ONE}/tables/dilemmas?theme=Werk%20en%20verdringing&dilemma=tweede-kans"
    assert [row["dilemma"] for row in ask(path).get_json()["rows"]] == ["tweede-kans"]
    assert [one["title"] for one in ask(f"{ONE}/dilemmas").get_json()] == [
        "Eén plek, twee mensen",
        "Een tweede kans",
    ]


def test_the_dataset_is_the_same_bytes(ask: Ask, released: Release, database: Database) -> None:
    assert ask(f"{ONE}/dataset").get_data() == bytes_of(database)


def test_what_did_not_change_is_not_sent_again(ask: Ask, released: Release) -> None:
    for packed in ("identity", "gzip"):
        headers = {"Accept-Encoding": packed}
        first = ask(f"{ONE}/tables/choice", **headers)
        again = ask(f"{ONE}/tables/choice", **headers, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), packed


def test_who_can_unpack_it_gets_it_packed(ask: Ask, released: Release, database: Database) -> None:
    plain = ask(f"{ONE}/codebook")
    packed = ask(f"{ONE}/codebook", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    # a zip does not shrink, and is the same bytes for everybody
    whole = ask(f"{ONE}/dataset", **{"Accept-Encoding": "gzip"})
    assert whole.get_data() == bytes_of(database)


def test_what_is_sent_is_the_same_for_every_key(
    ask: Ask, released: Release, database: Database, world: World
) -> None:
    other = key_of(database, world)
    for path in ("tables/choice", "dilemmas", "codebook"):
        mine = ask(f"{ONE}/{path}", **{"Accept-Encoding": "gzip"})
        theirs = ask(f"{ONE}/{path}", key=other, **{"Accept-Encoding": "gzip"})
        assert mine.get_data() == theirs.get_data(), path


def test_latest_is_the_newest_release_and_says_which(
    ask: Ask, released: Release, database: Database, cards_dir: Path
) -> None:
    second = release_of(database, cards_dir, date(2026, 12, 7))
    newest = ask("/api/v1/releases/latest")
    assert newest.get_json()["number"] == second.name.number == 2
    assert newest.headers["Content-Location"] == "/api/v1/releases/2"
    table = ask("/api/v1/releases/latest/tables/choice")
    assert table.headers["Content-Location"] == "/api/v1/releases/2/tables/choice"
    assert table.get_data() == ask("/api/v1/releases/2/tables/choice").get_data()
    assert "Content-Location" not in ask(ONE).headers


def test_without_a_release_there_is_no_latest(ask: Ask) -> None:
    assert is_problem(ask("/api/v1/releases/latest"), 404)


def test_pages_together_are_the_table(ask: Ask, released: Release) -> None:
    whole = ask(f"{ONE}/tables/choice").get_json()
    rows = []
    address: str | None = f"{ONE}/tables/choice?dilemma=een-plek&page=1&pageSize=3"
    while address is not None:
        answer = ask(address)
        assert answer.get_json()["total"] == whole["total"] == 4
        rows += answer.get_json()["rows"]
        found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"])
        links = {relation: where for where, relation in found}
        assert len(rows) <= 4
        address = links.get("next")
    assert rows == whole["rows"]
    assert links["first"] == f"{ONE}/tables/choice?dilemma=een-plek&pageSize=3&page=1"
    assert links["last"] == f"{ONE}/tables/choice?dilemma=een-plek&pageSize=3&page=2"
    beyond = ask(f"{ONE}/tables/choice?page=9&pageSize=3")
    assert beyond.get_json()["rows"] == []


def test_who_never_heard_of_pages_gets_the_whole_table(ask: Ask, released: Release) -> None:
    answer = ask(f"{ONE}/tables/choice")
    assert "Link" not in answer.headers
    assert len(answer.get_json()["rows"]) == answer.get_json()["total"] == 4


def test_codes_come_with_their_words(ask: Ask, released: Release) -> None:
    asked = f"{ONE}/tables/choice_by_consideration?labels=ja"
    first = ask(asked).get_json()["rows"][0]
    assert (first["option"], first["option_label"]) == ("a", "Ik doe het zo")
    assert (first["consideration"], first["consideration_label"]) == ("w", "Wet")
    lines = ask(asked, Accept="text/csv").get_data(as_text=True).splitlines()
    assert lines[0].endswith('"label","option_label","consideration_label"')
    assert lines[1].endswith('"Ik doe het zo","Wet"')


def test_rows_come_one_on_a_line(ask: Ask, released: Release) -> None:
    answer = ask(f"{ONE}/tables/choice", Accept="application/x-ndjson")
    assert answer.mimetype == "application/x-ndjson"
    rows = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert rows == ask(f"{ONE}/tables/choice").get_json()["rows"]


def test_every_file_of_the_dataset_can_be_fetched_alone(
    ask: Ask, released: Release, database: Database
) -> None:
    files = files_in(bytes_of(database))
    listed = ask(f"{ONE}/files").get_json()
    assert {one["path"] for one in listed} == set(files)
    for one in listed:
        answer = ask(f"{ONE}/files/{one['path']}")
        assert answer.get_data() == files[one["path"]], one
        assert answer.mimetype == one["mediatype"]
        assert sha256(answer.get_data()).hexdigest() == one["sha256"]
    assert ask(f"{ONE}/readme").get_data() == files["README.md"]
    assert ask(f"{ONE}/citation").get_data() == files["CITATION.cff"]
