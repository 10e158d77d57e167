"""A command line that is wrong: one Dutch sentence about it, also where click speaks itself."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from kopkrakers.cli import main

WORDS = Path("kopkrakers/base/click_words/nl/LC_MESSAGES")
FOR_BUILDERS = {
    # of a command that is written wrongly, of an editor, of Windows, of a shell that completes
    "d",
    "{editor}: Editing failed",
    "{editor}: Editing failed: {e}",
    "Windows error: {error}",
    "Value must be an iterable.",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument "
    "instead? Did you mean to pass '--{name}'?",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Invalid start character for option ({option})",
    "Shell completion is not supported for Bash versions older than 4.4.",
    "Couldn't detect Bash version, shell completion is not supported.",
    "Unknown color {colour!r}",
    "Choice({choices})",
    "Unknown standard stream '{name}'",
    # names of kinds: our sentences do without
    "file",
    "directory",
    "path",
}
WRONG = {
    "--x": "De optie '--x' bestaat hier niet.",
    "chek": "De opdracht 'chek' bestaat niet. Bedoel je 'check'?",
    "gemeente ad": "De opdracht 'ad' bestaat niet. Bedoel je 'add'?",
    "team xyzzy": "De opdracht 'xyzzy' bestaat niet.",
    "count --yess": "De optie '--yess' bestaat hier niet. Bedoel je '--yes'?",
    "count --yes=3": "Achter de optie '--yes' hoort niets.",
    "serve --port": "Achter de optie '--port' ontbreekt iets.",
    "serve --port abc": "Dit kan niet bij '--port': 'abc' is geen goed getal.",
    "serve --port 99999": "Dit kan niet bij '--port': 99999 valt buiten 1<=x<=65535.",
    "gemeente add": "Hier ontbreekt 'NAME'.",
    "export": "Hier ontbreekt de optie '--out'.",
    "check a b": "Dit staat er te veel: a b",
    "check a": "Dit staat er te veel: a",
    "import /er/niet": "Dit kan niet bij 'FILE': '/er/niet' bestaat niet.",
    "import /": "Dit kan niet bij 'FILE': '/' is een map, en hier hoort een bestand.",
    "backup / --keep 0": "Dit kan niet bij '--keep': 0 valt buiten 1<=x<=3650.",
    "stelling plan morgen": "'morgen' is geen dag. Schrijf hem zo: 2027-01-31.",
    "sso passwords Almere misschien": "'misschien' is geen van 'aan', 'uit'.",
}


def commands(of: click.Command, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, also of those within others."""
    yield names
    if isinstance(of, click.Group):
        for name, one in of.commands.items():
            yield from commands(one, *names, name)


def plain(words: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return a sentence, or its singular and plural, in one form."""
    if isinstance(words, str):
        return (words,)
    return tuple(words or ())


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_gets_a_dutch_sentence(line: str) -> None:
    done = CliRunner().invoke(main, line.split(), prog_name="kopkrakers", env={"LANG": "en_GB"})
    assert done.exit_code == 2
    *_, last = done.output.splitlines()
    assert WRONG[line] in last
    assert "Error" not in done.output
    assert "Usage" not in done.output


@pytest.mark.parametrize("names", list(commands(main)), ids="-".join)
def test_the_help_of_every_command_is_dutch(names: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*names, "--help"], prog_name="kopkrakers")
    assert done.exit_code == 0
    assert done.output.startswith("Gebruik: kopkrakers")
    assert "Toon deze uitleg." in done.output
    for english in (
        "Usage",
        "OPTIONS",
        "COMMAND",
        "ARGS",
        "Options:",
        "Commands:",
        "[required]",
        "[default",
        "%Y",
    ):
        assert english not in done.output


def test_each_sentence_of_click_has_its_dutch() -> None:
    """A click that says something new is noticed here, and not by whoever makes a mistake."""
    said: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(str(Path(click.__file__).parent)):
        said.update([message] if isinstance(message, str) else message[:1])
    with (WORDS / "click.po").open("rb") as file:
        ours = {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file) if one.id}
    assert said - ours - FOR_BUILDERS == set()
    assert ours - said == set()


def test_what_is_read_is_what_is_written() -> None:
    """Programs read the compiled catalogue, people the other."""
    with (WORDS / "click.po").open("rb") as file:
        written = {plain(one.id): plain(one.string) for one in read_po(file) if one.id}
    with (WORDS / "click.mo").open("rb") as file:
        read = {plain(one.id): plain(one.string) for one in read_mo(file) if one.id}
    assert read == written
