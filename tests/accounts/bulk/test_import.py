"""A supplier's file with people: everyone invited and mailed, or nobody and each fault named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from kopkrakers.accounts.models import ACCOUNT_CHANGE, INVITATION, TEAM
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.cli import main
from tests.support.mailbox import Mailbox
from tests.support.running import Shell
from tests.support.world import World

HEAD = "gemeente;team;naam;adres;rollen\n"


class Importer:
    """Types the command with a file."""

    def __init__(self, file: Path, settings: Settings) -> None:
        self.file = file
        self.shell = Shell(
            settings,
            "import",
            str(file),
            KOPKRAKERS_SMTP_HOST="127.0.0.1",
            KOPKRAKERS_SMTP_PORT=str(settings.smtp_port),
            KOPKRAKERS_SMTP_STARTTLS="false",
        )

    @property
    def environment(self) -> dict[str, str]:
        return self.shell.environment

    def __call__(self, text: str, *words: str) -> Result:
        self.file.write_text(text)
        return self.shell(*words)


@pytest.fixture
def importer(tmp_path: Path, mail_settings: Settings, world: World) -> Importer:
    return Importer(tmp_path / "mensen.csv", mail_settings)


def rows(database: Database) -> tuple[int, int, int]:
    """Return the number of invitations, teams and changes of accounts."""
    with database.reading() as session:
        invitations, teams, changes = (
            int(session.execute(select(func.count()).select_from(of)).scalar_one())
            for of in (INVITATION, TEAM, ACCOUNT_CHANGE)
        )
    return invitations, teams, changes


def test_everyone_gets_a_mail_with_a_link_and_new_teams_are_made(
    importer: Importer, database: Database, mailbox: Mailbox
) -> None:
    _, teams, _ = rows(database)
    done = importer(
        f"{HEAD}zaanstad;team noord;Nova;nova@zaanstad.nl;\n"
        "Almere;Team Nieuw;Otto;otto@almere.nl;begeleider\n"
        "Almere;TEAM NIEUW;Pim;pim@almere.nl;beheerder\n",
        "--json",
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "proef": False,
        "uitgenodigd": 3,
        "had_account": 0,
        "had_uitnodiging": 0,
        "nieuwe_teams": 1,
        "niet_gemaild": [],
        "adres_geweigerd": [],
    }
    addresses = [mailbox.arrived()[0] for _ in range(3)]
    assert addresses == [["nova@zaanstad.nl"], ["otto@almere.nl"], ["pim@almere.nl"]]
    assert rows(database)[1] == teams + 1


def test_the_same_file_once_more_invites_nobody_twice(
    importer: Importer, database: Database, mailbox: Mailbox
) -> None:
    text = f"{HEAD}Zaanstad;Team Noord;Nova;nova@zaanstad.nl;\nZaanstad;;Anna;anna@voorbeeld.nl;\n"
    importer(text)
    before = rows(database)
    again = json.loads(importer(text, "--json").stdout)
    assert (again["uitgenodigd"], again["had_account"], again["had_uitnodiging"]) == (0, 1, 1)
    assert rows(database) == before
    assert json.loads(importer(text, "--json", "--again").stdout)["uitgenodigd"] == 1
    with database.reading() as session:
        still_open = (
            select(func.count()).select_from(INVITATION).where(INVITATION.c.ended.is_(None))
        )
        assert session.execute(still_open).scalar_one() == 1


def test_one_wrong_line_keeps_everybody_out_and_all_are_named(
    importer: Importer, database: Database, mailbox: Mailbox
) -> None:
    before = rows(database)
    refused = importer(
        f"{HEAD}Zaanstad;Nieuw;Nova;nova@zaanstad.nl;\n"
        "Nergens;;Otto;otto@almere.nl;\n"
        "Zaanstad;;Chris;chris@voorbeeld.nl;\n"
    )
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[0].endswith("Er is niets veranderd.")
    assert "Regel 3: Er is geen gemeente Nergens." in refused.stderr
    assert "Regel 4: Dit adres heeft al een account bij een andere gemeente." in refused.stderr
    assert rows(database) == before and mailbox.is_empty()
    in_json = json.loads(importer("naam\nx\n", "--json").stdout)
    assert {fault["regel"] for fault in in_json["fouten"]} == {1}


def test_looking_alone_changes_nothing(importer: Importer, database: Database) -> None:
    before = rows(database)
    looked = importer(f"{HEAD}Zaanstad;Nieuw;Nova;nova@zaanstad.nl;\n", "--dry-run")
    assert looked.exit_code == 0 and "Er is niets veranderd" in looked.stdout
    assert rows(database) == before


def test_who_cannot_be_mailed_has_no_link_waiting_and_comes_along_next_time(
    importer: Importer, database: Database, mailbox: Mailbox
) -> None:
    text = HEAD + "".join(f"Zaanstad;;P;p{number}@zaanstad.nl;\n" for number in range(5))
    right = importer.environment["KOPKRAKERS_SMTP_PORT"]
    importer.environment["KOPKRAKERS_SMTP_PORT"] = "9"
    failed = importer(text, "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["niet_gemaild"] == [2, 3, 4, 5, 6]
    importer.environment["KOPKRAKERS_SMTP_PORT"] = right
    assert json.loads(importer(text, "--json").stdout)["uitgenodigd"] == 5


def test_an_address_outside_the_work_domains_is_a_fault(importer: Importer) -> None:
    importer.environment["KOPKRAKERS_MAIL_DOMAINS"] = "zaanstad.nl,almere.nl"
    refused = importer(f"{HEAD}Zaanstad;;Nova;nova@thuis.example;\n")
    assert refused.exit_code == 1
    told = "Regel 2: Dit adres eindigt niet op @zaanstad.nl of @almere.nl."
    assert told in refused.stderr and "Gebruik je" not in refused.stderr


def test_without_mail_it_says_what_else_to_do(importer: Importer) -> None:
    del importer.environment["KOPKRAKERS_SMTP_HOST"]
    refused = importer(f"{HEAD}Zaanstad;;Nova;nova@zaanstad.nl;\n")
    assert refused.exit_code == 2 and "KOPKRAKERS_SMTP_HOST" in refused.stderr
    assert importer(f"{HEAD}Zaanstad;;Nova;nova@zaanstad.nl;\n", "--dry-run").exit_code == 0


@pytest.mark.slow
def test_ten_thousand_people_of_forty_gemeenten_are_looked_at_in_a_minute(
    importer: Importer, database: Database
) -> None:
    for number in range(40):
        name = f"Gemeente {number}"
        assert CliRunner().invoke(main, ["gemeente", "add", name], env=importer.environment)
    people = [
        f"Gemeente {number % 40};Team {number % 7};Persoon;p{number}@elders.nl;\n"
        for number in range(10_000)
    ]
    done = json.loads(importer(HEAD + "".join(people), "--dry-run", "--json").stdout)
    assert (done["uitgenodigd"], done["nieuwe_teams"]) == (10_000, 280)
