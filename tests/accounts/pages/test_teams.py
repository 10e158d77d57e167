"""The beheerder's page: teams, their rhythm and their links."""

import re

import pytest
from flask import Flask

from kopkrakers.accounts import teams
from kopkrakers.accounts.models import Rhythm, Team
from kopkrakers.accounts.pages.words import RHYTHMS
from kopkrakers.answers.models import Participation
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.mailbox import Mailbox
from tests.support.signing_in import csrf_of, fill_in
from tests.support.voters import voter_of
from tests.support.world import ROW_KEYS, World, browser_of


def kept(database: Database, team_id: int) -> Team:
    with database.reading() as session:
        return session.get_one(Team, team_id)


def test_the_page_shows_the_own_gemeente_alone(app: Flask, world: World) -> None:
    page = browser_of(app, world.farid).get("/beheer").text
    for own in (
        "Beheer van Zaanstad",
        "Team Noord",
        "Team Zuid",
        "Anna",
        "Gerda",
        "begeleider",
        "3 mensen",
    ):
        assert own in page
    for elsewhere in ("Almere", "Team Poort", "Chris"):
        assert elsewhere not in page


def test_nothing_tells_who_took_part(
    app: Flask, world: World, database: Database, settings: Settings
) -> None:
    farid = browser_of(app, world.farid)
    pages = [
        "/beheer",
        f"/beheer/mensen/{world.anna.id}",
        f"/beheer/teams/{world.team_noord}",
        "/beheer/uitnodigen",
    ]

    def seen() -> list[str]:
        return [
            re.sub(r'name="csrf_token" value="[^"]*"', "", farid.get(page).text) for page in pages
        ]

    before = seen()
    with database.transaction() as session:
        session.add(
            Participation(
                pseudonym=voter_of(settings, world.anna.id).on("een-plek", 1),
                dilemma="een-plek",
                edition=1,
                state="in_box",
            )
        )
    assert seen() == before


def test_a_team_is_added(app: Flask, world: World) -> None:
    farid = browser_of(app, world.farid)
    answer = fill_in(farid, "/beheer", "/beheer/teams", naam=" Team   Oost 🐈 ")
    assert answer.status_code == 303
    assert "Team Oost 🐈" in farid.get(answer.location).text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Team Noord", "Er is al een team met deze naam."),
        ("", "Vul een naam in."),
        ("x" * 81, "hoogstens 80 tekens"),
        ("Team Noord\x00\u00ad", "Er is al een team met deze naam."),
    ],
)
def test_a_name_that_cannot_be_comes_back(
    app: Flask, world: World, name: str, sentence: str
) -> None:
    farid = browser_of(app, world.farid)
    zuid = f"/beheer/teams/{world.team_noord + 2}"
    for answer in (
        fill_in(farid, "/beheer", "/beheer/teams", naam=name),
        fill_in(farid, zuid, naam=name),
    ):
        assert answer.status_code == 422 and sentence in answer.text


def test_two_gemeenten_may_use_the_same_name(app: Flask, world: World) -> None:
    assert (
        fill_in(
            browser_of(app, world.farid), "/beheer", "/beheer/teams", naam="Team Poort"
        ).status_code
        == 303
    )


def test_a_team_gets_another_name(app: Flask, world: World, database: Database) -> None:
    fill_in(browser_of(app, world.farid), f"/beheer/teams/{world.team_noord}", naam="Team Boven")
    assert kept(database, world.team_noord).name == "Team Boven"


@pytest.mark.parametrize("rhythm", Rhythm)
def test_a_team_gets_its_rhythm(
    app: Flask, world: World, database: Database, rhythm: Rhythm
) -> None:
    farid, page = browser_of(app, world.farid), f"/beheer/teams/{world.team_noord}"
    fill_in(farid, page, f"{page}/ritme", ritme=rhythm)
    assert kept(database, world.team_noord).rhythm == rhythm
    assert RHYTHMS[rhythm] in farid.get("/beheer").text


@pytest.mark.parametrize("rhythm", ["", "hourly", "DAILY", "\0"])
def test_a_rhythm_that_is_none_changes_nothing(
    app: Flask, world: World, database: Database, rhythm: str
) -> None:
    farid, page = browser_of(app, world.farid), f"/beheer/teams/{world.team_noord}"
    refused = fill_in(farid, page, f"{page}/ritme", ritme=rhythm)
    assert refused.status_code == 422 and "Kies hoe vaak" in refused.text
    assert kept(database, world.team_noord).rhythm == Rhythm.DAILY


def test_the_begeleider_sets_the_rhythm_of_the_own_team_alone(
    app: Flask, world: World, database: Database
) -> None:
    gerda, page = browser_of(app, world.gerda), f"/team/{world.team_noord}"
    assert fill_in(gerda, page, f"{page}/ritme", ritme="three").location == page
    assert kept(database, world.team_noord).rhythm == Rhythm.THREE
    with database.transaction() as session:
        other = teams.add_team(session, world.zaanstad, "Team Oost")
    assert fill_in(gerda, page, f"/team/{other}/ritme", ritme="weekly").status_code == 404
    assert kept(database, other).rhythm == Rhythm.DAILY
    anna = browser_of(app, world.anna)
    assert fill_in(anna, "/account", f"{page}/ritme", ritme="weekly").status_code == 403


def test_a_team_link_is_shown_once_with_a_code_to_print(
    mail_app: Flask, world: World, database: Database
) -> None:
    farid, page = browser_of(mail_app, world.farid), f"/beheer/teams/{world.team_noord}"
    shown = fill_in(farid, page, f"{page}/link")
    found = re.search(r"http://localhost:8000(/t/[\w-]+)", shown.text)
    assert found is not None and "<svg" in shown.text and "style=" not in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert mail_app.test_client().get(found[1]).status_code == 200
    assert found[1] not in farid.get(page).text and "Er is een teamlink." in farid.get(page).text
    token = found[1].removeprefix("/t/")
    assert token not in (kept(database, world.team_noord).link_hash or "")


def test_a_team_link_is_renewed_and_revoked(
    mail_app: Flask, world: World, mailbox: Mailbox
) -> None:
    farid, page = browser_of(mail_app, world.farid), f"/beheer/teams/{world.team_noord}"
    links = [
        re.findall(r"http://localhost:8000(/t/[\w-]+)", fill_in(farid, page, f"{page}/link").text)[
            0
        ]
        for _ in range(2)
    ]
    assert [mail_app.test_client().get(link).status_code for link in links] == [404, 200]
    assert fill_in(farid, page, f"{page}/link/intrekken").status_code == 303
    assert mail_app.test_client().get(links[1]).status_code == 404


def test_without_mail_no_team_link_is_made(app: Flask, world: World) -> None:
    farid, page = browser_of(app, world.farid), f"/beheer/teams/{world.team_noord}"
    assert "eamlink" not in farid.get(page).text
    assert fill_in(farid, page, f"{page}/link").status_code == 404


@pytest.mark.parametrize("path", ["", "/ritme", "/link", "/link/intrekken"])
def test_the_beheerder_of_another_gemeente_finds_no_such_team(
    mail_app: Flask, world: World, database: Database, path: str
) -> None:
    farid, before = browser_of(mail_app, world.farid), kept(database, world.team_almere)
    token = csrf_of(farid.get("/beheer"))
    page = f"/beheer/teams/{world.team_almere}"
    assert farid.get(page).status_code == 404
    assert farid.post(page + path, data={"csrf_token": token, "naam": "Gekaapt"}).status_code == 404
    assert kept(database, world.team_almere) == before


@pytest.mark.parametrize(
    "number", ["0", "-1", "2147483647", "2147483648", "99999999999999999999", "een"]
)
def test_a_team_that_cannot_be_is_not_found(app: Flask, world: World, number: str) -> None:
    assert browser_of(app, world.farid).get(f"/beheer/teams/{number}").status_code == 404


def test_members_see_each_other_and_the_rhythm(database: Database, world: World) -> None:
    from kopkrakers.accounts.service import remove_person, teams_of

    with database.transaction() as session:
        teams.set_rhythm(session, world.zaanstad, world.team_noord, Rhythm.WEEKLY)
        remove_person(session, world.bram.id, (), ROW_KEYS)
        (own,) = teams_of(session, world.anna.id)
    assert (own.name, own.rhythm) == ("Team Noord", Rhythm.WEEKLY)
    assert own.members == ("Anna", "Gerda")
