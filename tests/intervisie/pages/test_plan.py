"""Planning from the team's page: in one form, ahead, shared, called off, with figures at a price."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from tests.support.live_pages import Hall
from tests.support.pages import send, words
from tests.support.world import add_person, browser_of

OWN = {
    "soort": "eigen",
    "titel": "De scooter",
    "vraag": "Wat doe je?",
    "werkwijze_1": "Melden",
    "werkwijze_2": "Bellen",
}


def plan(
    hall: Hall, visitor: Visitor | None = None, *, doe: str = "start", **fields: Any
) -> TestResponse:
    given = {"soort": "dilemma", "dilemma": hall.room.slug, "werkvorm": "kraak-45"} | fields
    browser = browser_of(hall.app, visitor) if visitor else hall.gerda
    return send(browser, f"/team/{hall.world.team_noord}/intervisie", doe=doe, **given)


def code_of(answer: TestResponse) -> str:
    return str(answer.location.split("/")[-2])


def other_begeleider(hall: Hall, *, team: int) -> Visitor:
    with hall.room.database.transaction() as session:
        return add_person(session, "Els", hall.world.zaanstad, team, Role.BEGELEIDER)


def test_one_form_starts_a_session(hall: Hall) -> None:
    answer = plan(hall)
    assert answer.status_code == 303
    assert "Laat iedereen binnen" in words(hall.gerda.get(answer.location))
    assert "nu bezig, code" in words(browser_of(hall.app, hall.world.anna).get("/team"))


def test_the_page_offers_agenda_archive_and_every_werkvorm(hall: Hall) -> None:
    page = words(hall.gerda.get(f"/team/{hall.world.team_noord}/intervisie"))
    for text in ("Een tweede kans", "Een eigen casus", "Kraak 45", "45 minuten", "Balintmethode"):
        assert text in page
    assert "Alleen als jullie elkaar kennen" in page


def test_a_planned_session_is_seen_by_members_and_opened_later(hall: Hall) -> None:
    answer = plan(hall, doe="plan", datum="2026-12-01")
    assert "dinsdag 1 december" in words(browser_of(hall.app, hall.world.bram).get("/team"))
    hall.room.code = code_of(answer)
    assert "De sessie is nog niet open" in words(hall.app.test_client().get(hall.at()))
    assert hall.lead("open").status_code == 303
    assert "Doe mee" in words(hall.app.test_client().get(hall.at()))


def test_only_a_begeleider_of_the_team_plans(hall: Hall) -> None:
    assert plan(hall, hall.world.anna).status_code == 403
    assert plan(hall, hall.world.chris).status_code == 403
    stranger = other_begeleider(hall, team=hall.world.team_almere)
    assert plan(hall, stranger).status_code == 404
    page = f"/team/{hall.world.team_noord}/intervisie"
    assert browser_of(hall.app, stranger).get(page).status_code == 404
    assert hall.app.test_client().get(page).location.startswith("/inloggen")


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
        (OWN | {"titel": ""}, "Geef de casus een titel"),
        (OWN | {"vraag": "x" * 700}, "in hoogstens 600 tekens"),
        (OWN | {"werkwijze_2": ""}, "Noem twee, drie of vier werkwijzen."),
        (OWN | {"werkwijze_2": "melden"}, "Twee werkwijzen zijn gelijk."),
    ],
)
def test_what_is_wrong_comes_back_with_everything_that_was_typed(
    hall: Hall, change: dict[str, str], sentence: str
) -> None:
    answer = plan(hall, **change)
    assert answer.status_code == 422 and sentence in words(answer)
    assert change.get("vraag", "") in answer.text


def test_an_eigen_casus_is_asked_in_its_own_words_and_leaves_them_nowhere(hall: Hall) -> None:
    hall.room.code = code_of(plan(hall, **OWN))
    hall.room.quick()
    hall.come_in(2)
    hall.to_vote()
    for text in ("De scooter", "Melden", "Bellen"):
        assert text in hall.scherm() and text in hall.phone()
    hall.close()
    hall.lead("einde")
    hall.room.quick()
    team = words(hall.gerda.get("/team"))
    assert "Eigen casus" in team and "De scooter" not in team


def test_the_second_begeleider_leads_too_and_another_does_not(hall: Hall) -> None:
    els = other_begeleider(hall, team=hall.world.team_noord)
    answer = plan(hall, tweede=str(els.id))
    assert browser_of(hall.app, els).get(answer.location).status_code == 200
    alone = plan(hall)
    assert browser_of(hall.app, els).get(alone.location).status_code == 404


def test_figures_cost_the_own_turn_and_say_so_first(hall: Hall) -> None:
    to = plan(hall, doe="cijfers").location
    assert to == f"/team/{hall.world.team_noord}/intervisie/cijfers/{hall.room.slug}"
    assert "is je eigen beurt voorbij" in words(hall.gerda.get(to))
    assert send(hall.gerda, to).status_code == 303
    assert "Alle gemeenten" in words(hall.gerda.get(to))
    assert (
        hall.gerda.get(f"/team/{hall.world.team_noord}/intervisie/cijfers/bestaat-niet").status_code
        == 404
    )


def test_a_session_that_is_called_off_says_so(hall: Hall) -> None:
    hall.come_in()
    assert hall.lead("afzeggen").status_code == 303
    assert "Deze sessie gaat niet door." in hall.phone()
    assert hall.lead("afzeggen").status_code == 409


def test_a_rehearsal_has_pretend_participants_and_leaves_nothing(hall: Hall) -> None:
    hall.room.code = code_of(plan(hall, oefenen="ja"))
    hall.room.quick()
    assert "6 telefoons" in hall.regie() and "oefening" in hall.scherm()
    assert "oefening" not in words(browser_of(hall.app, hall.world.anna).get("/team"))
    hall.to_vote()
    hall.close()
    hall.lead("einde")
    hall.room.quick()
    assert "er blijft niets van bewaard" in hall.regie()
    assert "Verslagen" not in words(hall.gerda.get("/team"))
