"""The commands of an installation as a whole: serve it, bring it up to date, look it over."""

import json

import click

from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter.build import check_keys
from kopkrakers.migrations.run import migrate, write_next
from kopkrakers.operations import serving
from kopkrakers.operations.check import everything_wrong
from kopkrakers.operations.notes import good_to_know
from kopkrakers.operations.retention import retention_table
from kopkrakers.operations.running.ready import ready_settings
from kopkrakers.operations.sharing import share_with_group


@click.command()
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
            check_keys(settings, database)
    given: dict[str, str | int] = {}
    if host is not None:
        given["host"] = host
    if port is not None:
        given["port"] = port
    serving.serve(settings.model_copy(update=given))


@click.command("migrate")
def migrate_() -> None:
    """Breng de tabellen van de database bij."""
    settings = load_settings()
    if (file := settings.sqlite_file) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        share_with_group(file)
    with Database(settings.database_url) as database:
        migrate(database, settings)
    click.echo("De database is bij.")


@click.command()
@click.argument("name")
def migration(name: str) -> None:
    """Schrijf een migratie NAME voor wat in de modellen veranderde. Voor wie meebouwt."""
    click.echo(f"Lees hem voordat je hem gebruikt: {write_next(name)}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Schrijf het als JSON.")
def check(*, as_json: bool) -> None:
    """Noem alles wat er mis is. Stopt met 1 als er iets mis is.

    Wat goed is om te weten, maar niet mis, staat erachter.
    """
    logs.configure("critical")
    try:
        settings = load_settings()
        now = utc_now()
        wrong = everything_wrong(settings, now)
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


@click.command()
def bewaartermijnen() -> None:
    """Toon hoe lang Kopkrakers wat bewaart, als tabel voor de privacyfunctionaris."""
    click.echo(retention_table(), nl=False)
