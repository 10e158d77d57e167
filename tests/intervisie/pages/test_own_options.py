"""Options that the group writes in the session: the vote is about what it made itself."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import BOX, ENVELOPE, SHIFT
from kopkrakers.base.errors import TooLate
from kopkrakers.intervisie.pages.memory import new_memory
from kopkrakers.intervisie.pages.shown.views import PhonePage
from kopkrakers.intervisie.session import rounds
from kopkrakers.intervisie.session.cases import OwnCase, wording_of
from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.session.store import LIVE_SESSION
from tests.support.pages import words
from tests.support.sessions.pages import NOT_ALONG, SessionPages, post
from tests.support.sessions.scene import SessionScene

MORAL = 3
WRITTEN = {
    "keuze_a": "Ik noem de auto",
    "nadeel_a": "Ze raakt haar werk kwijt",
    "keuze_b": "Ik zwijg over de auto",
    "nadeel_b": "Ik ben niet eerlijk tegen de gemeente",
}


def moral(pages: SessionPages, people: int = 6, **more: Any) -> SessionPages:
    """At the moral question of a Dilemmamethode."""
    pages.scene.open(werkvorm="dilemmamethode", **more)
    pages.come_in(people)
    pages.scene.go_to(MORAL)
    return pages


def test_the_vote_is_about_what_the_group_wrote(pages: SessionPages) -> None:
    moral(pages)
    assert pages.lead("afspraken", **WRITTEN, bord_3="Moet ik de auto noemen?").status_code == 303
    for page in (pages.scherm(), pages.phone()):
        assert "Ik noem de auto" in page and "Nadeel: Ze raakt haar werk kwijt" in page
    pages.hold("aaabbx")
    phone = pages.phone()
    pages.scene.go_to(8)
    pages.lead("stemming/onthul", stemming=1)
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert "Ik noem de auto" in page and "3 van 6" in page
    assert "dicht" in phone and pages.scene.totals() == {"a": 3, "b": 2, "x": 1}


def test_no_line_ends_within_an_amount(pages: SessionPages) -> None:
    moral(pages)
    amount = WRITTEN | {"keuze_a": "Ik geef € 1.250"}
    pages.lead("afspraken", **amount, bord_3="Mag dat, € 1.250?")
    phone = pages.phones[0].get(pages.at()).text
    scherm = pages.gerda.get(f"/intervisie/{pages.code}/scherm").text
    for page in (scherm, phone):
        assert "Ik geef €\N{NO-BREAK SPACE}1.250" in page and "€ " not in page
    assert "Ik geef € 1.250" in pages.regie()
    # the mark of the options is that of what was typed, so these votes count
    pages.hold("aaabbx")
    pages.scene.go_to(8)
    pages.lead("stemming/onthul", stemming=1)
    assert pages.scene.totals() == {"a": 3, "b": 2, "x": 1}


def test_phones_and_scherm_ask_the_question_of_the_group(pages: SessionPages) -> None:
    moral(pages)
    pages.lead("afspraken", **WRITTEN, bord_3="Moet ik de auto noemen?\nDoe ik A, dan…")
    pages.to_vote()
    legend = pages.phones[0].get(pages.at()).text
    assert "<legend>Moet ik de auto noemen?</legend>" in legend
    assert (
        "<h2>Moet ik de auto noemen?</h2>"
        in pages.gerda.get(f"/intervisie/{pages.code}/scherm").text
    )


def test_nothing_of_other_gemeenten_is_beside_it_and_no_turn_is_used_up(
    pages: SessionPages,
) -> None:
    moral(pages)
    pages.lead("afspraken", **WRITTEN)
    gerda = pages.scene.voter(pages.world.gerda.id)
    pages.hold("aaabbx")
    pages.scene.go_to(8)
    pages.lead("stemming/onthul", stemming=1)
    now = pages.scene.regie().now
    assert now.figures is None and now.case.dilemma and now.case.edition is not None
    with pages.scene.database.reading() as session:
        turn = turn_of(session, gerda, now.case.dilemma, now.case.edition)
    assert turn == Turn.NONE


def test_a_card_keeps_its_werkwijzen_where_the_werkvorm_has_no_step_for_others(
    pages: SessionPages,
) -> None:
    pages.come_in(1)
    pages.scene.go_to(0)
    assert pages.lead("afspraken", **WRITTEN).status_code == 422
    assert "keuze_a" not in pages.gerda.get(f"/intervisie/{pages.code}/regie").text


def test_no_pairs_of_it_are_counted_nationally(pages: SessionPages) -> None:
    """Two votes with totals on a dilemma, as incident and kraak have them."""
    scene = pages.scene
    pages.come_in(6)
    case = replace(scene.regie().now.case, written=True)
    with scene.database.transaction() as session:
        written = update(LIVE_SESSION).values(wording=wording_of(case))
        session.connection().execute(written.where(LIVE_SESSION.c.id == scene.id))
    scene.memory = new_memory()
    pages.hold("aaabbc")
    scene.go_to(4)
    pages.lead("stemming/onthul", stemming=1)
    pages.hold("aabbbc", 2)
    scene.go_to(7)
    pages.lead("stemming/onthul", stemming=2)
    pages.end()
    assert scene.count(BOX, BOX.c.kind == SHIFT) == 0


def test_once_the_vote_opened_they_stay_as_they_are(pages: SessionPages) -> None:
    moral(pages)
    pages.lead("afspraken", **WRITTEN)
    pages.to_vote()
    assert "keuze_a" not in pages.gerda.get(f"/intervisie/{pages.code}/regie").text
    late = pages.lead("afspraken", **WRITTEN | {"keuze_a": "Ik bel haar moeder"})
    assert late.status_code == 409 and "staan nu vast" in words(late)
    given_back = late.text.split('name="geschreven"')[1].split("</textarea>")[0]
    assert "Ik bel haar moeder: Ze raakt haar werk kwijt" in given_back
    assert "Ik zwijg over de auto" in given_back
    assert 'name="geschreven"' not in pages.lead("stap", van=1, naar=2).text
    assert "Ik noem de auto" in pages.phone()


def test_a_vote_for_options_of_before_is_not_counted_for_others(pages: SessionPages) -> None:
    """Opened, taken back, written anew, opened again: the page of a phone that slept is old."""
    moral(pages)
    pages.lead("afspraken", **WRITTEN)
    pages.to_vote()
    asleep = pages.phones[0].get(pages.at()).text
    old = asleep.split('name="keuzes" value="')[1].split('"')[0]
    pages.lead("stemming/terug", stemming=1)
    pages.lead("afspraken", **WRITTEN | {"keuze_a": "Ik zwijg", "keuze_b": "Ik noem de auto"})
    pages.lead("stemming/open", stemming=1, **NOT_ALONG)
    fields = {"optie": "a", "reden": "omdat het eerlijk is", "stemming": "1"}
    for mark in (old, ""):
        refused = post(pages.phones[0], pages.at(), "/stem", **fields, keuzes=mark)
        assert refused.status_code == 409 and "zijn net veranderd" in words(refused)
        assert "omdat het eerlijk is" in refused.text
    assert pages.scene.count(ENVELOPE) == 0
    assert pages.vote(0, "a").status_code == 303


def test_the_form_of_other_options_is_another_form(pages: SessionPages) -> None:
    moral(pages)
    forms = []
    for label in ("Ik noem de auto", "Ik zwijg"):
        pages.lead("afspraken", **WRITTEN | {"keuze_a": label})
        pages.to_vote()
        page = pages.phones[0].get(pages.at()).text
        forms.append(page.split('data-vorm="')[1].split('"')[0])
        pages.lead("stemming/terug", stemming=1)
    assert len(set(forms)) == 2, "a tile that was ticked for one is not ticked for the other"


def test_emptied_the_werkwijzen_of_the_card_are_back(pages: SessionPages) -> None:
    moral(pages)
    before = pages.scene.regie().now.case
    pages.lead("afspraken", **WRITTEN)
    was = {f"was_{name}": text for name, text in WRITTEN.items()}
    assert pages.lead("afspraken", **dict.fromkeys(WRITTEN, ""), **was).status_code == 303
    after = pages.scene.regie().now.case
    assert (after.options, after.written, after.mark) == (before.options, False, "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"keuze_b": ""}, "Schrijf bij elk nadeel ook de werkwijze op."),
        ({"keuze_b": "", "nadeel_b": ""}, "Noem twee, drie of vier werkwijzen."),
        ({"keuze_b": "ik noem de auto"}, "Twee werkwijzen zijn gelijk."),
        ({"keuze_a": "x" * 121}, "Maak elke werkwijze hoogstens 120 tekens lang."),
        ({"nadeel_a": "x" * 121}, "Maak elk nadeel hoogstens 120 tekens lang."),
    ],
)
def test_what_cannot_be_chosen_from_is_refused_and_stays_in_the_fields(
    pages: SessionPages, fields: dict[str, str], sentence: str
) -> None:
    moral(pages, 1)
    refused = pages.lead("afspraken", **WRITTEN | fields, afspraak_1="")
    assert refused.status_code == 422 and sentence in words(refused)
    assert all(text in refused.text for text in (WRITTEN | fields).values())
    assert not pages.scene.regie().now.case.written


def test_an_eigen_casus_is_planned_without_werkwijzen(pages: SessionPages) -> None:
    pages.scene.open(OwnCase("De auto", "Noem je hem?", ()))
    pages.come_in(1)
    pages.scene.go_to_vote(1)
    refused = pages.lead("stemming/open", stemming=1, **NOT_ALONG)
    assert refused.status_code == 409 and "Schrijf eerst twee, drie of vier" in words(refused)
    assert pages.state_of() == RoundState.DRAFT and not pages.scene.regie().now.roster_locked
    pages.lead("afspraken", **WRITTEN)
    assert pages.lead("stemming/open", stemming=1, **NOT_ALONG).status_code == 303
    assert pages.scene.phone(None).page == PhonePage.JOIN
    assert "Ik zwijg over de auto" in pages.phone()


def test_the_report_says_what_was_chosen_between_and_its_harm(pages: SessionPages) -> None:
    moral(pages)
    pages.lead("afspraken", **WRITTEN)
    pages.hold("aaabbx")
    pages.scene.go_to(8)
    pages.lead("stemming/onthul", stemming=1)
    pages.lead("einde")
    report = f"/verslag/{pages.scene.regie().now.report_id}"
    page = words(pages.app.test_client().get(report))
    assert "Ik noem de auto Nadeel: Ze raakt haar werk kwijt" in page
    text = pages.app.test_client().get(f"{report}.md").text
    assert "| A Ik noem de auto (nadeel: Ze raakt haar werk kwijt) | 3 |" in text


def test_every_vote_on_them_takes_the_same_statements_and_bytes(scene: SessionScene) -> None:
    scene.open(OwnCase("De auto", "Noem je hem?", ("Ja", "Nee")))
    scene.join(3)
    scene.open_round()
    with pytest.raises(TooLate, match="net veranderd"):
        scene.vote(scene.phones[0], "a", mark="0" * 16)
    for phone, option in zip(scene.phones, "abx", strict=True):
        scene.vote(phone, option)
    assert len({len(row.sealed) for row in scene.rows(ENVELOPE)}) == 1
    scene.lead(rounds.close_round, number=1)
