"""The commands with which a server gets its first gemeente, team and beheerder."""

import json
import re
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from kopkrakers.accounts.models import Role
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.mailbox import Mailbox, text_of
from tests.support.pages import words
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD, fill_in, find_user
from tests.support.world import World


@pytest.fixture
def live(settings: Settings) -> FlaskClient:
    """A browser on a server whose clock runs as that of the commands."""
    return create_app(settings).test_client()


INVITE = (
    "invite",
    "Zaanstad",
    "--name",
    "Farid",
    "--email",
    "Farid+x@zaanstad.nl",
    "--role",
    "beheerder",
)


def test_a_new_server_gets_its_first_beheerder(
    live: FlaskClient, shell: Shell, database: Database
) -> None:
    assert shell("gemeente", "add", "Zaanstad").exit_code == 0
    assert shell("team", "add", "Zaanstad", "Team Noord").exit_code == 0
    invited = shell(*INVITE, "--role", "klantmanager", "--team", "Team Noord")
    link = re.fullmatch(r"http://localhost:8000(/uitnodiging/[\w-]+)\n", invited.stdout)
    assert invited.exit_code == 0 and link is not None
    assert fill_in(live, link[1], naam="Farid", wachtwoord=PASSWORD).status_code == 303
    assert find_user(database, "Farid+x@zaanstad.nl") is not None
    page = live.get("/account").text
    assert "klantmanager, beheerder" in page and "Team Noord" in page


def test_a_fourth_link_to_hand_over_is_refused_in_a_sentence(shell: Shell, world: World) -> None:
    def invite(number: int) -> Result:
        person = ("--name", "Nieuw", "--email", f"nieuw{number}@zaanstad.nl")
        return shell("invite", "Zaanstad", *person, "--role", "klantmanager")

    assert [invite(number).exit_code for number in (1, 2, 3)] == [0, 0, 0]
    refused = invite(4)
    assert refused.exit_code == 1 and refused.stdout == ""
    assert "Er staan al 3 uitnodigingen open die niet gemaild zijn." in refused.stderr


def test_an_invitation_is_made_also_when_the_mail_cannot_leave(
    shell: Shell, database: Database
) -> None:
    assert shell("gemeente", "add", "Zaanstad").exit_code == 0
    shell.environment |= {"KOPKRAKERS_SMTP_HOST": "127.0.0.1", "KOPKRAKERS_SMTP_PORT": "9"}
    invited = shell(*INVITE)
    assert invited.exit_code == 0
    assert "/uitnodiging/" in invited.stdout
    assert "kon niet weg. De link werkt" in invited.stderr


def test_who_has_an_account_gets_a_link_for_a_new_password(
    live: FlaskClient, shell: Shell, world: World
) -> None:
    again = shell(
        "invite",
        "Zaanstad",
        "--name",
        "Anna",
        "--email",
        "anna@voorbeeld.nl",
        "--role",
        "klantmanager",
    )
    link = again.stdout.strip().removeprefix("http://localhost:8000")
    assert "Kies een nieuw wachtwoord" in live.get(link).text


def test_the_link_is_mailed_where_mail_is_set_up(
    shell: Shell, world: World, mail_settings: Settings, mailbox: Mailbox
) -> None:
    shell.environment |= {
        "KOPKRAKERS_SMTP_HOST": "127.0.0.1",
        "KOPKRAKERS_SMTP_PORT": str(mail_settings.smtp_port),
        "KOPKRAKERS_SMTP_STARTTLS": "false",
    }
    printed = shell(*INVITE)
    assert printed.exit_code == 0
    assert mailbox.link() in printed.stdout
    shell("invite", "Zaanstad", "--name", "Dewi", "--email", "dewi@uu.nl", "--role", "onderzoeker")
    text = text_of(mailbox.arrived()[1])
    assert "Je kiest niet mee." in text and "werkdag" not in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("gemeente", "add", "Zaanstad"), "Er is al een gemeente Zaanstad."),
        (("gemeente", "add", " "), "Vul een naam in."),
        (("team", "add", "Zaanstad", "Team Noord"), "Er is al een team met deze naam."),
        (("team", "add", "Nergens", "Team"), "Er is geen gemeente Nergens."),
        ((*INVITE, "--team", "Nergens"), "Er is daar geen team Nergens"),
        ((*INVITE, "--role", "koning"), "'koning' is geen van"),
        (
            ("invite", "Zaanstad", "--name", "F", "--email", "f", "--role", "beheerder"),
            "naam@gemeente.nl",
        ),
        (
            (
                "invite",
                "Zaanstad",
                "--name",
                "F",
                "--email",
                "f@z.nl",
                "--role",
                "onderzoeker",
                "--role",
                "begeleider",
            ),
            "stemt niet mee",
        ),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    shell: Shell, world: World, words: tuple[str, ...], sentence: str
) -> None:
    refused = shell(*words)
    assert refused.exit_code != 0 and refused.stdout == "" and sentence in refused.stderr


def test_a_program_reads_what_a_command_did(shell: Shell) -> None:
    def told(*words: str) -> Any:
        done = shell(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert told("gemeente", "add", "Zaanstad") == {"gemeente": "Zaanstad"}
    assert told("gemeente", "add", "Almere") == {"gemeente": "Almere"}
    assert told("team", "add", "zaanstad", "Noord") == {"gemeente": "Zaanstad", "team": "Noord"}
    assert told("team", "hernoem", "Zaanstad", "noord", "Zuid")["team"] == "Zuid"
    assert told("team", "list", "Zaanstad")["teams"] == [{"team": "Zuid", "mensen": 0}]
    invited = told(*INVITE)
    assert (invited["nieuw"], invited["gemaild"]) == (True, False)
    assert invited["link"].startswith("http://localhost:8000/uitnodiging/")
    assert told("gemeente", "hernoem", "Almere", "Lelystad")["gemeente"] == "Lelystad"
    lelystad, zaanstad = told("gemeente", "list")
    assert lelystad["gemeente"] == "Lelystad"
    assert (zaanstad["teams"], zaanstad["beheerders"], zaanstad["open_uitnodigingen"]) == (1, 0, 1)
    both = ("regio", "add", "Zaanstreek", "Zaanstad", "Lelystad")
    assert [one["naam"] for one in told(*both)["gemeenten"]] == ["Lelystad", "Zaanstad"]
    assert told("regio", "hernoem", "Zaanstreek", "Noord")["naam"] == "Noord"
    assert told("regio", "uit", "Lelystad")["naam"] == "Noord"
    assert told("regio", "zet", "Lelystad", "Noord")["naam"] == "Noord"
    assert told("regio", "remove", "Noord") == {"naam": "Noord", "vanaf_volgend_dilemma": False}


def test_a_gemeente_gets_no_name_of_another(shell: Shell, world: World) -> None:
    refused = shell("gemeente", "hernoem", "Almere", "zaanstad")
    assert refused.exit_code == 1 and "Er is al een gemeente Zaanstad." in refused.stderr
    assert shell("gemeente", "hernoem", "Almere", "ALMERE").exit_code == 0


def in_organisation(role: str) -> tuple[str, ...]:
    address = f"{role}@universiteit.nl"
    return ("invite", "Universiteit", "--name", "Dewi", "--email", address, "--role", role)


def test_a_researcher_of_a_university_needs_no_gemeente(
    live: FlaskClient, shell: Shell, database: Database
) -> None:
    told = shell("gemeente", "add", "Universiteit", "--organisatie")
    assert "--role onderzoeker" in told.stdout
    link = (
        shell(*in_organisation("onderzoeker")).stdout.strip().removeprefix("http://localhost:8000")
    )
    assert fill_in(live, link, naam="Dewi", wachtwoord=PASSWORD).status_code == 303
    account = words(live.get("/account"))
    assert "Organisatie Universiteit" in account and "Gemeente Universiteit" not in account
    assert live.get("/onderzoek").location == "/onderzoek/voorwaarden"
    assert "Universiteit" not in words(live.get("/zo-tellen-we"))
    assert live.get("/spiegel").status_code in (200, 403)
    assert (
        "Universiteit (organisatie): accounts 1, beheerders 0" in shell("gemeente", "list").stdout
    )


@pytest.mark.parametrize(
    "role", sorted(role.value for role in Role if role is not Role.ONDERZOEKER)
)
def test_nobody_votes_or_manages_in_an_organisation(shell: Shell, role: str) -> None:
    shell("gemeente", "add", "Universiteit", "--organisatie")
    refused = shell(*in_organisation(role))
    assert refused.exit_code == 1
    assert "In een organisatie zijn alleen onderzoekers." in refused.stderr
    both = shell(*in_organisation(role), "--role", "onderzoeker")
    assert both.exit_code == 1 and both.stdout == ""


def test_an_organisation_has_no_teams_no_regio_and_no_work_account(
    shell: Shell, world: World
) -> None:
    shell("gemeente", "add", "Universiteit", "--organisatie")
    team = shell("team", "add", "Universiteit", "Vakgroep")
    assert team.exit_code == 1 and "Daar zijn geen teams." in team.stderr
    assert shell("regio", "add", "Samen", "Zaanstad", "Universiteit").exit_code == 1
    provider = shell(
        *("sso", "set", "Universiteit", "--issuer", "https://login.example"),
        *("--client-id", "x", "--domain", "universiteit.nl"),
    )
    assert provider.exit_code == 1
    assert shell("gemeente", "add", "Universiteit").exit_code == 1
