"""`kopkrakers cards`: check, start and look at dilemma cards, and write the schema for editors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.base import setting_rules
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import load_card_settings
from kopkrakers.base.db import Database
from kopkrakers.base.reasons.database import ADDRESS, database_sentence
from kopkrakers.catalogue.cards.card import is_slug
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.cards.themes import read_themes
from kopkrakers.catalogue.editions.beginning import BEGINNING_FILE
from kopkrakers.catalogue.editions.editions import PublishedEdition, last_editions
from kopkrakers.catalogue.pages.preview import preview_app
from kopkrakers.catalogue.stored.reading import StoredCards
from kopkrakers.catalogue.writing.checker import CheckReport, check_files, check_stored
from kopkrakers.catalogue.writing.starting import SCHEMA_FILE, card_schema, new_card


def _the_set_folder(_ctx: click.Context, _param: click.Parameter, given: Path | None) -> Path:
    return given or load_card_settings().cards_dir


def _the_set_database(
    _ctx: click.Context, _param: click.Parameter, given: str | None
) -> str | None:
    if given is None:
        return load_card_settings().database_url
    try:
        return setting_rules.database_url(given)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    callback=_the_set_folder,
    help="De map met kaarten; KOPKRAKERS_CARDS_DIR.",
)


@click.group()
def cards() -> None:
    """Dilemmakaarten nakijken, beginnen en bekijken."""


@cards.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_folder
@click.option(
    "--database",
    callback=_the_set_database,
    help="Kijk ook naar de redactie, en naar wat al geteld is; KOPKRAKERS_DATABASE_URL.",
)
@click.option("--quiet", is_flag=True, help="Laat adviezen weg.")
@click.option(
    "--op",
    "day",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Kijk alsof het deze dag is, bijvoorbeeld 2027-01-02.",
)
@click.pass_context
def check(
    ctx: click.Context,
    files: Sequence[Path],
    folder: Path,
    database: str | None,
    quiet: bool,
    day: datetime | None,
) -> None:
    """Kijk kaarten na: alle, of alleen de genoemde. Stopt met 1 als er een fout in zit.

    Met een database kijkt hij ook de kaarten van de redactie na.
    """
    paths = list(files) or _all_files(folder)
    counted: Mapping[str, PublishedEdition] = {}
    stored: Mapping[str, str] = {}
    if database:
        counted, stored = _kept_in(database)
    if day:
        today = day.date()
    else:
        today = amsterdam_day(utc_now())
    reports = check_files(paths, today, counted=counted, stored=stored)
    if not files:
        reports += check_stored(folder, stored, today, counted=counted)
    looked_at = f"{len(paths)} bestanden"
    if len(reports) > len(paths):
        looked_at += f" en {len(reports) - len(paths)} kaarten van de redactie"
    if _print_all(reports, looked_at, quiet=quiet):
        ctx.exit(1)


@cards.command()
@click.argument("slug")
@_folder
def new(slug: str, folder: Path) -> None:
    """Begin een kaart: SLUG wordt de bestandsnaam en het adres."""
    path = folder / f"{slug}.md"
    if not is_slug(slug):
        raise click.UsageError(
            "Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld timo-of-kevin."
        )
    try:
        # "x" refuses a file that is there; asking first would lose one that comes in between
        with path.open("x", encoding="utf-8") as file:
            file.write(new_card(read_themes(folder), amsterdam_day(utc_now())))
    except FileExistsError:
        raise click.UsageError(f"{path.name} bestaat al. Kies een andere naam.") from None
    except CardFaults as error:
        raise click.UsageError(error.faults[0].sentence) from None
    click.echo(f"{path} staat klaar. Vul hem in en kijk hem na met: kopkrakers cards check {path}")


@cards.command()
@click.argument("slug")
@_folder
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
def preview(slug: str, folder: Path, port: int) -> None:
    """Laat een kaart zien zoals hij eruit komt te zien. Ververs de pagina na een wijziging."""
    # here and not above: every other command would wait for it
    from werkzeug.serving import run_simple

    # also for whoever lets the shell complete the name of the file
    slug = Path(slug).stem
    if not (folder / f"{slug}.md").is_file():
        raise click.UsageError(
            f"{folder / slug}.md bestaat niet. Begin hem met: kopkrakers cards new {slug}"
        )
    click.echo(f"{slug}: http://127.0.0.1:{port}/ (stop met Ctrl+C)")
    run_simple("127.0.0.1", port, preview_app(folder, slug), threaded=True)


@cards.command()
@_folder
def schema(folder: Path) -> None:
    """Schrijf het JSON Schema voor tekstverwerkers opnieuw."""
    path = folder / SCHEMA_FILE
    path.write_text(card_schema(), encoding="utf-8")
    click.echo(str(path))


def _all_files(folder: Path) -> list[Path]:
    files = []
    for path in folder.iterdir():
        if path.suffix in (".md", ".svg") or path.name == BEGINNING_FILE:
            files.append(path)
    return sorted(files)


def _print_all(reports: Sequence[CheckReport], looked_at: str, *, quiet: bool) -> int:
    """Print what was found, and a line that adds it up. Return the number of faults."""
    faults = advice = due = 0
    for report in reports:
        _print(report, quiet)
        faults += len(report.faults)
        advice += len(report.advice)
        if report.is_due:
            due += 1
            click.echo(f"{report.path}: feiten opnieuw nakijken")
    number = "1 fout" if faults == 1 else f"{faults} fouten"
    click.echo(f"{looked_at} bekeken: {number}, {advice} keer advies, {due} keer feiten nakijken.")
    return faults


def _print(report: CheckReport, quiet: bool) -> None:
    for fault in report.faults:
        click.echo(f"{report.path}:{fault.line}: fout: {fault.sentence}")
    if not quiet:
        for advice in report.advice:
            click.echo(f"{report.path}:{advice.line}: advies: {advice.sentence}")


def _kept_in(url: str) -> tuple[Mapping[str, PublishedEdition], Mapping[str, str]]:
    """Return the last edition of each dilemma, and the published texts of the desk by slug."""
    try:
        with Database(url) as database, database.reading() as session:
            counted = last_editions(session)
            published = StoredCards(database).published()
    except SQLAlchemyError as error:
        sentence = database_sentence(error).replace(ADDRESS, "Kijk --database na of laat het weg.")
        raise click.UsageError(sentence) from None
    return counted, {slug: text for slug, (_number, text) in published.items()}
