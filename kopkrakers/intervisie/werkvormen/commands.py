"""`kopkrakers werkvorm`: check the werkvormen, as cards are checked."""

from collections.abc import Sequence
from pathlib import Path

import click

from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.intervisie.werkvormen.reading import FOLDER, read_werkvorm


@click.group()
def werkvorm() -> None:
    """Werkvormen nakijken."""


@werkvorm.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def check(ctx: click.Context, files: Sequence[Path]) -> None:
    """Kijk werkvormen na: alle, of alleen de genoemde. Stopt met 1 als er een fout in zit."""
    paths = list(files) or sorted(FOLDER.rglob("*.yaml"))
    faults = []
    for path in paths:
        faults += faults_in(path)
    # of one file nothing can be said about all, and a file with a fault cannot be counted
    if not files and not faults:
        faults = faults_together(paths)
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"{len(paths)} werkvormen bekeken, fouten: {len(faults)}.")
    if faults:
        ctx.exit(1)


def faults_in(path: Path) -> list[str]:
    """Return what is wrong with one file, a line each."""
    try:
        read_werkvorm(path)
    except CardFaults as error:
        sentences = []
        for fault in error.faults:
            sentences.append(f"{path.name}, regel {fault.line}: {fault.sentence}")
        return sentences
    return []


def faults_together(paths: Sequence[Path]) -> list[str]:
    """Return what is wrong with the werkvormen together, each of which is right."""
    defaults = [path for path in paths if read_werkvorm(path).standaard]
    if len(defaults) == 1:
        return []
    return ["Precies één werkvorm hoort `standaard: ja` te hebben."]


COMMANDS = (werkvorm,)
