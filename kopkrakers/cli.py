"""The `kopkrakers` command: the commands of the features, and those of the whole."""

import gettext
import json
import os
from logging.config import dictConfig
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError

from kopkrakers.accounts import commands as accounts_commands
from kopkrakers.accounts.bulk import commands as bulk_commands
from kopkrakers.accounts.second_step import commands as second_step_commands
from kopkrakers.accounts.sso import commands as sso_commands
from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import UNREACHABLE, Database
from kopkrakers.base.errors import ConfigurationError, KopkrakersError
from kopkrakers.base.processes.closed import close_memory
from kopkrakers.catalogue.library import library_of
from kopkrakers.catalogue.stellingen import commands as stellingen_commands
from kopkrakers.catalogue.writing.commands import cards
from kopkrakers.counter.build import QUICK_JOBS, make_counter
from kopkrakers.counter.loop import keep_looking, tick, tick_by_a_right_clock
from kopkrakers.demo.command import demo, demo_colleagues
from kopkrakers.demo.simulate import simulate
from kopkrakers.desk import commands as desk_commands  # noqa: F401  adds its own
from kopkrakers.desk.inbox.daily import tell_redactie
from kopkrakers.intervisie.werkvormen import commands as intervisie_commands
from kopkrakers.migrations.run import differences, is_current, migrate, write_next
from kopkrakers.operations import check as checking
from kopkrakers.operations import serving
from kopkrakers.operations.backup import commands as backup_commands
from kopkrakers.operations.backup.commands import CLOCK_IS_RIGHT
from kopkrakers.operations.leaving import commands as leaving_commands  # noqa: F401  adds its own
from kopkrakers.operations.notes import good_to_know
from kopkrakers.operations.retention import retention_table
from kopkrakers.operations.sharing import share_with_group
from kopkrakers.pools import commands as pools_commands
from kopkrakers.reminders import commands as reminders_commands
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import ROADS, keep_sending, look
from kopkrakers.research.commands import export

CLICK = "click"
"""The domain of click's own sentences, as gettext calls a set of them."""


def let_click_speak_dutch() -> None:
    """Let click take its own sentences from our catalogue, whatever the language of the shell."""
    gettext.bindtextdomain(CLICK, Path(__file__).parent / "base" / "click_words")
    gettext.textdomain(CLICK)
    os.environ["LANGUAGE"] = "nl"


# before a command is made: what `--version` says of itself is asked for then
let_click_speak_dutch()


class Commands(click.Group):
    """Prints an error as a sentence, not a traceback. Exit code 2 for settings, 1 for the rest."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
        except KopkrakersError as error:
            click.echo(error.sentence, err=True)
            ctx.exit(1)
        except click.UsageError:
            raise
        except click.ClickException as error:
            # the sentence alone, as of every other error: click writes an English word before it
            click.echo(error.message, err=True)
            ctx.exit(error.exit_code)
        except SQLAlchemyError as error:
            click.echo(_about_database(error), err=True)
            ctx.exit(1)


def _about_database(error: SQLAlchemyError) -> str:
    """Return what to say when the database fails: never its own words, which repeat rows."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig
    else:
        cause = error
    kind = type(cause).__name__
    # `DatabaseError` itself is what SQLite says of a file that is none of its own
    if isinstance(error, UNREACHABLE) or type(error) is DatabaseError:
        return f"De database antwoordt niet ({kind}). Kijk KOPKRAKERS_DATABASE_URL na."
    return f"De database weigert dit ({kind}). Er is niets veranderd. Typ: kopkrakers check"


@click.group(cls=Commands)
@click.version_option(package_name="kopkrakers")
def main() -> None:
    """Kopkrakers: dilemma's waarvan niemand kan nagaan wie wat koos."""


FEATURES = (
    *accounts_commands.COMMANDS,
    *bulk_commands.COMMANDS,
    *sso_commands.COMMANDS,
    *second_step_commands.COMMANDS,
    *pools_commands.COMMANDS,
    *stellingen_commands.COMMANDS,
    *intervisie_commands.COMMANDS,
    *reminders_commands.COMMANDS,
    *backup_commands.COMMANDS,
)
for command in (cards, demo, demo_colleagues, export, simulate, *FEATURES):
    main.add_command(command)


def ready_settings() -> Settings:
    """The settings, with a database that is up to date.

    Raises: ConfigurationError when it is not.
    """
    settings = load_settings()
    with Database(settings.database_url) as database:
        if not is_current(database):
            raise ConfigurationError("De database is niet bij. Typ: kopkrakers migrate")
        if altered := differences(database):
            raise ConfigurationError(checking.TABLES_DIFFER.format(tables=", ".join(altered)))
    return settings


@main.command()
@click.option("--host", help="Adres om op te luisteren; KOPKRAKERS_HOST.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Poort om op te luisteren; KOPKRAKERS_PORT."
)
def serve(host: str | None, port: int | None) -> None:
    """Start de website, met de teller erbij als deze machine de sleutels heeft."""
    settings = ready_settings()
    logs.configure(settings.log_level)
    if settings.key_dir is not None:
        with Database(settings.database_url) as database:
            make_counter(settings, database, library_of(settings.cards_dir, database))
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serving.serve(settings.model_copy(update=given))


@main.command("migrate")
def migrate_() -> None:
    """Breng de tabellen van de database bij."""
    settings = load_settings()
    if (file := settings.sqlite_file) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        share_with_group(file)
    with Database(settings.database_url) as database:
        migrate(database, settings)
    click.echo("De database is bij.")


@main.command()
@click.argument("name")
def migration(name: str) -> None:
    """Schrijf een migratie NAME voor wat in de modellen veranderde. Voor wie meebouwt."""
    click.echo(f"Lees hem voordat je hem gebruikt: {write_next(name)}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Schrijf het als JSON.")
def check(*, as_json: bool) -> None:
    """Noem alles wat er mis is. Stopt met 1 als er iets mis is.

    Wat goed is om te weten, maar niet mis, staat erachter.
    """
    logs.configure("critical")
    try:
        settings = load_settings()
        now = utc_now()
        wrong = checking.everything_wrong(settings, now)
        if wrong:
            notes = []
        else:
            notes = good_to_know(settings, now)
    except ConfigurationError as error:
        wrong, notes = str(error).splitlines(), []
    if as_json:
        click.echo(json.dumps({"mis": wrong, "weten": notes}, ensure_ascii=False, indent=2))
    else:
        _print_findings(wrong, notes)
    if wrong:
        raise SystemExit(1)


def _print_findings(wrong: list[str], notes: list[str]) -> None:
    for sentence in wrong:
        click.echo(sentence, err=True)
    if not wrong:
        click.echo("Alles is in orde.")
    for sentence in notes:
        click.echo(f"Goed om te weten: {sentence}")


@main.command()
@click.option("--serve", "keep_on", is_flag=True, help="Blijf kijken, elk kwartier.")
@click.option("--yes", is_flag=True, help=CLOCK_IS_RIGHT)
@click.option("--child", is_flag=True, hidden=True, help="Stop zodra de standaardinvoer stopt.")
def count(*, keep_on: bool, yes: bool, child: bool) -> None:
    """Kijk in de bussen en tel wat geteld kan worden."""
    close_memory()
    settings = ready_settings()
    logs.configure(settings.log_level)
    dictConfig(logs.libraries(settings.log_level))
    with Database(settings.database_url) as database:
        library = library_of(settings.cards_dir, database)
        counter = make_counter(settings, database, library)
        if not keep_on:
            if yes:
                look = tick
            else:
                look = tick_by_a_right_clock
            click.echo(f"Geleegde bussen: {look(counter, library, utc_now())}")
            return
        with serving.until_told_to_stop(child=child) as stop:
            keep_looking(counter, library, utc_now, stop, QUICK_JOBS)


@main.command()
@click.option("--serve", "keep_on", is_flag=True, help="Blijf kijken, elke 20 seconden.")
def remind(*, keep_on: bool) -> None:
    """Stuur de herinneringen waar mensen om vroegen en die nu aan de beurt zijn."""
    settings = ready_settings()
    logs.configure(settings.log_level)
    dictConfig(logs.libraries(settings.log_level))
    with (
        Database(settings.database_url) as database,
        serving.until_told_to_stop(child=False) as stop,
    ):
        library = library_of(settings.cards_dir, database)
        courier = Courier(settings, database, library, stop.is_set)
        roads = (*ROADS, tell_redactie)
        if not keep_on:
            click.echo(f"Verstuurde herinneringen: {look(courier, utc_now(), roads)}")
            return
        keep_sending(courier, utc_now, stop, roads)


@main.command()
def bewaartermijnen() -> None:
    """Toon hoe lang Kopkrakers wat bewaart, als tabel voor de privacyfunctionaris."""
    click.echo(retention_table(), nl=False)


def name_in_dutch(command: click.Command) -> None:
    """Name what else belongs on a line in Dutch, of a command and of all within it.

    click has no sentence in its catalogue for these words.
    """
    command.options_metavar = "[OPTIES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT [...]"
        for within in command.commands.values():
            name_in_dutch(within)


# when every command is there
name_in_dutch(main)
