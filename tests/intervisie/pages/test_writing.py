"""What phones write with stems and in a table: sealed, shuffled and let through as reasons are."""

import re
from itertools import product

import pytest

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.errors import WrongInput
from kopkrakers.intervisie.session.ballot import (
    LONGEST_CELL,
    LONGEST_PART,
    MOST_ROWS,
    PADDED_STEMS,
    PADDED_TABLE,
    ballot_of,
    rows_of,
    table_ballot,
)
from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.session.store import PARTICIPANT, REASON
from kopkrakers.intervisie.werkvormen.reading import TABLE, werkvormen
from tests.support.pages import statements, words
from tests.support.sessions.pages import SessionPages, post
from tests.support.world import browser_of

EYES = 4
STEMS = werkvormen()["dilemmamethode"].stems


def at_table(pages: SessionPages, people: int = 4, *, is_open: bool = True) -> SessionPages:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(people)
    pages.scene.go_to(EYES)
    if is_open:
        assert pages.lead("stemming/open", stemming=TABLE).status_code == 303
    return pages


def write(pages: SessionPages, phone: int, *rows: tuple[str, ...], **more: str) -> int:
    fields = {
        f"cel_{row}_{column}": cell
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    }
    return post(pages.phones[phone], pages.at(), "/tabel", **fields, **more).status_code


def fetch(pages: SessionPages) -> None:
    pages.lead("stemming/sluit", stemming=TABLE, zeker="ja")
    pages.scene.quick()


def test_phones_fill_the_table_and_the_scherm_shows_what_was_let_through(
    pages: SessionPages,
) -> None:
    at_table(pages)
    assert "Schrijf mee op je telefoon." in pages.scherm()
    assert "Partij" in pages.phone() and "Norm" in pages.phone()
    assert (
        write(pages, 0, ("Grootmoeder", "rust", "eerst praten"), ("Kind", "veiligheid", "")) == 303
    )
    assert "Je bent klaar." in pages.phone()
    assert write(pages, 1, ("Gemeente", "eerlijkheid", "gelijk behandelen")) == 303
    assert write(pages, 2, niets="ja") == 303
    fetch(pages)
    assert len(pages.scene.regie().rows) == 3 and "Grootmoeder" in pages.regie()
    assert "Grootmoeder" not in pages.scherm() + pages.phone()
    pages.lead("redenen", naar="shown", soort="tabel")
    for page in (pages.scherm(), pages.phone(3)):
        assert "Grootmoeder" in page and "gelijk behandelen" in page


def test_the_roster_stays_open_and_who_comes_after_the_table_votes(pages: SessionPages) -> None:
    at_table(pages)
    write(pages, 0, ("a", "b", "c"))
    fetch(pages)
    pages.come_in(1)
    pages.to_vote()
    assert pages.scene.regie().now.watchers == 0
    assert pages.vote(4).status_code == 303


def test_the_rows_of_one_writer_stay_closed_also_for_the_begeleider(pages: SessionPages) -> None:
    at_table(pages)
    write(pages, 0, ("Grootmoeder", "rust", "praten"), ("Kind", "rust", "praten"))
    write(pages, 1, niets="ja")
    fetch(pages)
    assert pages.scene.count(REASON) == 0
    assert "Er schreef één iemand in de tabel." in pages.regie()
    assert "Grootmoeder" not in pages.regie()


def test_a_begeleider_is_no_second_writer(pages: SessionPages) -> None:
    at_table(pages, 1, is_open=False)
    pages.come_in(client=pages.gerda)
    pages.lead("stemming/open", stemming=TABLE)
    write(pages, 0, ("Grootmoeder", "rust", "praten"))
    write(pages, 1, ("Kind", "rust", "praten"))
    fetch(pages)
    assert pages.scene.count(REASON) == 0


def test_nobody_can_tell_who_wrote_which_row(pages: SessionPages) -> None:
    """By order, id, size, statements, or what is beside a participant: twelve phones."""
    at_table(pages, 12)
    sent = []
    for phone in range(12):
        rows = [(f"{phone:02}", "x" * (phone * 9), "é" * row) for row in range(1 + phone % 3)]
        if phone == 11:
            rows = []
        pages.phones[phone].get(pages.at())
        with statements() as seen:
            write(pages, phone, *rows, **({} if rows else {"niets": "ja"}))
        sent.append(tuple(seen))
    assert len(set(sent)) == 1
    envelopes = pages.scene.rows(ENVELOPE)
    assert len(envelopes) == 12 and len({len(row.sealed) for row in envelopes}) == 1
    assert pages.scene.count(REASON) == 0, "nothing is readable before it is fetched"
    fetch(pages)
    found = pages.scene.rows(REASON)
    writers = [row.text.split("\n")[0] for row in found]
    assert len(writers) == 21 and writers != sorted(writers)
    by_id = [row.text.split("\n")[0] for row in sorted(found, key=lambda row: row.id)]
    assert by_id != sorted(by_id)
    participants = {row.id for row in pages.scene.rows(PARTICIPANT)}
    assert not any(id_ in str(found) for id_ in participants)
    assert {column.name for column in REASON.c} == {"id", "session_id", "round", "text", "state"}


def test_pages_of_who_wrote_and_who_passed_are_the_same(pages: SessionPages) -> None:
    at_table(pages, 3)
    write(pages, 0, ("Grootmoeder", "rust", "praten"))
    write(pages, 1, niets="ja")
    pages_now = [
        re.sub(r'(name="csrf_token" value="|data-zegel=")[^"]*', "", phone.get(pages.at()).text)
        for phone in pages.phones[:2]
    ]
    assert pages_now[0] == pages_now[1]


def test_what_is_refused_is_not_lost(pages: SessionPages) -> None:
    at_table(pages)
    fields = {"cel_0_0": "Grootmoeder", "cel_1_2": "y" * (LONGEST_CELL + 1)}
    refused = post(pages.phones[0], pages.at(), "/tabel", **fields)
    assert refused.status_code == 422 and "Maak er hoogstens 120 van." in words(refused)
    assert all(text in refused.text for text in fields.values())
    nothing = post(pages.phones[0], pages.at(), "/tabel")
    assert nothing.status_code == 422 and "Schrijf iets op" in words(nothing)
    fetch(pages)
    late = post(pages.phones[0], pages.at(), "/tabel", **fields | {"cel_1_2": "praten"})
    assert late.status_code == 409 and "De tabel is dicht." in words(late)
    assert "Grootmoeder\npraten" in late.text, "beside the page, to copy"


def test_twice_counts_once_and_a_watcher_or_stranger_writes_nothing(pages: SessionPages) -> None:
    at_table(pages)
    page = pages.phones[0].get(pages.at()).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf_token": token[1], "cel_0_0": "Grootmoeder"}
    answers = [pages.phones[0].post(pages.at("/tabel"), data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    stranger = pages.app.test_client()
    assert post(stranger, pages.at(), "/tabel", cel_0_0="van mij").status_code == 409
    assert browser_of(pages.app, pages.world.chris).get(pages.at()).status_code == 200
    assert pages.scene.count(ENVELOPE) == 1


def test_the_table_is_never_revealed_and_opens_in_its_own_step_alone(pages: SessionPages) -> None:
    at_table(pages, is_open=False)
    pages.next()
    assert pages.lead("stemming/open", stemming=TABLE).status_code == 409
    pages.scene.go_to(EYES)
    pages.lead("stemming/open", stemming=TABLE)
    assert pages.next().status_code == 409, "first it is fetched"
    assert pages.lead("stemming/terug", stemming=TABLE).status_code == 303
    pages.lead("stemming/open", stemming=TABLE)
    fetch(pages)
    assert pages.lead("stemming/onthul", stemming=TABLE).status_code == 409
    table = pages.scene.regie().now.table
    assert table is not None and table.round.state == RoundState.CLOSED


def test_closing_says_who_is_not_ready_and_no_more(pages: SessionPages) -> None:
    at_table(pages, 6)
    write(pages, 0, ("a", "b", "c"))
    asked = pages.lead("stemming/sluit", stemming=TABLE)
    assert "5 van 6 zijn nog niet klaar." in words(asked) and "cijfers" not in words(asked)


def test_all_at_once_leaves_the_other_kind_alone(pages: SessionPages) -> None:
    at_table(pages)
    for phone in (0, 1):
        write(pages, phone, (f"Partij {phone}", "", ""))
    fetch(pages)
    pages.hold("aabb")
    pages.lead("redenen", naar="shown")
    states = {(line.round, line.state) for line in pages.scene.regie().rows}
    assert states == {(TABLE, "waiting")}


def test_a_name_in_a_row_is_asked_about_and_stays_when_all_go(pages: SessionPages) -> None:
    at_table(pages)
    write(pages, 0, ("Anna", "rust", ""))
    write(pages, 1, ("Grootmoeder", "rust", ""))
    fetch(pages)
    assert "Staat hier een naam in" in pages.regie()
    pages.lead("redenen", naar="shown", soort="tabel")
    assert "Grootmoeder" in pages.scherm() and "Anna" not in pages.scherm()


def test_what_was_kept_is_in_the_report_and_the_rest_is_gone(pages: SessionPages) -> None:
    at_table(pages)
    write(pages, 0, ("Groot|moeder", "rust", ""), ("Kind", "spel", ""))
    write(pages, 1, ("Gemeente", "gelijk", "regels"))
    fetch(pages)
    line = next(row for row in pages.scene.regie().rows if "Groot" in row.text)
    pages.lead("reden", reden=line.id, naar="kept")
    pages.lead("einde", zeker="ja")
    report = f"/verslag/{pages.scene.regie().now.report_id}"
    page = words(pages.app.test_client().get(report))
    assert "Partij – Waarde – Norm" in page and "rust" in page and "Kind" not in page
    text = pages.app.test_client().get(f"{report}.md").text
    assert "| Partij | Waarde | Norm |\n| --- | --- | --- |\n| Groot\\|moeder | rust |  |" in text
    pages.end()
    assert pages.scene.count(REASON) == 0


def test_the_stems_stand_on_the_phone_and_each_sentence_in_the_reason(pages: SessionPages) -> None:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(2)
    pages.to_vote()
    page = pages.phones[0].get(pages.at()).text
    assert all(f"{stem[0].upper()}{stem[1:]}…" in page for stem in STEMS)
    for phone in (0, 1):
        fields = {"optie": "a", "stemming": "1", "woord_0": "ze eerlijk is", "woord_2": "te bellen"}
        assert post(pages.phones[phone], pages.at(), "/stem", **fields).status_code == 303
    pages.close()
    texts = [line.text for line in pages.scene.regie().reasons]
    assert texts == ["Ik kies dit omdat ze eerlijk is\nIk beperk de schade door te bellen"] * 2
    assert all(line.round == 1 for line in pages.scene.regie().reasons)


def test_votes_with_stems_are_equally_long(pages: SessionPages) -> None:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(3)
    pages.to_vote()
    for phone, text in enumerate(("", "kort", "😀" * LONGEST_PART)):
        fields = {f"woord_{n}": text for n in range(len(STEMS))}
        answer = post(
            pages.phones[phone], pages.at(), "/stem", optie="abx"[phone], stemming="1", **fields
        )
        assert answer.status_code == 303
    assert len({len(row.sealed) for row in pages.scene.rows(ENVELOPE)}) == 1


def test_a_sentence_that_is_too_long_stays_in_its_field(pages: SessionPages) -> None:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(1)
    pages.to_vote()
    fields = {"optie": "a", "stemming": "1", "woord_1": "z" * 141, "woord_3": "tijd"}
    refused = post(pages.phones[0], pages.at(), "/stem", **fields)
    assert refused.status_code == 422 and "z" * 141 in refused.text and "tijd" in refused.text
    assert 'href="#woord_1"' in refused.text


def test_a_rehearsal_shows_pretenders_who_write(pages: SessionPages) -> None:
    pages.scene.open(werkvorm="dilemmamethode", rehearsal=True)
    pages.scene.go_to(EYES)
    pages.lead("stemming/open", stemming=TABLE)
    fetch(pages)
    assert len(pages.scene.regie().rows) == 6
    pages.hold("")
    assert "Ik kies dit omdat wat een verzonnen" in pages.scene.regie().reasons[0].text


def test_the_fullest_ballots_fit_their_padding() -> None:
    for form in werkvormen().values():
        if not form.stems:
            continue
        full = ballot_of("a", ["😀" * LONGEST_PART] * len(form.stems), form.stems)
        assert len(full.encode()) <= PADDED_STEMS
    rows = [["😀" * LONGEST_CELL] * 3] * MOST_ROWS
    assert len(table_ballot(rows).encode()) <= PADDED_TABLE
    with pytest.raises(WrongInput):
        table_ballot([["a"]] * (MOST_ROWS + 1))


def test_cells_come_back_as_they_were_sealed() -> None:
    for cells in product(("", "a", "b c", "\x1f\x1e", "x\ny"), repeat=2):
        read = rows_of(table_ballot([cells]))
        clean = tuple(" ".join(cell.split()) for cell in cells)
        assert read == ([clean] if any(clean) else [])
