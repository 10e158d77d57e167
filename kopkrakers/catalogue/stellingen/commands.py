"""`kopkrakers stelling`: check sets of stellingen and begin one, as cards are."""

from collections.abc import Sequence
from pathlib import Path

import click

from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.catalogue.cards.card import is_slug
from kopkrakers.catalogue.stellingen.reading import (
    faults_in,
    faults_together,
    new_set,
    stellingen_folder,
)


@click.group()
def stelling() -> None:
    """Stellingen nakijken en beginnen."""


@stelling.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def check(ctx: click.Context, files: Sequence[Path]) -> None:
    """Kijk stellingen na: alle, of alleen de genoemde. Stopt met 1 als er een fout in zit."""
    paths = list(files) or sorted(stellingen_folder().glob("*.yaml"))
    faults = []
    for path in paths:
        for fault in faults_in(path):
            faults.append(f"{path.name}, regel {fault.line}: {fault.sentence}")
    # a file with a fault cannot be held against the others
    if not faults:
        faults = faults_together(paths)
    for line in faults:
        click.echo(line, err=True)
    click.echo(f"{len(paths)} bestanden bekeken, fouten: {len(faults)}.")
    ctx.exit(1 if faults else 0)


@stelling.command()
@click.argument("slug")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=stellingen_folder,
    help="De map waarin het bestand komt.",
)
def new(slug: str, folder: Path) -> None:
    """Begin een bestand met stellingen: SLUG wordt de bestandsnaam."""
    if not is_slug(slug):
        raise click.UsageError(
            "Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld meer-ruimte."
        )
    path = folder / f"{slug}.yaml"
    try:
        # "x" refuses a file that is there; asking first would lose one that comes in between
        with path.open("x", encoding="utf-8") as file:
            file.write(new_set(amsterdam_day(utc_now())))
    except FileExistsError:
        raise click.UsageError(f"{path.name} bestaat al. Kies een andere naam.") from None
    click.echo(
        f"{path} staat klaar. Vul het in en kijk het na met: kopkrakers stelling check {path}"
    )


COMMANDS = (stelling,)
