"""Carry cards between the desk and a folder: `cards pull` and `cards push`."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlmodel import Session

from kopkrakers.accounts.commands import transaction
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import parse_card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.cards.themes import read_themes
from kopkrakers.catalogue.editions.editions import last_editions
from kopkrakers.catalogue.library import read_text
from kopkrakers.catalogue.stored.reading import StoredCards
from kopkrakers.catalogue.writing.checker import edition_faults
from kopkrakers.catalogue.writing.commands import cards
from kopkrakers.desk.editor.service import put_by_operator


@cards.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def pull(folder: Path) -> None:
    """Schrijf de kaarten van de redactie als bestanden in FOLDER, bijvoorbeeld voor git."""
    settings = load_settings()
    folder.mkdir(parents=True, exist_ok=True)
    with Database(settings.database_url) as database:
        stored = StoredCards(database).published()
    written = 0
    for slug, (_number, text) in sorted(stored.items()):
        path = folder / f"{slug}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            click.echo(str(path))
            written += 1
    click.echo(f"{len(stored)} kaarten bij de redactie, {written} bestanden geschreven.")


@cards.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
def push(files: Sequence[Path]) -> None:
    """Zet bestanden als kaarten bij de redactie. Ze staan meteen op de site."""
    settings = load_settings()
    wrong = 0
    with transaction(settings) as session:
        for path in files:
            wrong += _refuse_faults(session, settings, path)
        if wrong:
            raise click.ClickException("Er is niets veranderd. Los eerst de fouten op.")
        today = amsterdam_day(utc_now())
        changed = 0
        for path in files:
            changed += put_by_operator(session, path.stem, read_text(path), today)
    click.echo(f"{len(files)} bestanden bekeken, {changed} kaarten veranderd.")


def _refuse_faults(session: Session, settings: Settings, path: Path) -> int:
    """Say what is wrong with a file; return how many faults it has."""
    try:
        card = parse_card(path.stem, read_text(path), read_themes(settings.cards_dir))
        faults = tuple(edition_faults(card, last_editions(session).get(path.stem)))
    except CardFaults as error:
        faults = error.faults
    for fault in faults:
        click.echo(f"{path}:{fault.line}: fout: {fault.sentence}", err=True)
    return len(faults)
