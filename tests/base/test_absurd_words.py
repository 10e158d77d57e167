"""Whatever is typed behind a command is answered in Dutch, and never ends in a traceback."""

import pytest
from sqlalchemy import func, select

from kopkrakers.accounts.models import GEMEENTE, INVITATION, TEAM
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.running import Shell
from tests.support.world import World

ABSURD = {
    "five thousand characters": "x" * 5_000,
    "five thousand digits": "9" * 5_000,
    "ten to the thirtieth": "1" + "0" * 30,
    "no number": "NaN",
    "below nothing": "-1",
    "nothing": "0",
    "empty": "",
    "a space that does not break": "\u00a0",
    "a year too far": "10000-01-01",
    "before the first year": "0000-01-01",
    "no such day": "2026-02-30",
    "bell": "a\x07b",
    "colour": "a\x1b[31mb",
    "turned around": "a\u202eb",
    "no UTF-8": "a\udcffb",
    "quotes": "'\"",
}
COMMANDS = [
    ("gemeente", "hernoem", "@", "Zuid"),
    ("gemeente", "plaatsen", "@", "5"),
    ("gemeente", "plaatsen", "Zaanstad!", "@"),
    ("gemeente", "remove", "@", "--yes"),
    ("gemeente", "export", "@", "/nergens/x"),
    ("team", "add", "@", "Noord"),
    ("team", "hernoem", "Zaanstad", "@", "Zuid"),
    ("team", "list", "@"),
    ("stelling", "plan", "@", "geen-code"),
    ("stelling", "plan", "2027-01-13", "@"),
    ("cards", "preview", "@"),
    ("invite", "Zaanstad", "--name", "A", "--email", "@", "--role", "beheerder"),
    ("invite", "Zaanstad", "--name", "A", "--email", "a@b.nl", "--role", "@"),
]


def kept(database: Database) -> list[int]:
    """Return how many gemeenten, teams and invitations there are."""
    with database.reading() as session:
        counts = [select(func.count()).select_from(rows) for rows in (GEMEENTE, TEAM, INVITATION)]
        return [session.execute(count).scalar_one() for count in counts]


@pytest.mark.parametrize("kind", ABSURD)
@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) for words in COMMANDS])
def test_an_absurd_word_is_refused_in_a_sentence_and_keeps_nothing(
    settings: Settings, database: Database, world: World, words: tuple[str, ...], kind: str
) -> None:
    before = kept(database)
    result = Shell(settings)(*(ABSURD[kind] if word == "@" else word for word in words))
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.output.replace("\n", "").isprintable() and 10 < len(result.output) < 1_500
    assert "Error" not in result.output and "Traceback" not in result.output
    assert kept(database) == before
