"""The command `kopkrakers regio`: what it does, what it says, and every wrong way to use it."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from kopkrakers.accounts.models import Gemeente
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.pools.regios import regios
from kopkrakers.privacy.rules import K_POOL
from tests.support.running import Shell
from tests.support.world import add_gemeente, add_people

NAMES = ("Zaanstad", "Wormerland", "Oostzaan", "Purmerend")


@pytest.fixture
def shell(settings: Settings, database: Database) -> Shell:
    """Four gemeenten with six accounts each, and nothing open."""
    with database.transaction() as session:
        for name in NAMES:
            add_people(session, add_gemeente(session, name), 6)
    return Shell(settings, "regio")


def in_regios(database: Database, settings: Settings) -> dict[str, list[str]]:
    """The names of the gemeenten in each regio, as far as their place there holds."""
    with database.reading() as session:
        lines = regios(session, mac_keys(settings))
    found: dict[str, list[str]] = {line.name: [] for line in lines}
    for line in lines:
        found[line.name] += [one.name for one in line.gemeenten if one.counts_here]
    return found


def test_gemeenten_are_put_together(
    shell: Shell, database: Database, settings: Settings, tmp_path: Path
) -> None:
    said = shell("add", "Zaanstreek", "Zaanstad", "wormerland")
    assert said.exit_code == 0, said.output
    assert "Regio Zaanstreek is er." in said.output
    assert "Wormerland (6 accounts), Zaanstad (6 accounts)" in said.output
    assert "volgende dilemma" not in said.output
    assert in_regios(database, settings) == {"Zaanstreek": ["Wormerland", "Zaanstad"]}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "Zaanstreek", "Zaanstad"), "minstens twee gemeenten"),
        (("add", "Zaanstreek", "Zaanstad", "zaanstad"), "Zaanstad staat er 2 keer"),
        (("add", "Zaanstreek", "Zaanstad", "Atlantis"), "Er is geen gemeente Atlantis"),
        (("add", " ", "Zaanstad", "Oostzaan"), "Vul een naam in"),
        (("add", "R" * 81, "Zaanstad", "Oostzaan"), "Maak de naam korter"),
        (("add", "waterland", "Zaanstad", "Wormerland"), "Er is al een regio Waterland"),
        (("zet", "Atlantis", "Waterland"), "Er is geen gemeente Atlantis"),
        (("zet", "Zaanstad", "Elders"), "Er is geen regio Elders"),
        (("uit", "Zaanstad"), "Zaanstad zit niet in een regio"),
        (("hernoem", "Elders", "Waterland"), "Er is geen regio Elders"),
        (("hernoem", "Waterland", " "), "Vul een naam in"),
        (("remove", "Elders"), "Er is geen regio Elders"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_changes_nothing(
    shell: Shell,
    database: Database,
    settings: Settings,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    assert shell("add", "Waterland", "Oostzaan", "Purmerend").exit_code == 0
    said = shell(*words)
    assert said.exit_code == 1
    assert sentence in said.output and "Error" not in said.output
    assert in_regios(database, settings) == {"Waterland": ["Oostzaan", "Purmerend"]}


def test_a_regio_without_gemeenten_is_refused(shell: Shell) -> None:
    assert shell("add", "Zaanstreek").exit_code == 2


def test_a_gemeente_of_another_regio_moves_and_that_is_said(
    shell: Shell, database: Database, settings: Settings
) -> None:
    shell("add", "Waterland", "Oostzaan", "Purmerend")
    said = shell("add", "Zaanstreek", "Zaanstad", "Oostzaan")
    assert "Oostzaan zat in regio Waterland en zit daar nu niet meer in." in said.output
    assert in_regios(database, settings) == {
        "Waterland": [],
        "Zaanstreek": ["Oostzaan", "Zaanstad"],
    }


def test_a_gemeente_is_put_in_and_taken_out(
    shell: Shell, database: Database, settings: Settings
) -> None:
    shell("add", "Waterland", "Oostzaan", "Purmerend")
    assert "Zaanstad zit in regio Waterland." in shell("zet", "zaanstad", "regio waterland").output
    assert in_regios(database, settings) == {"Waterland": ["Oostzaan", "Purmerend", "Zaanstad"]}
    assert shell("zet", "Zaanstad", "Waterland").exit_code == 0
    for name in ("Zaanstad", "Oostzaan"):
        said = shell("uit", name)
        assert f"{name} zit niet meer in regio Waterland." in said.output
    assert "telt zo mee voor het land" in said.output
    assert in_regios(database, settings) == {"Waterland": []}


def test_a_regio_gets_another_name_that_is_free(shell: Shell) -> None:
    shell("add", "Waterland", "Oostzaan", "Purmerend")
    shell("add", "Zaanstreek", "Zaanstad", "Wormerland")
    assert "Er is al een regio Zaanstreek" in shell("hernoem", "Waterland", "zaanstreek").output
    said = shell("hernoem", "Waterland", "Regio Laag Holland")
    assert said.output.strip() == "Regio Waterland heet nu Laag Holland."
    assert shell("hernoem", "laag holland", "Laag Holland").exit_code == 0


def test_a_regio_that_was_removed_can_come_back(
    shell: Shell, database: Database, settings: Settings
) -> None:
    shell("add", "Waterland", "Oostzaan", "Purmerend")
    said = shell("remove", "Waterland")
    assert "Regio Waterland is weg." in said.output
    assert in_regios(database, settings) == {}
    with database.reading() as session:
        assert set(session.exec(select(Gemeente.regio_id))) == {None}
    assert shell("zet", "Zaanstad", "Waterland").exit_code == 1
    assert shell("add", "Waterland", "Zaanstad", "Purmerend").exit_code == 0
    assert in_regios(database, settings) == {"Waterland": ["Purmerend", "Zaanstad"]}


def test_a_large_gemeente_counts_apart_and_that_is_said(shell: Shell, database: Database) -> None:
    with database.transaction() as session:
        add_people(session, add_gemeente(session, "Amsterdam"), K_POOL)
    said = shell("add", "Zaanstreek", "Amsterdam", "Zaanstad")
    assert f"Amsterdam ({K_POOL} accounts, telt apart vanaf {K_POOL})" in said.output
    assert "telt zo mee voor het land" in said.output


def test_the_list_is_for_people_and_for_programs(shell: Shell) -> None:
    assert "Er zijn geen regio’s" in shell("list").output
    assert json.loads(shell("list", "--json").output) == []
    shell("add", "Waterland", "Oostzaan", "Purmerend")
    assert shell("list").output == "Waterland: Oostzaan (6 accounts), Purmerend (6 accounts)\n"
    assert json.loads(shell("list", "--json").output) == [
        {
            "naam": "Waterland",
            "gemeenten": [
                {"naam": "Oostzaan", "accounts": 6, "telt_mee_in_regio": True},
                {"naam": "Purmerend", "accounts": 6, "telt_mee_in_regio": True},
            ],
        }
    ]
