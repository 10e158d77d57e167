"""Each program imports what it needs: what it does not need would be in memory all day."""

import json
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import click
import pytest

from kopkrakers.cli import COMMANDS, MORE, main

PACKAGE = Path(__file__).parents[2] / "kopkrakers"
EACH_ALONE = """
import json, os, sys
import alembic.context, babel, flask, pydantic_settings, sqlmodel
import click
from kopkrakers.cli import main

for name in {names}:
    # a process for each, that imported nothing of ours but the list of commands
    if (child := os.fork()) == 0:
        found = main.get_command(click.Context(main), name)
        print(json.dumps([name, sorted(found.commands)]), flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, name
"""
"""Prints the commands of each group. Packages of others are imported once for all."""
HOLIDAYS = "import holidays; days = holidays.country_holidays('NL', years=range(2024, 2040));"


def said_by(program: str) -> str:
    """Run a program in a process of its own, and return what it prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@cache
def modules_of(*imports: str) -> list[str]:
    """The modules in memory after importing these."""
    printing = "import json, sys; print(json.dumps(list(sys.modules)))"
    return list(json.loads(said_by(f"import {', '.join(imports)}; {printing}")))


def imported_by(*modules: str) -> set[str]:
    """The packages in memory after importing these, and the modules of our own."""
    found = modules_of(*modules)
    ours = {name for name in found if name.startswith("kopkrakers.")}
    return ours | {name.partition(".")[0] for name in found}


@pytest.mark.parametrize("program", ["kopkrakers.operations.running.keeping", "kopkrakers.cli"])
def test_what_keeps_the_rest_running_and_what_finds_a_command_import_next_to_nothing(
    program: str,
) -> None:
    heavy = {"sqlalchemy", "pydantic", "flask", "granian", "structlog", "babel"}
    assert not imported_by(program) & heavy


def test_the_counter_imports_nothing_of_pages_or_of_migrating() -> None:
    imported = imported_by("kopkrakers.operations.running.counting")
    assert "kopkrakers.counter.loop" in imported
    assert not imported & {
        "flask",
        "werkzeug",
        "jinja2",
        "granian",
        "alembic",
        "mako",
        "xlsxwriter",
        "rich",
        "pygments",
    }


def test_the_website_imports_neither_the_counter_nor_alembic() -> None:
    imported = imported_by("kopkrakers.operations.running.website", "kopkrakers.app")
    assert "kopkrakers.answers.pages" in imported
    assert not imported & {"alembic", "mako", "xlsxwriter", "rich", "pygments"}
    assert not {name for name in imported if name.startswith("kopkrakers.counter")}


@pytest.mark.parametrize("program", ["running.website", "running.counting"])
def test_a_program_imports_no_database_before_it_knows_which(program: str) -> None:
    found = modules_of(f"kopkrakers.operations.{program}")
    assert f"kopkrakers.operations.{program}" in found
    assert "sqlalchemy.dialects.postgresql" not in found


def test_who_draws_a_bar_still_finds_rich_after_lines_of_the_log() -> None:
    said = said_by("from kopkrakers.base import logs; import rich; print(rich.__name__)")
    assert said == "rich\n"


def test_one_country_of_holidays_comes_alone_and_has_the_days_that_it_has_among_all() -> None:
    ours = "from kopkrakers.catalogue.editions import working_days; working_days._holidays(2026);"
    counting = "import sys; print(len([m for m in sys.modules if 'holidays.countries.' in m]))"
    assert int(said_by(ours + counting)) < 5
    printing = "print(sorted(days.items()))"
    alone, among_all = said_by(ours + HOLIDAYS + printing), said_by(HOLIDAYS + printing)
    assert alone == among_all


def test_every_command_of_a_feature_is_found_by_its_name() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        found = main.get_command(context, name)
        assert found is not None and found.name == name
    listed = set(COMMANDS.values())
    for path in PACKAGE.rglob("commands.py"):
        module = ".".join(("kopkrakers", *path.relative_to(PACKAGE).with_suffix("").parts))
        own = getattr(import_module(module), "COMMANDS", ())
        for command in own:
            places = [place for place in listed if place.startswith(f"{module}:")]
            names = {getattr(import_module(module), place.partition(":")[2]) for place in places}
            assert command in names, f"{module}: {command.name}"
    assert main.get_command(context, "bestaat-niet") is None


def test_a_group_has_all_its_commands_whoever_adds_them() -> None:
    for path in PACKAGE.rglob("*commands.py"):
        import_module(".".join(("kopkrakers", *path.relative_to(PACKAGE).with_suffix("").parts)))
    groups = {}
    for name in COMMANDS:
        found = main.get_command(click.Context(main), name)
        if isinstance(found, click.Group):
            groups[name] = sorted(found.commands)
    assert set(MORE) <= set(groups)
    said = said_by(EACH_ALONE.format(names=list(groups)))
    assert [json.loads(line) for line in said.splitlines()] == [list(of) for of in groups.items()]
