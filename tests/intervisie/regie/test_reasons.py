"""Reasons on the regie: one large on the scherm, one tick for the report, all in two presses."""

import re

import pytest
from sqlalchemy import select

from kopkrakers.intervisie.pages.shown.lines import ReasonLine
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.session.store import REASON
from tests.support.pages import words
from tests.support.sessions.pages import SessionPages


def with_reasons(pages: SessionPages, *texts: str) -> tuple[ReasonLine, ...]:
    """A vote with these reasons, counted; in the step of the arguments."""
    pages.come_in(len(texts))
    pages.to_vote()
    for place, text in enumerate(texts):
        pages.vote(place, "abc"[place % 3], text)
    pages.close()
    pages.next()
    return pages.scene.regie().all_reasons


def state_of(pages: SessionPages, text: str) -> ReasonState:
    return next(one.state for one in pages.scene.regie().all_reasons if one.text == text)


def test_one_reason_stands_large_on_the_scherm_and_is_taken_off_again(pages: SessionPages) -> None:
    first, second, _ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.", "Zij telt mee.")
    assert pages.lead("toon", wat=first.key).status_code == 303
    assert first.text in pages.scherm() and second.text not in pages.scherm()
    assert state_of(pages, first.text) == ReasonState.SHOWN, "who reads it large may read it"
    assert first.text in pages.phone()
    assert pages.lead("toon", wat="").status_code == 303
    assert "Een reden" not in pages.scherm()


def test_the_regie_has_a_button_for_one_large_that_takes_it_off_again(pages: SessionPages) -> None:
    line, *_ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.")
    for pressed, sends in (("false", line.key), ("true", "")):
        item = item_of(pages, line)
        assert f'name="wat" value="{sends}"' in item.replace("\n", " ").replace("  ", " ")
        assert re.search(rf'aria-pressed="{pressed}">.*?Groot', item, re.DOTALL)
        pages.lead("toon", wat=sends)
    assert 'aria-pressed="true"' not in item_of(pages, line)


def item_of(pages: SessionPages, line: ReasonLine) -> str:
    html = pages.gerda.get(f"/intervisie/{pages.code}/regie").text
    return html.split(f'id="keur-{line.id}"')[1].split("</li>")[0]


@pytest.mark.parametrize("was", [ReasonState.WAITING, ReasonState.SHOWN])
def test_one_press_puts_a_reason_in_the_report(pages: SessionPages, was: ReasonState) -> None:
    line, *_ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.")
    pages.lead("reden", reden=line.id, naar=was)
    assert pages.lead("reden", reden=line.id, naar="kept").status_code == 303
    assert "op het scherm en in het verslag" in words_of_item(pages, line)
    pages.end()
    report = words(pages.gerda.get(f"/verslag/{pages.scene.regie().now.report_id}"))
    assert line.text in report and report.count("Regels zijn er.") + report.count("Eerst") == 1


def words_of_item(pages: SessionPages, line: ReasonLine) -> str:
    return " ".join(re.sub("<[^>]*>", " ", item_of(pages, line)).split())


def test_what_goes_off_the_scherm_is_not_large_any_more(pages: SessionPages) -> None:
    first, second, _ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.", "Zij telt mee.")
    for state in ("waiting", "dropped"):
        pages.lead("reden", reden=first.id, naar="shown")
        pages.lead("toon", wat=first.key)
        pages.lead("reden", reden=first.id, naar=state)
        assert first.text not in pages.scherm()
        pages.lead("reden", reden=first.id, naar="shown")
        assert second.text not in pages.scherm()
        assert "Nu op het scherm" not in pages.scherm(), "it does not come back large by itself"
    pages.lead("toon", wat=first.key)
    pages.lead("reden", reden=second.id, naar="dropped")
    assert first.text in pages.scherm(), "another reason has nothing to do with it"


def test_a_reason_that_was_put_away_is_not_shown_large(pages: SessionPages) -> None:
    line, *_ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.")
    pages.lead("reden", reden=line.id, naar="dropped")
    assert pages.lead("toon", wat=line.key).status_code == 422
    assert state_of(pages, line.text) == ReasonState.DROPPED


@pytest.mark.parametrize("key", ["reden-1", "reden-2", "reden-0", "reden--1", "reden-1 "])
def test_a_single_reason_stays_closed_whatever_is_asked(pages: SessionPages, key: str) -> None:
    """The attack: ask for it by its place, which can be guessed."""
    with_reasons(pages, "Alleen ik schreef iets.", "", "", "", "")
    assert pages.lead("toon", wat=key).status_code == 422
    for page in (pages.scherm(), pages.regie(), pages.phone()):
        assert "Alleen ik schreef" not in page


def test_a_place_says_nothing_of_who_wrote_or_chose(pages: SessionPages) -> None:
    """The attack: read places as an order of phones, of votes or of options.

    A place comes from the random id that the counter gave, and from nothing else.
    """
    texts = [f"Reden nummer {n}." for n in range(8)]
    lines = with_reasons(pages, *texts)
    assert [line.key for line in lines] == [f"reden-{n}" for n in range(1, 9)]
    assert [line.id for line in lines] == sorted(line.id for line in lines)
    columns = {column.name for column in REASON.columns}
    assert columns == {"id", "session_id", "round", "text", "state"}


def test_a_place_stays_when_reasons_of_the_second_vote_come(pages: SessionPages) -> None:
    lines = with_reasons(pages, "Een.", "Twee.", "Drie.", "Vier.", "Vijf.")
    pages.to_vote(2)
    for place in range(5):
        pages.vote(place, "a", "Later geschreven.", 2)
    pages.close(2)
    assert pages.scene.regie().all_reasons[:5] == lines
    pages.lead("toon", wat=lines[4].key)
    assert lines[4].text in pages.scherm()


def test_a_reason_that_may_name_somebody_says_so_before_it_is_large(pages: SessionPages) -> None:
    lines = with_reasons(pages, "Vraag het Anna maar.", "Bsn 123456782.", "Ik bel eerst.")
    for line in lines:
        is_doubted = line.text != "Ik bel eerst."
        assert ("Staat hier een" in words_of_item(pages, line)) == is_doubted
    pages.lead("redenen", naar="shown")
    assert {state_of(pages, text) for text in ("Vraag het Anna maar.", "Bsn 123456782.")} == {
        ReasonState.WAITING
    }


def test_a_large_reason_is_not_in_what_a_stranger_gets(pages: SessionPages) -> None:
    line, *_ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.")
    pages.lead("toon", wat=line.key)
    stranger = pages.app.test_client()
    assert line.text not in words(stranger.get(pages.at()))


def test_writing_of_any_script_runs_its_own_way_on_regie_and_scherm(pages: SessionPages) -> None:
    with_reasons(pages, "אני בוחר קודם להתקשר", "Regels zijn er.")
    line = next(one for one in pages.scene.regie().all_reasons if one.text.startswith("אני"))
    pages.lead("toon", wat=line.key)
    for page in ("regie", "scherm"):
        html = pages.gerda.get(f"/intervisie/{pages.code}/{page}").text
        assert re.search(rf'<p[^>]* dir="auto">{line.text}', html), page


def test_what_is_shown_large_leaves_no_trace_beside_the_reason(pages: SessionPages) -> None:
    """The attack: look in the database for what stood large after the step."""
    line, *_ = with_reasons(pages, "Eerst bellen.", "Regels zijn er.")
    pages.lead("toon", wat=line.key)
    pages.next()
    with pages.scene.database.reading() as session:
        rows = session.execute(select(REASON.c.state)).scalars().all()
    assert sorted(rows) == ["shown", "waiting"]
    assert pages.scene.regie().now.exhibit is None
