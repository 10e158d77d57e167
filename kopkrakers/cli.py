"""The `kopkrakers` command. Each of its commands is imported when it is asked for.

Most of what the product imports, one command needs nothing of; and some run all day.
"""

import gettext
import os
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kopkrakers.base.errors import ConfigurationError, KopkrakersError

CLICK = "click"
"""The domain of click's own sentences, as gettext calls a set of them."""
OPTIONS = "[OPTIES]"
COMMAND = "OPDRACHT [...]"
"""What else belongs on a line, as its usage says it."""
ACCOUNTS = "kopkrakers.accounts"
WHOLE = "kopkrakers.operations.commands"
COMMANDS = {
    "backup": "kopkrakers.operations.backup.commands:backup",
    "backup-key": "kopkrakers.operations.backup.commands:backup_key",
    "bewaartermijnen": f"{WHOLE}:bewaartermijnen",
    "cards": "kopkrakers.catalogue.commands:cards",
    "check": f"{WHOLE}:check",
    "count": "kopkrakers.operations.running.counting:count",
    "demo": "kopkrakers.demo.command:demo",
    "demo-colleagues": "kopkrakers.demo.command:demo_colleagues",
    "export": "kopkrakers.research.commands:export",
    "gemeente": f"{ACCOUNTS}.commands:gemeente",
    "import": f"{ACCOUNTS}.bulk.commands:import_",
    "invite": f"{ACCOUNTS}.commands:invite",
    "migrate": f"{WHOLE}:migrate_",
    "migration": f"{WHOLE}:migration",
    "push-key": "kopkrakers.reminders.commands:push_key",
    "regio": "kopkrakers.pools.commands:regio",
    "remind": "kopkrakers.operations.running.reminding:remind",
    "restore": "kopkrakers.operations.backup.commands:restore",
    "second-step": f"{ACCOUNTS}.second_step.commands:second_step",
    "serve": f"{WHOLE}:serve",
    "simulate": "kopkrakers.demo.simulate:simulate",
    "sso": f"{ACCOUNTS}.sso.commands:sso",
    "stelling": "kopkrakers.catalogue.stellingen.commands:stelling",
    "team": f"{ACCOUNTS}.commands:team",
    "werkvorm": "kopkrakers.intervisie.werkvormen.commands:werkvorm",
}
"""Where each command is, by its name."""
MORE = {
    "cards": ("kopkrakers.desk.commands",),
    "gemeente": (
        f"{ACCOUNTS}.bulk.commands",
        "kopkrakers.operations.leaving.commands",
        "kopkrakers.research.commands",
    ),
    "stelling": ("kopkrakers.desk.commands",),
}
"""What adds to the commands of another feature, which may not know of it."""


_LONG_WORD = re.compile(r"(\S{80})\S{220,}")


def let_click_speak_dutch() -> None:
    """Let click take its own sentences from our catalogue, whatever the language of the shell."""
    gettext.bindtextdomain(CLICK, Path(__file__).parent / "base" / "click_words")
    gettext.textdomain(CLICK)
    os.environ["LANGUAGE"] = "nl"


# before a command is made: what `--version` says of itself is asked for then
let_click_speak_dutch()


def name_in_dutch(command: click.Command) -> None:
    """Name what else belongs on a line in Dutch, of a command and of all within it.

    click has no sentence in its catalogue for these words.
    """
    command.options_metavar = OPTIONS
    if isinstance(command, click.Group):
        command.subcommand_metavar = COMMAND
        for within in command.commands.values():
            name_in_dutch(within)


class CommandsByName(Mapping[str, click.Command]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        """Return a command. Raises: KeyError."""
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        for adding in MORE.get(name, ()):
            import_module(adding)
        name_in_dutch(command)
        return command

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(COMMANDS)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(COMMANDS)


class Commands(click.Group):
    """Prints an error as a sentence, not a traceback. Exit code 2 for settings, 1 for the rest."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        # here, as each command imports what it needs
        from kopkrakers.base import logs

        # until a command has read its settings: else lines of ours stand between what it prints
        logs.configure("warning")
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(to_print(str(error)), err=True)
            ctx.exit(2)
        except KopkrakersError as error:
            click.echo(to_print(error.sentence), err=True)
            ctx.exit(1)
        except click.UsageError as error:
            said = error.format_message()
            if to_print(said) == said:
                raise
            raise click.UsageError(to_print(said), error.ctx) from None
        except click.ClickException as error:
            # the sentence alone, as of every other error: click writes an English word before it
            click.echo(to_print(error.message), err=True)
            ctx.exit(error.exit_code)
        except Exception as error:
            sentence = _about_system(error)
            if sentence is None:
                raise
            click.echo(to_print(sentence), err=True)
            ctx.exit(1)


def to_print(sentence: str) -> str:
    """Return a sentence that may repeat what was typed, fit for a terminal.

    What colours, rings or turns a line around stands there as a space; of a word that fills the
    screen only its beginning.
    """
    short = _LONG_WORD.sub(r"\1…", sentence)
    return "".join(c if c.isprintable() or c == "\n" else " " for c in short)


def _about_system(error: Exception) -> str | None:
    """Return what to say when the database or the system fails; None for another error."""
    # here, as each command imports what it needs
    from sqlalchemy.exc import SQLAlchemyError

    from kopkrakers.base.reasons.database import database_sentence
    from kopkrakers.base.reasons.system import sentence_of

    if isinstance(error, SQLAlchemyError):
        return database_sentence(error)
    # of a pipe that nobody reads any more click says nothing itself
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return sentence_of(error)
    return None


@click.group(cls=Commands)
@click.version_option(package_name="kopkrakers")
def main() -> None:
    """Kopkrakers: dilemma's waarvan niemand kan nagaan wie wat koos."""


main.options_metavar = OPTIONS
main.subcommand_metavar = COMMAND
main.commands = CommandsByName()  # type: ignore[assignment]  # nobody adds one here
