"""A list of those who still work at a gemeente: the others are blocked, or nothing changes."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, update

from kopkrakers.accounts.models import USER, Status
from kopkrakers.accounts.trail.models import BEHEER_ACTION, Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.running import Shell
from tests.support.world import World

TODAY = f"Bijgewerkt: {amsterdam_day(utc_now())}\n"
ALL = ("anna", "bram", "gerda", "dewi", "farid")


class Staff:
    """Types the command with a list."""

    def __init__(self, file: Path, settings: Settings) -> None:
        self.file = file
        self.shell = Shell(settings, "gemeente", "staff", "zaanstad", str(file))

    def __call__(self, text: str, *words: str) -> Result:
        self.file.write_text(text)
        return self.shell(*words)


@pytest.fixture
def staff(tmp_path: Path, settings: Settings, world: World) -> Staff:
    return Staff(tmp_path / "lijst.txt", settings)


def listed(*names: str) -> str:
    return TODAY + "".join(f"{name}@voorbeeld.nl\n" for name in names)


def blocked(database: Database) -> set[str]:
    statement = select(USER.c.name).where(USER.c.status == Status.BLOCKED)
    with database.reading() as session:
        return set(session.execute(statement).scalars())


def test_who_is_not_listed_is_out_and_it_stands_in_the_trail(
    staff: Staff, database: Database, world: World
) -> None:
    # in capitals, with a tag and an empty line: the same mailbox
    text = listed("gerda", "dewi", "farid") + "\nANNA+werk@Voorbeeld.nl\n"
    looked = staff(text)
    assert looked.exit_code == 0, looked.output
    assert "1 van de 5 accounts staan niet op de lijst" in looked.output
    assert blocked(database) == set()
    done = staff(text, "--yes")
    assert done.exit_code == 0, done.output
    # Chris is of another gemeente, and is left alone
    assert blocked(database) == {"Bram"}
    with database.reading() as session:
        generation = session.execute(
            select(USER.c.generation).where(USER.c.id == world.bram.id)
        ).scalar_one()
        deeds = session.execute(
            select(BEHEER_ACTION.c.what, BEHEER_ACTION.c.person_id, BEHEER_ACTION.c.actor_id)
        ).all()
    # every browser session of before is refused
    assert generation == world.bram.generation + 1
    assert [tuple(deed) for deed in deeds] == [(Deed.BLOCKED, world.bram.id, None)]
    assert "0 van de 4" in staff(text, "--yes").output


def test_a_list_that_cannot_be_right_changes_nothing(staff: Staff, database: Database) -> None:
    today = amsterdam_day(utc_now())
    rest = listed(*ALL).removeprefix(TODAY)
    for text, sentence in (
        ("", "De eerste regel"),
        (rest, "De eerste regel"),
        (f"bijgewerkt 2026-13-40\n{rest}", "De eerste regel"),
        (f"bijgewerkt {today - timedelta(days=4)}\n{rest}", "hoogstens drie dagen oud"),
        (f"bijgewerkt {today + timedelta(days=2)}\n{rest}", "hoogstens drie dagen oud"),
        (f"{TODAY}{rest}geen adres\n", "Regel 7 is geen mailadres"),
        (f"{TODAY}{rest}a@voorbeeld.nl;b@voorbeeld.nl\n", "Regel 7 is geen mailadres"),
        (listed("anna", "bram", "gerda", "dewi"), "geen enkele beheerder"),
        (TODAY, "geen enkele beheerder"),
        (listed("farid"), "Dat is veel"),
    ):
        done = staff(text, "--yes")
        assert done.exit_code == 1, (text, done.output)
        assert sentence in done.output
        assert blocked(database) == set()


def test_many_may_leave_when_that_is_said(staff: Staff, database: Database) -> None:
    assert staff(listed("farid"), "--yes", "--all").exit_code == 0
    assert blocked(database) == {"Anna", "Bram", "Gerda", "Dewi"}


def test_an_altered_account_is_not_hidden_under_a_new_mac(
    staff: Staff, database: Database, world: World
) -> None:
    with database.transaction() as session:
        session.execute(update(USER).where(USER.c.id == world.bram.id).values(name="Bran"))
        session.execute(
            update(USER).where(USER.c.id == world.bram.id).values(address_hmac="0" * 64)
        )
    done = staff(listed("gerda", "dewi", "farid"), "--yes")
    assert done.exit_code == 1
    assert blocked(database) == set()
    with database.reading() as session:
        count = select(func.count()).select_from(BEHEER_ACTION)
        assert session.execute(count).scalar_one() == 0
