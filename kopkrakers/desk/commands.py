"""What the desk does, for whoever runs the server: `cards pull`, `cards push`, `stelling plan`."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from sqlmodel import Session

from kopkrakers.accounts.operator.acting import note, transaction
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.catalogue.cards.card import STELLING_PREFIX
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.commands import cards
from kopkrakers.catalogue.editions.editions import last_editions
from kopkrakers.catalogue.library import Library, library_of, read_text
from kopkrakers.catalogue.stellingen.commands import stelling
from kopkrakers.catalogue.stored.reading import StoredCards
from kopkrakers.desk.editor.checking import check_text
from kopkrakers.desk.editor.service import put_by_operator
from kopkrakers.desk.planning.service import coming_days, give_day


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
        # the text alone is compared, so that git sees no change where there is none
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
    """Zet bestanden als kaarten bij de redactie. Een redacteur leest ze en publiceert."""
    settings = load_settings()
    today, alone = amsterdam_day(utc_now()), settings.desk_of_one
    changed = []
    with transaction(settings) as session, Database(settings.database_url) as database:
        library = library_of(settings.cards_dir, database)
        wrong = 0
        for path in files:
            wrong += _refuse_faults(session, library, path, today)
        if wrong:
            raise click.ClickException("Er is niets veranderd. Los eerst de fouten op.")
        for path in files:
            slug, text = path.stem, read_text(path)
            if put_by_operator(session, library, slug, text, today=today, alone=alone):
                changed.append(slug)
        deed = Deed.DESK_PUBLISHED if alone else Deed.DESK_ASKED
        for slug in changed:
            note(session, settings, deed, None, slug)
    click.echo(f"{len(files)} bestanden bekeken, {len(changed)} kaarten veranderd.")
    if changed and not alone:
        click.echo("Een redacteur leest ze bij Redactie. Daarna staan ze op de site.")


@stelling.command()
@click.argument("day", metavar="[DAY]", type=click.DateTime(["%Y-%m-%d"]), required=False)
@click.argument("code", required=False)
def plan(day: datetime | None, code: str | None) -> None:
    """Zet stelling CODE op DAY, bijvoorbeeld 2027-01-13. Zonder: laat zien wat er komt."""
    settings = load_settings()
    today = amsterdam_day(utc_now())
    with Database(settings.database_url) as database, database.transaction() as session:
        library = library_of(settings.cards_dir, database)
        if day is not None:
            if code is None:
                raise click.UsageError("Noem ook de code van de stelling.")
            _give_stelling(session, library, day.date(), code, today)
        for planned in coming_days(session, library, today):
            if planned.card is not None and planned.card.is_stelling:
                code = planned.slug.removeprefix(STELLING_PREFIX)
                click.echo(f"{day_in_words(planned.day)}: {planned.card.title} ({code})")


def _give_stelling(session: Session, library: Library, day: date, code: str, today: date) -> None:
    slug = STELLING_PREFIX + code
    if slug not in library.stellingen:
        codes = ", ".join(sorted(one.removeprefix(STELLING_PREFIX) for one in library.stellingen))
        raise click.UsageError(f"Die stelling kan niet op een werkdag. Kies uit: {codes}.")
    shown = ""
    for planned in coming_days(session, library, today):
        if planned.day == day:
            shown = planned.slug
    try:
        give_day(session, library, day, slug, shown=shown, today=today)
    except (NotYours, TooLate, WrongInput) as error:
        raise click.ClickException(error.sentence) from None


def _refuse_faults(session: Session, library: Library, path: Path, today: date) -> int:
    """Say what is wrong with a file; return how many faults it has."""
    try:
        last = last_editions(session).get(path.stem)
        faults = check_text(library, path.stem, read_text(path), last, today).faults
    except CardFaults as error:
        faults = error.faults
    for fault in faults:
        click.echo(f"{path}:{fault.line}: fout: {fault.sentence}", err=True)
    return len(faults)
