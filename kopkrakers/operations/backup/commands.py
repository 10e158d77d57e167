"""The commands for backups: make a key, write one, put one back."""

from datetime import timedelta
from pathlib import Path

import click

from kopkrakers.accounts.operator.acting import typed_secret
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.progress import progress_bar
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loop import refuse_a_jump
from kopkrakers.migrations.run import migrate
from kopkrakers.operations import backups
from kopkrakers.operations.backup import kept
from kopkrakers.operations.backup.sealed import is_sealed, new_backup_keys
from kopkrakers.operations.running.ready import CLOCK_IS_RIGHT

KEEP_DAYS = 30
"""Days that the papers for a gemeente advise."""
NEEDS_FOLDER = "PostgreSQL krijgt alleen verzegelde back-ups. Noem een map, geen bestand."
NO_FILE = "Er is geen back-up in {file}."
NOT_SEALED = "Dit is geen back-up van `kopkrakers backup`. Zet je een eigen dump terug? "
NOT_SEALED += "Doe dat met pg_restore, en typ daarna: kopkrakers restore"
DOUBTFUL_TOTALS = (
    "Rondes waarvan de totalen niet kloppen: {editions}. Daar wordt niets geteld. "
    "`kopkrakers check` noemt ze. Is deze back-up van voor de handtekeningen, of weet je dat ze "
    "kloppen? Typ dan: kopkrakers restore --accept-totals"
)


@click.command("backup-key")
def backup_key() -> None:
    """Maak de twee sleutels van back-ups: een voor deze server, en een om te bewaren.

    De regel voor deze server komt op de standaarduitvoer, de rest ernaast.
    """
    private, public = new_backup_keys()
    click.echo(f"KOPKRAKERS_BACKUP_KEY={public}")
    click.echo(
        "Zet die regel in kopkrakers.env. Hiermee sluit de server een back-up; openen kan hij hem "
        f"niet.\nOpenen doet alleen de geheime sleutel:\n\n{private}\n\nSchrijf hem op en bewaar "
        "hem ergens anders, zoals in de kluis: nooit op deze server of bij de back-ups. Raakt hij "
        "kwijt, dan gaat geen back-up ooit nog open. Hij komt niet nog een keer in beeld.",
        err=True,
    )


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1, 3650),
    default=KEEP_DAYS,
    show_default=True,
    help="Zoveel dagen blijft een back-up in de map.",
)
def backup(target: Path, *, keep: int) -> None:
    """Schrijf een back-up naar TARGET, ook terwijl alles draait. Zonder sleutels van de teller.

    Is TARGET een map, dan is de back-up verzegeld, en gaan oudere in die map weg. Is het een
    bestand, dan is het een gewone kopie, die alleen SQLite kent.
    """
    settings = load_settings()
    if target.is_dir():
        with progress_bar("Back-up") as moved:
            days = timedelta(days=keep)
            written = kept.write_backup(settings, target, utc_now(), keep=days, progress=moved)
        click.echo(f"De verzegelde back-up staat in {written.file}. Oudere weg: {written.removed}.")
        return
    source = settings.sqlite_file
    if source is None:
        raise ConfigurationError(NEEDS_FOLDER)
    with progress_bar("Back-up") as moved:
        backups.copy_database(source, target, moved)
    click.echo(f"De back-up staat in {target}. Houd hem weg van de sleutels in KOPKRAKERS_KEY_DIR.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--accept-totals",
    is_flag=True,
    help="Neem de totalen zoals ze zijn, ook als niet blijkt dat kopkrakers ze telde.",
)
@click.option("--yes", is_flag=True, help=CLOCK_IS_RIGHT)
def restore(file: Path | None, *, accept_totals: bool, yes: bool) -> None:
    """Zet back-up FILE terug. Is hij verzegeld, dan typ je de geheime sleutel als dat gevraagd
    wordt, of komt die van de standaardinvoer.

    Is de database al teruggezet, met een kopie of pg_restore? Geef dan geen FILE.

    Stop eerst de dienst. Rondes die open stonden, gaan verder als nieuwe rondes.
    """
    settings = load_settings()
    private = None
    if file is not None:
        private = _key_of(file)
    if settings.sqlite_file is None and file is not None and private is None:
        raise ConfigurationError(NOT_SEALED)
    if settings.key_dir is not None and not yes:
        refuse_a_jump(KeyFolder(settings.key_dir), utc_now(), command="restore")
    instance = _hold_still(settings, file, accept_totals=accept_totals)
    if file is not None:
        with progress_bar("Terugzetten") as moved:
            if private is None:
                backups.replace_by_backup(file, settings, moved)
            else:
                kept.restore_sealed(settings, file, private, moved)
    with Database(settings.database_url) as database:
        migrate(database, settings)
        restored = backups.go_on_after_restore(
            settings, database, utc_now(), accept_totals=accept_totals, instance=instance
        )
    _tell(restored)


def _tell(restored: backups.RestoreOutcome) -> None:
    click.echo(f"Teruggezet. Rondes die sloten en verdergaan als nieuwe: {restored.frozen}.")
    click.echo(f"Enveloppen zonder sleutel, die nooit meer opengaan: {restored.without_key}.")
    if restored.doubtful:
        click.echo(DOUBTFUL_TOTALS.format(editions=restored.doubtful))


def _key_of(file: Path) -> str | None:
    """Return the private key that a sealed backup needs; None for a plain copy."""
    if not file.is_file():
        raise ConfigurationError(NO_FILE.format(file=file))
    with file.open("rb") as source:
        if not is_sealed(source):
            return None
    return typed_secret("Geheime sleutel van back-ups")


def _hold_still(settings: Settings, file: Path | None, *, accept_totals: bool) -> str | None:
    """Make sure that nothing uses the database, and that it is clear what is put back.

    Return the instance of the keys, where they are those of the database that is there now.
    """
    must_name_file = settings.sqlite_file is not None and file is None and not accept_totals
    with Database(settings.database_url) as database:
        if must_name_file and not backups.is_behind_keys(settings, database):
            raise ConfigurationError("Welke back-up? Typ: kopkrakers restore FILE")
        instance = backups.instance_of_both(settings, database)
    # another one: the connections of the first would count as use
    with Database(settings.database_url) as database:
        backups.refuse_while_in_use(database, settings.sqlite_file)
    return instance


COMMANDS = (backup_key, backup, restore)
