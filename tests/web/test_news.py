"""What is new: from the CHANGELOG that ships, for each role its own, until it was read."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.web.news import changelog, unread
from tests.support.pages import words
from tests.support.world import World, browser_of

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
SECOND = """# Wat er nieuw is

## Tweede uitgave

**In het kort**

- Er is een <b>dagboek</b>.

**Elke dag**

- Het staat op je toestel.

**Voor de gemeente**

- Zet `DAGBOEK` aan.

**Voor wie de server beheert**

- Draai migrate.

## Eerste uitgave

**Elke dag**

- Elke werkdag een dilemma.
"""
LINE = "Er is iets nieuws in Kopkrakers."


def upgrade(app: Flask, folder: Path) -> None:
    path = folder / "CHANGELOG.md"
    path.write_text(SECOND, encoding="utf-8")
    unread.install(app, path)


def test_what_ships_can_be_read_by_those_it_is_for() -> None:
    for update in changelog.read_news(CHANGELOG.read_text(encoding="utf-8")):
        assert 3 <= len(update.in_short) <= 6, update.name
        known = changelog.FOR_EVERYONE | set(changelog.FOR_A_ROLE) | {changelog.FOR_THE_SERVER}
        assert {part.title for part in update.parts} <= known
        assert all(part.sentences for part in update.parts)


def test_each_role_reads_what_is_for_it(app: Flask, world: World, tmp_path: Path) -> None:
    upgrade(app, tmp_path)
    anna, farid = (browser_of(app, who).get("/nieuw") for who in (world.anna, world.farid))
    assert "Het staat op je toestel." in words(anna) and "Er is een <b>dagboek</b>." in words(anna)
    assert "DAGBOEK" not in anna.text and "<code>DAGBOEK</code>" in farid.text
    assert "Draai migrate" not in anna.text + farid.text
    assert anna.text.index("Tweede uitgave") < anna.text.index("Eerste uitgave")


def line_on(client: FlaskClient) -> tuple[bool, bool]:
    return LINE in client.get("/").text, "je nog niet las" in client.get("/account").text


def test_a_line_says_so_until_it_was_read(app: Flask, world: World, tmp_path: Path) -> None:
    anna = browser_of(app, world.anna)
    assert line_on(anna) == (False, False)
    upgrade(app, tmp_path)
    assert line_on(anna) == (True, True)
    anna.get("/nieuw")
    assert line_on(anna) == (False, False)


def test_the_first_release_is_new_to_nobody(app: Flask, world: World) -> None:
    anna = browser_of(app, world.anna)
    with anna.session_transaction() as session:
        session.pop("news")
    assert line_on(anna) == (False, False)


def test_a_device_that_was_never_used_has_missed_nothing(
    app: Flask, world: World, tmp_path: Path
) -> None:
    upgrade(app, tmp_path)
    assert line_on(browser_of(app, world.anna)) == (False, False)


def test_signing_out_is_no_reading(app: Flask, world: World, tmp_path: Path) -> None:
    anna = browser_of(app, world.anna)
    upgrade(app, tmp_path)
    anna.post("/uitloggen")
    with anna.session_transaction() as session:
        assert session["news"] == 1
