"""`kopkrakers simulate`: fills an empty database with a year of invented answers, to measure."""

from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.progress import progress_bar
from kopkrakers.demo.people import make_people
from kopkrakers.demo.settings import demo_settings
from kopkrakers.demo.simulation.places import make_places
from kopkrakers.demo.simulation.report import RunMeasures, as_markdown
from kopkrakers.demo.simulation.report import as_json as json_of
from kopkrakers.demo.simulation.run import FULL, QUICK, Size, measure
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.year import live_year, refuse_unless_empty
from kopkrakers.migrations.run import migrate

HOST, PORT = "127.0.0.1", 8000


@click.command("simulate")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Map om te vullen.",
)
@click.option(
    "--database", "url", help="Adres van een lege database, in plaats van SQLite in de map."
)
@click.option("--gemeenten", type=click.IntRange(2), default=342, show_default=True)
@click.option(
    "--people",
    type=click.IntRange(1),
    default=5000,
    show_default=True,
    help="Naast de persona's.",
)
@click.option(
    "--dilemmas",
    type=click.IntRange(1),
    default=250,
    show_default=True,
    help="Werkdagen, met elk één dilemma.",
)
@click.option(
    "--part",
    type=click.FloatRange(0, 1),
    default=0.6,
    show_default=True,
    help="Welk deel op een dag antwoordt.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Zelfde getal, zelfde antwoorden."
)
@click.option(
    "--bias",
    is_flag=True,
    help="Meet hoe ver de cijfers van de waarheid liggen. Duurt minuten en laat niets achter.",
)
@click.option("--quick", is_flag=True, help="Bij --bias: klein, om te zien of het werkt.")
@click.option("--json", "as_json", is_flag=True, help="Bij --bias: JSON in plaats van Markdown.")
def simulate(
    data: Path | None,
    url: str | None,
    gemeenten: int,
    people: int,
    dilemmas: int,
    part: float,
    seed: int,
    bias: bool,
    quick: bool,
    as_json: bool,
) -> None:
    """Laat verzonnen mensen elke dag een dilemma beantwoorden, en tel met de echte teller.

    Alleen in een lege database. Bekijk hem met: kopkrakers demo --data MAP
    """
    if bias:
        size, write = FULL, as_markdown
        if quick:
            size = QUICK
        if as_json:
            write = json_of
        click.echo(_bias(size, seed, write))
        return
    if data is None:
        raise click.UsageError("Geef --data MAP, een map om te vullen, of --bias.")
    data.mkdir(parents=True, exist_ok=True)
    settings = demo_settings(data, host=HOST, port=PORT)
    if url:
        settings = settings.model_copy(update={"database_url": url})
    logs.configure(settings.log_level)
    _fill(settings, gemeenten, people)
    stage = Stage.of(settings)
    with stage.database, progress_bar("Werkdagen") as progress:
        lived = live_year(stage, utc_now(), days=dilemmas, part=part, seed=seed, progress=progress)
    click.echo(
        f"Antwoorden: {lived.cast} gegeven, {lived.counted} geteld. Database: {lived.bytes} bytes."
    )


def _bias(size: Size, seed: int, write: Callable[[RunMeasures], str]) -> str:
    logs.configure("error")
    with Bar(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        return write(measure(size, seed, progress))


def _fill(settings: Settings, gemeenten: int, people: int) -> None:
    """Put people in the database. All have addresses of the demo, which mark them as invented."""
    with Database(settings.database_url) as database:
        refuse_unless_empty(database)
        migrate(database)
        with database.transaction() as session:
            make_people(session, settings, make_places(gemeenten, people))
