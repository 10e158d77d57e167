"""`kopkrakers export`: fetch a release as a file, or make a new one."""

import os
import signal
import sys
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import click

from kopkrakers.accounts.commands import gemeente
from kopkrakers.accounts.operator.acting import transaction
from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.dutch import moment
from kopkrakers.base.errors import ConfigurationError, TooLate
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.processes.last_look import Process, has_jumped, last_look
from kopkrakers.base.processes.progress import progress_bar
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.catalogue.library import Library, library_of
from kopkrakers.research.codes import keep_codes, read_codes
from kopkrakers.research.identity import origin_of
from kopkrakers.research.metadata.deposit import deposit_files
from kopkrakers.research.release import releases
from kopkrakers.research.release.files import need_extra
from kopkrakers.research.release.releases import Release
from kopkrakers.research.teaching import making

LARGEST_LIST = 1_000_000
"""Bytes of a list of gemeenten, at most."""
JUMPED = (
    "De klok staat op {now}. Dat is meer dan drie dagen voor of na de laatste ronde "
    "van de teller, of voor de maand van de laatste uitgave. Er is geen uitgave gemaakt. Staat de "
    "klok verkeerd? Zet hem goed. Klopt de klok? Zet --yes achter dezelfde opdracht."
)
NOT_WRITTEN = "{path} kon niet geschreven worden: {why}. Er is niets achtergebleven."
NO_IDENTITY = (
    "Uitgave {number} is van voor een uitgave zei wie haar uitgaf. Zo’n uitgave kan niet worden "
    "neergelegd; een volgende wel."
)


@click.command("export")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Map om in te schrijven.",
)
@click.option(
    "--release",
    "chosen",
    default="latest",
    help="Een nummer, of new voor een nieuwe (hooguit één per maand).",
)
@click.option("--yes", is_flag=True, help="De klok klopt, ook al telde de teller lang niet.")
@click.option("--deposit", is_flag=True, help="Een map om neer te leggen bij een repository.")
@click.option("--voorbeeld", is_flag=True, help="Een verzonnen oefenset, vrij te gebruiken.")
def export(out: Path, chosen: str, *, yes: bool, deposit: bool, voorbeeld: bool) -> None:
    """Schrijf de dataset van een uitgave als zip: de laatste, een eerdere of een nieuwe."""
    settings = load_settings()
    if voorbeeld:
        need_extra()
        path = out / making.FILE_NAME
        cards = Library(settings.cards_dir).cards()
        write_whole(path, making.teaching_set(cards, origin_of(settings)))
        click.echo(f"De oefenset staat in {path}. Begin met OEFENING.md.")
        return
    with Database(settings.database_url) as database:
        if chosen == "new" and not yes:
            refuse_a_jump(database, utc_now())
        if chosen == "new":
            number = _make(settings, database)
        else:
            number = _number_of(database, chosen)
        with database.reading() as session:
            content = releases.zip_of(session, number)
            release = releases.release(session, number)
    if deposit:
        folder = write_deposit(out, release, content)
        click.echo(f"Uitgave {number} ligt klaar in {folder}. Begin met NEERLEGGEN.md.")
        return
    path = out / release.file_name
    write_whole(path, content)
    click.echo(f"Uitgave {number} staat in {path}.")


def write_deposit(out: Path, release: Release, content: bytes) -> Path:
    """Write the folder with which a release is laid down at a repository, and return it.

    `content`: its zip. The folder is there whole or not at all.
    Raises: ConfigurationError when it cannot be written, is there already, or when the release is
    of before releases said who published them.
    """
    if release.identity is None:
        raise ConfigurationError(NO_IDENTITY.format(number=release.name.number))
    folder = out / release.file_name.removesuffix(".zip")
    if folder.exists():
        raise ConfigurationError(f"{folder} is er al. Haal die eerst weg, of kies een andere map.")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    beside = deposit_files(release.identity, release.file_name, files)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out, prefix=f".{folder.name}.") as half:
            whole = Path(half) / "whole"
            for name, file in {release.file_name: content, **beside}.items():
                write_whole(whole / name, file)
            whole.rename(folder)
    except OSError as error:
        raise ConfigurationError(
            NOT_WRITTEN.format(path=folder, why=system_reason(error))
        ) from error
    return folder


# D-67
def refuse_a_jump(database: Database, now: datetime) -> None:
    """Make no release by a clock that jumped: its month is taken then, and it never changes.

    Held against the last look that the counter told of, and the month of the newest release.
    Raises: ConfigurationError.
    """
    last = last_look(database, Process.COUNTER)
    with database.reading() as session:
        newest = releases.latest_month(session)
    is_behind = newest is not None and f"{amsterdam_day(now):%Y-%m}" < newest
    if is_behind or (last is not None and has_jumped(last, now)):
        raise ConfigurationError(JUMPED.format(now=moment(now)))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also on a full disk or when told to stop.

    Raises: ConfigurationError when it cannot be written.
    """
    # a signal would end the program at once; as an exception it lets the half file be removed
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        raise ConfigurationError(NOT_WRITTEN.format(path=path, why=system_reason(error))) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _write(path: Path, content: bytes) -> None:
    # closed below: it outlives the block in which it is written
    temporary = NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    try:
        with temporary:
            temporary.write(content)
            temporary.flush()
            # or a power cut could leave the name of the file with nothing in it
            os.fsync(temporary.fileno())
        Path(temporary.name).replace(path)
    # also of Ctrl+C and of the signal above
    except BaseException:
        Path(temporary.name).unlink(missing_ok=True)
        raise


def _make(settings: Settings, database: Database) -> int:
    today = amsterdam_day(utc_now())
    try:
        with progress_bar("Uitgave") as progress:
            library = library_of(settings.cards_dir, database)
            keys = keys_for(Use.ROWS, settings)
            origin = origin_of(settings)
            release = releases.make_release(database, library, keys, origin, today, progress)
    except TooLate as error:
        raise ConfigurationError(
            f"Er is al een uitgave van {today:%Y-%m}; de volgende kan pas in een andere maand. "
            "Haal hem op met: kopkrakers export --out MAP"
        ) from error
    with database.transaction() as session:
        made = TrailEntry(Deed.RELEASE_MADE, None, detail=str(release.name.number))
        write(session, keys, made, today)
    return release.name.number


def _number_of(database: Database, chosen: str) -> int:
    with database.reading() as session:
        latest = releases.latest_number(session)
    if latest is None:
        raise ConfigurationError(
            "Er is nog geen uitgave. Typ: kopkrakers export --out MAP --release new"
        )
    if chosen == "latest":
        return latest
    if not chosen.isdecimal() or not 1 <= int(chosen) <= latest:
        raise ConfigurationError(
            f"Uitgave {chosen} bestaat niet. Geef een nummer van 1 tot en met {latest}, of new."
        )
    return int(chosen)


@gemeente.command("codes")
@click.argument(
    "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option("--jaar", "year", required=True, type=click.IntRange(2015, 2100))
def gemeente_codes(file: Path, year: int) -> None:
    """Lees de lijst Gemeenten alfabetisch van het CBS (CSV) voor het jaar dat je noemt.

    Een volgende uitgave zet de codes en provincies bij de gemeenten.
    """
    if file.stat().st_size > LARGEST_LIST:
        raise click.ClickException("Dit bestand is te groot voor een lijst van gemeenten.")
    settings = load_settings()
    with transaction(settings) as session:
        coded = keep_codes(session, read_codes(file.read_bytes()), year)
    click.echo(f"Gemeenten met een code: {len(coded.found)}.")
    if coded.missing:
        click.echo(f"Niet in de lijst, dus zonder code: {', '.join(coded.missing)}.")
