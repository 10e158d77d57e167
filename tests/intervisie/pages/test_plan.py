"""Planning from the team's page: at once, ahead, shared, called off, with figures at a price."""

from typing import Any

import pytest
from flask import url_for
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from tests.support.pages import Fields, send, words
from tests.support.sessions.pages import SessionPages
from tests.support.world import add_person, browser_of

OWN: Fields = {
    "soort": "eigen",
    "titel": "De scooter",
    "vraag": "Wat doe je?",
    "werkwijze_1": "Melden",
    "werkwijze_2": "Bellen",
}


def plan(
    pages: SessionPages, visitor: Visitor | None = None, *, doe: str = "start", **fields: Any
) -> TestResponse:
    given = {"soort": "dilemma", "dilemma": pages.scene.slug, "werkvorm": "kraak-45"} | fields
    browser = browser_of(pages.app, visitor) if visitor else pages.gerda
    return send(browser, f"/team/{pages.world.team_noord}/intervisie", doe=doe, **given)


def code_of(answer: TestResponse) -> str:
    return str(answer.location.split("/")[-2])


def other_begeleider(pages: SessionPages, *, team: int) -> Visitor:
    with pages.scene.database.transaction() as session:
        return add_person(session, "Els", pages.world.zaanstad, team, Role.BEGELEIDER)


def test_one_form_starts_a_session(pages: SessionPages) -> None:
    answer = plan(pages)
    assert answer.status_code == 303
    assert "Laat iedereen binnen" in words(pages.gerda.get(answer.location))
    assert "nu bezig, code" in words(browser_of(pages.app, pages.world.anna).get("/team"))


def test_the_page_offers_agenda_archive_and_every_werkvorm(pages: SessionPages) -> None:
    page = words(pages.gerda.get(f"/team/{pages.world.team_noord}/intervisie"))
    for text in ("Een tweede kans", "Een eigen casus", "Kraak 45", "45 minuten", "Balintmethode"):
        assert text in page
    assert "Alleen als jullie elkaar kennen" in page


def test_a_planned_session_is_seen_by_members_and_opened_later(pages: SessionPages) -> None:
    answer = plan(pages, doe="plan", datum="2026-12-01")
    assert "dinsdag 1 december" in words(browser_of(pages.app, pages.world.bram).get("/team"))
    pages.scene.code = code_of(answer)
    assert "De sessie is nog niet open" in words(pages.app.test_client().get(pages.at()))
    assert pages.lead("open").status_code == 303
    assert "Doe mee" in words(pages.app.test_client().get(pages.at()))


def test_only_a_begeleider_of_the_team_plans(pages: SessionPages) -> None:
    assert plan(pages, pages.world.anna).status_code == 403
    assert plan(pages, pages.world.chris).status_code == 403
    stranger = other_begeleider(pages, team=pages.world.team_almere)
    assert plan(pages, stranger).status_code == 404
    page = f"/team/{pages.world.team_noord}/intervisie"
    assert browser_of(pages.app, stranger).get(page).status_code == 404
    assert pages.app.test_client().get(page).location.startswith("/inloggen")


def test_no_page_of_a_team_is_for_a_begeleider_of_another(pages: SessionPages) -> None:
    stranger = browser_of(pages.app, other_begeleider(pages, team=pages.world.team_almere))
    tried = set()
    for rule in pages.app.url_map.iter_rules():
        if not rule.rule.startswith("/team/<"):
            continue
        given: dict[str, Any] = {"team_id": pages.world.team_noord, "slug": pages.scene.slug}
        with pages.app.test_request_context():
            path = url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
        answer = stranger.get(path) if "GET" in (rule.methods or ()) else send(stranger, path)
        assert answer.status_code in {403, 404}, rule.rule
        tried.add(rule.endpoint)
    assert {"plannen.figures", "plannen.use_turn"} <= tried


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dilemma": ""}, "Kies een dilemma."),
        ({"werkvorm": "bestaat-niet"}, "Kies een werkvorm."),
        (
            {"doe": "plan", "datum": "2020-01-01"},
            "Kies een dag vanaf vandaag, hoogstens een jaar vooruit.",
        ),
        ({"doe": "plan", "datum": "straks"}, "Kies een dag uit de kalender"),
        ({"tweede": "999"}, "Kies een begeleider uit je team."),
        ({"tweede": "x"}, "Kies een begeleider uit je team."),
        ({"tweede": "9" * 5000}, "Kies een begeleider uit je team."),
        (OWN | {"titel": ""}, "Geef de casus een titel"),
        (OWN | {"vraag": "x" * 700}, "in hoogstens 600 tekens"),
        (OWN | {"werkwijze_2": ""}, "Noem twee, drie of vier werkwijzen."),
        (OWN | {"werkwijze_2": "melden"}, "Twee werkwijzen zijn gelijk."),
    ],
)
def test_what_is_wrong_comes_back_with_everything_that_was_typed(
    pages: SessionPages, change: Fields, sentence: str
) -> None:
    answer = plan(pages, **change)
    assert answer.status_code == 422 and sentence in words(answer)
    assert change.get("vraag", "") in answer.text


def test_an_eigen_casus_is_asked_in_its_own_words_and_leaves_them_nowhere(
    pages: SessionPages,
) -> None:
    pages.scene.code = code_of(plan(pages, **OWN))
    pages.scene.quick()
    pages.come_in(2)
    pages.to_vote()
    for text in ("De scooter", "Melden", "Bellen"):
        assert text in pages.scherm() and text in pages.phone()
    pages.close()
    pages.lead("einde")
    pages.scene.quick()
    team = words(pages.gerda.get("/team"))
    assert "Eigen casus" in team and "De scooter" not in team


def test_the_second_begeleider_leads_too_and_another_does_not(pages: SessionPages) -> None:
    els = other_begeleider(pages, team=pages.world.team_noord)
    answer = plan(pages, tweede=str(els.id))
    assert browser_of(pages.app, els).get(answer.location).status_code == 200
    alone = plan(pages)
    assert browser_of(pages.app, els).get(alone.location).status_code == 404


def test_figures_cost_the_own_turn_and_say_so_first(pages: SessionPages) -> None:
    to = plan(pages, doe="cijfers").location
    assert to == f"/team/{pages.world.team_noord}/intervisie/cijfers/{pages.scene.slug}"
    assert "is je eigen beurt voorbij" in words(pages.gerda.get(to))
    assert send(pages.gerda, to).status_code == 303
    assert "Alle gemeenten" in words(pages.gerda.get(to))
    assert (
        pages.gerda.get(
            f"/team/{pages.world.team_noord}/intervisie/cijfers/bestaat-niet"
        ).status_code
        == 404
    )


def test_a_session_that_is_called_off_says_so(pages: SessionPages) -> None:
    pages.come_in()
    assert pages.lead("afzeggen").status_code == 303
    assert "Deze sessie gaat niet door." in pages.phone()
    assert pages.lead("afzeggen").status_code == 409


def test_a_rehearsal_has_pretend_participants_and_leaves_nothing(pages: SessionPages) -> None:
    pages.scene.code = code_of(plan(pages, oefenen="ja"))
    pages.scene.quick()
    assert "6 telefoons" in pages.regie() and "oefening" in pages.scherm()
    assert "oefening" not in words(browser_of(pages.app, pages.world.anna).get("/team"))
    pages.to_vote()
    pages.close()
    pages.lead("einde")
    pages.scene.quick()
    assert "er blijft niets van bewaard" in pages.regie()
    assert "Verslagen" not in words(pages.gerda.get("/team"))


@pytest.mark.parametrize(
    ("kind", "says", "says_not"),
    [
        ({}, "Daarna kan iedereen met de telefoon naar binnen.", "oefening"),
        ({"zonder_telefoons": "ja"}, "Zijn jullie bij elkaar?", "met de telefoon"),
        ({"oefenen": "ja"}, "dan doen er zes verzonnen deelnemers mee.", "bij elkaar"),
    ],
)
def test_before_it_opens_the_regie_says_who_will_come_in(
    pages: SessionPages, kind: Fields, says: str, says_not: str
) -> None:
    pages.scene.code = code_of(plan(pages, doe="plan", **kind))
    page = pages.regie()
    assert says in page and says_not not in page
