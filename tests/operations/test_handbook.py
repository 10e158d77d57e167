"""The handbooks: every command in them is there, and those of beheer.md work in their order."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from kopkrakers.app import create_app
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.cli import main
from tests.support.mailbox import Mailbox
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD, fill_in

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "beheer.md").read_text()
HANDBOOKS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ELSEWHERE = {
    "sso": "needs a provider: tests/accounts/sso/test_commands.py",
    "restore": "needs a backup and its key: tests/operations/backup",
}
"""Commands of beheer.md that are run by other tests."""
PRESUMED = ("Wormerland", "Oostzaan", "Landsmeer", "Almere")
"""Gemeenten that beheer.md speaks of and does not add."""

MAILED = {"invite": 1, "import": 3}
"""How many people the commands of beheer.md mail a link."""


def fences(text: str) -> Iterator[str]:
    """Yield every block of a text that is shown as it is typed, or as it is told."""
    for block in re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield block.replace("\\\n", " ")


def typed(text: str) -> list[list[str]]:
    """Return the words of each command of ours that stands in a block."""
    found = []
    for block in fences(text):
        for line in re.findall(r"^ *kopkrakers (.+)$", block, re.MULTILINE):
            found.append(shlex.split(line, comments=True))
    return found


def mentioned(text: str) -> list[list[str]]:
    """Return the words of each command of ours that stands in a sentence."""
    return [shlex.split(words) for words in re.findall(r"`kopkrakers ([^`\n]+)`", text)]


def unknown(words: list[str]) -> list[str]:
    """Return the words that the program does not know: of a command, or of an option."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        if name not in command.commands:
            return [name]
        command = command.commands[name]
    with click.Context(command) as context:
        known = {option for one in command.get_params(context) for option in one.opts}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("handbook", HANDBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_and_option_in_a_handbook_is_there(handbook: Path) -> None:
    text = handbook.read_text()
    for words in [*typed(text), *mentioned(text)]:
        assert unknown(words) == [], " ".join(words)


def test_a_command_that_is_not_there_is_noticed() -> None:
    assert unknown(["gemeente", "toevoegen"]) == ["toevoegen"]
    assert unknown(["count", "--forever", "--serve"]) == ["--forever"]
    assert unknown(["--help"]) == unknown(["gemeente", "add", "Zaanstad"]) == []
    assert len(typed(GUIDE)) > 20
    assert len(mentioned(GUIDE)) > 20


def beginning(words: str) -> str:
    """Return the block of beheer.md that begins so."""
    return next(block for block in fences(GUIDE) if block.startswith(words))


def like(told: str) -> str:
    """Return a pattern of what beheer.md says that a command tells: numbers and links differ."""
    here = re.escape(told.replace("https://kopkrakers.voorbeeld.nl", "http://localhost:8000"))
    return re.sub(r"\d+\\ accounts?", r"\\d+ accounts?", here).replace("…", r"\S+")


@pytest.fixture
def shell(mail_settings: Settings, key_dir: Path) -> Shell:
    more = {"KEY_DIR": str(key_dir), "SMTP_HOST": "127.0.0.1", "SMTP_STARTTLS": "false"}
    more["SMTP_PORT"] = str(mail_settings.smtp_port)
    return Shell(mail_settings, **{f"KOPKRAKERS_{name}": value for name, value in more.items()})


def write_files(folder: Path) -> None:
    """Write the files that beheer.md shows and names; its list of CBS is one of our own."""
    names = "GemeentecodeGM;Gemeentenaam;Provincienaam"
    (folder / "gemeenten-2026.csv").write_text(f"{names}\nGM0034;Almere;Flevoland\n")
    (folder / "mensen.csv").write_text(beginning("gemeente;team"))
    staff = beginning("bijgewerkt ").splitlines()
    staff[0] = f"bijgewerkt {amsterdam_day(utc_now())}"
    (folder / "zaanstad.txt").write_text("\n".join(staff))


def join(app: Flask, mailbox: Mailbox, people: int) -> None:
    """Let people use the links that they were mailed."""
    for _ in range(people):
        filled = fill_in(app.test_client(), mailbox.link(), naam="Noor", wachtwoord=PASSWORD)
        assert filled.status_code == 303


def test_the_commands_of_beheer_work_in_their_order(
    mail_settings: Settings, shell: Shell, mailbox: Mailbox, tmp_path: Path
) -> None:
    app = create_app(mail_settings)
    assert [shell("gemeente", "add", name).exit_code for name in PRESUMED] == [0] * len(PRESUMED)
    assert shell("count").exit_code == 0
    write_files(tmp_path)
    said = ""
    for words in typed(GUIDE):
        if words[0] in ELSEWHERE:
            continue
        # a file of the server is one of this test
        done = shell(
            *(
                str(tmp_path / Path(word).name) if ("." in word and "@" not in word) else word
                for word in words
            )
        )
        assert done.exit_code == 0, f"{words}: {done.output}"
        said += done.output
        if "--dry-run" not in words:
            join(app, mailbox, MAILED.get(words[0], 0))
    for told in ("Zaanstad is toegevoegd. Nu: kopkrakers", "Regio Zaanstreek is er."):
        assert all(re.search(like(line), said) for line in beginning(told).splitlines()), told
