"""Regie and scherm: who may, double clicks, two begeleiders, reasons, small groups, the report."""

from typing import Any

import pytest

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.intervisie.pages import listing
from kopkrakers.intervisie.session import planning
from tests.support.pages import send, words
from tests.support.sessions.pages import SessionPages
from tests.support.world import add_person, browser_of


def begeleider(pages: SessionPages, team: int) -> Visitor:
    with pages.scene.database.transaction() as session:
        return add_person(session, "Els", pages.world.zaanstad, team, Role.BEGELEIDER)


def test_only_its_begeleiders_see_regie_and_scherm(pages: SessionPages) -> None:
    colleague = begeleider(pages, pages.world.team_noord)
    for page in ("regie", "scherm", "regie/nu?seen=x", "scherm/nu?seen=0"):
        url = f"/intervisie/{pages.code}/{page}"
        assert browser_of(pages.app, pages.world.anna).get(url).status_code == 403
        assert browser_of(pages.app, colleague).get(url).status_code == 404
        assert pages.app.test_client().get(url).location.startswith("/inloggen")
        assert pages.gerda.get(url).status_code == 200
        assert pages.gerda.get(f"/intervisie/XXXXXX/{page}").status_code == 404


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("begin", {}),
        ("stap", {"van": 0, "naar": 1}),
        ("stemming/open", {"stemming": 1, "meestemmen": "nee"}),
        ("stemming/sluit", {"stemming": 1, "zeker": "ja"}),
        ("einde", {}),
    ],
)
def test_a_second_click_changes_nothing_and_shows_where_they_are(
    pages: SessionPages, what: str, fields: dict[str, Any]
) -> None:
    pages.come_in(2)
    for before, more in (
        ("begin", {}),
        ("stap", {"van": 0, "naar": 1}),
        ("stemming/open", {"stemming": 1, "meestemmen": "nee"}),
    ):
        if before == what or (what == "einde" and before == "stap"):
            break
        pages.lead(before, **more)
    assert pages.lead(what, **fields).status_code == 303
    seen = pages.scene.regie().now
    again = pages.lead(what, **fields)
    assert again.status_code == 409 and "utrecht-alert--warning" in again.text
    assert pages.scene.regie().now == seen


def test_two_begeleiders_at_once_move_one_step(pages: SessionPages) -> None:
    els = begeleider(pages, pages.world.team_noord)
    pages.scene.lead(
        planning.set_second, second_id=els.id, votes_along=False, turn_keys=pages.scene.turn_keys
    )
    pages.lead("begin")
    other = browser_of(pages.app, els)
    assert pages.lead("stap", van=0, naar=1).status_code == 303
    late = send(other, f"/intervisie/{pages.code}/regie/stap", van="0", naar="1")
    assert late.status_code == 409 and "Stap 2 van 9" in words(late)


def test_a_form_that_was_tampered_with_is_wrong_input(pages: SessionPages) -> None:
    pages.lead("begin")
    for what, fields in (
        ("stap", {"van": "x", "naar": 1}),
        ("stap", {"van": 0, "naar": 77}),
        ("stemming/open", {"stemming": 9}),
        ("tijd", {"minuten": 5, "gezien": "gisteren"}),
        ("tijd", {"minuten": 500, "gezien": ""}),
        ("reden", {"reden": "x", "naar": "weg ermee"}),
    ):
        assert pages.lead(what, **fields).status_code == 422, what


def test_voting_waits_for_the_box(pages: SessionPages) -> None:
    pages.scene.plan()
    pages.lead("open")
    pages.lead("begin")
    pages.next()
    assert "De stembus wordt klaargezet" in pages.regie()
    assert pages.lead("stemming/open", stemming=1, meestemmen="nee").status_code == 503
    pages.scene.quick()
    assert "Open de stemming" in pages.regie()


def test_the_regie_moves_with_votes_coming_in_and_the_scherm_does_not(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    regie, scherm = f"/intervisie/{pages.code}/regie/nu", f"/intervisie/{pages.code}/scherm/nu"
    view = pages.scene.regie()
    pages.vote(0)
    assert pages.gerda.get(f"{scherm}?seen={view.now.version}").status_code == 204
    new = pages.gerda.get(f"{regie}?seen={view.version}")
    assert new.status_code == 200 and "1 van 2 binnen" in words(new)
    assert pages.gerda.get(f"{regie}?seen={pages.scene.regie().version}").status_code == 204


def test_reasons_reach_the_scherm_only_when_let_through_and_markup_stays_text(
    pages: SessionPages,
) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.vote(0, reason="<script>alert(1)</script> Zo hoort het.")
    pages.vote(1, reason="<script>alert(1)</script> Zo hoort het.")
    pages.close()
    pages.next()
    assert "Zo hoort het." not in pages.scherm() + pages.phone()
    reason = pages.scene.regie().reasons[0]
    pages.lead("reden", reden=reason.id, naar="shown")
    scherm = pages.gerda.get(f"/intervisie/{pages.code}/scherm").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Zo hoort het." in scherm
    assert "Zo hoort het." in pages.phone()
    pages.lead("reden", reden=reason.id, naar="dropped")
    assert "Zo hoort het." not in pages.scherm() and "Weggelegd: 1" in pages.regie()


def test_the_scherm_names_nobody_and_shows_no_number_of_votes(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.hold("aaabbc")
    for page in (pages.scherm(), pages.phone()):
        assert not any(name in page for name in ("Gerda", "Anna", "%", "3 van", "stemmen binnen"))


@pytest.mark.parametrize(
    ("options", "sentence", "way_on"),
    [
        ("aaab", "Er stemden minder dan 5 mensen", "Niemand hoeft"),
        ("aaaaaa", "Jullie zitten bijna op één lijn", "wie verdedigt de andere kant?"),
    ],
)
def test_a_small_or_like_minded_group_gets_words_and_a_way_on(
    pages: SessionPages, options: str, sentence: str, way_on: str
) -> None:
    pages.come_in(len(options))
    pages.hold(options)
    pages.reveal_first()
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert sentence in page and "100%" not in page
    assert way_on in pages.regie() and way_on not in pages.phone()


def test_a_double_click_gives_extra_time_once(pages: SessionPages) -> None:
    pages.lead("begin")
    pages.lead("tijd", doe="start", minuten=4, gezien="")
    ends = pages.scene.regie().now.timer_ends_at
    assert ends is not None
    assert "04:00" in pages.regie()
    for status in (303, 409):
        assert (
            pages.lead("tijd", doe="langer", minuten=2, gezien=ends.isoformat()).status_code
            == status
        )
    assert "06:00" in pages.scherm()


def test_neither_begeleider_overwrites_what_the_other_agreed(pages: SessionPages) -> None:
    pages.lead("begin")
    pages.lead("afspraken", afspraak_1="Eerst bellen.", was_afspraak_1="")
    pages.lead(
        "afspraken",
        afspraak_1="",
        was_afspraak_1="",
        afspraak_2="Dan schrijven.",
        was_afspraak_2="",
    )
    pages.scene.go_to(8)
    assert "Eerst bellen." in pages.scherm() and "Dan schrijven." in pages.scherm()


def test_an_agreement_that_is_too_long_or_a_day_that_was_comes_back(pages: SessionPages) -> None:
    pages.lead("begin")
    long = pages.lead("afspraken", afspraak_1="x" * 400, was_afspraak_1="")
    assert long.status_code == 422 and "x" * 400 in long.text
    fields = {
        "afspraak_1": "",
        "was_afspraak_1": "",
        "afspraak_2": "Blijft staan",
        "was_afspraak_2": "",
    }
    past = pages.lead("afspraken", terugkijken="2020-01-01", was_terugkijken="", **fields)
    assert (
        past.status_code == 422
        and "Kies een dag na vandaag" in words(past)
        and "Blijft staan" in past.text
    )


def test_a_whole_document_as_an_agreement_comes_back(pages: SessionPages) -> None:
    pages.lead("begin")
    document = "Ünïcode " * 8750
    fields = {"afspraak_2": "Blijft staan", "was_afspraak_2": ""}
    long = pages.lead("afspraken", afspraak_1=document, was_afspraak_1="", **fields)
    assert long.status_code == 422 and document.strip() in long.text and "Blijft staan" in long.text


def ended(pages: SessionPages) -> str:
    pages.come_in(6)
    pages.hold("aaabbc")
    pages.reveal_first()
    pages.lead(
        "afspraken",
        afspraak_1="We bellen eerst.",
        was_afspraak_1="",
        terugkijken="2026-12-21",
        was_terugkijken="",
    )
    pages.lead("einde")
    pages.scene.quick()
    with pages.scene.database.reading() as session:
        found = listing.team_sessions(
            session, user_id=pages.world.gerda.id, team_id=pages.world.team_noord
        )
    return found.reports.items[0].id


def test_the_report_is_read_by_link_downloaded_and_put_in_a_calendar(pages: SessionPages) -> None:
    url = f"/verslag/{ended(pages)}"
    anyone = pages.app.test_client()
    page = words(anyone.get(url))
    for text in ("We bellen eerst.", "maandag 21 december 2026", "6 stemmen"):
        assert text in page
    assert "Verwijder" not in page and "Gerda" not in page
    markdown = anyone.get(f"{url}.md")
    assert markdown.mimetype == "text/markdown" and "1. We bellen eerst." in markdown.text
    calendar = anyone.get(f"{url}.ics")
    assert calendar.mimetype == "text/calendar" and "DTSTART;VALUE=DATE:20261221" in calendar.text
    assert anyone.get("/verslag/bestaat-niet").status_code == 404


def test_a_begeleider_of_the_team_deletes_a_report_and_no_other(pages: SessionPages) -> None:
    url = f"/verslag/{ended(pages)}"
    stranger = browser_of(pages.app, begeleider(pages, pages.world.team_almere))
    assert "Verwijder" not in words(stranger.get(url))
    assert send(stranger, f"{url}/verwijderen").status_code == 404
    assert send(browser_of(pages.app, pages.world.anna), f"{url}/verwijderen").status_code == 403
    assert "Verwijder dit verslag" in words(pages.gerda.get(url))
    assert "We bellen eerst." in words(pages.gerda.get("/team"))
    assert send(pages.gerda, f"{url}/verwijderen").location.endswith("#intervisie")
    assert pages.gerda.get(url).status_code == 404


def test_every_werkvorm_has_a_sheet_and_an_unknown_one_has_not(pages: SessionPages) -> None:
    anyone = pages.app.test_client()
    sheets = [
        line.split('"')[0]
        for line in anyone.get("/werkvormen").text.split('href="/werkvormen/')[1:]
    ]
    assert len(sheets) == 13
    for slug in sheets:
        assert "Let op:" in words(anyone.get(f"/werkvormen/{slug}"))
    assert anyone.get("/werkvormen/bestaat-niet").status_code == 404


def test_every_button_of_the_step_does_what_it_says(pages: SessionPages) -> None:
    """Whatever was skipped: what a button asks is what the service lets through."""
    pages.come_in(6)
    pages.hold("aaabbc")
    pages.hold("aabbcc", 2)
    pages.next()
    labels = [button.label for button in pages.scene.regie().controls.buttons]
    assert labels == [
        "Onthul de cijfers",
        "Sla deze stap over, naar: Werkafspraken",
        "Terug naar: Kies opnieuw",
    ]
    first = pages.scene.regie().controls.buttons[0]
    assert (first.endpoint, first.fields) == ("regie.reveal_round", {"stemming": 1})
    assert pages.lead("stemming/onthul", **first.fields).status_code == 303
    second = pages.scene.regie().controls.buttons[0]
    assert (second.label, second.fields) == ("Onthul de cijfers", {"stemming": 2})
    assert pages.lead("stemming/onthul", **second.fields).status_code == 303


def test_a_button_waits_for_its_box(pages: SessionPages) -> None:
    pages.scene.plan()
    pages.lead("open")
    pages.lead("begin")
    pages.next()
    controls = pages.scene.regie().controls
    assert "klaargezet" in controls.wait
    assert [button.label.split(":")[0] for button in controls.buttons] == [
        "Ga verder zonder dit, naar",
        "Terug naar",
    ]
