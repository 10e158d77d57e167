"""Commands for many people at once: invite them from a file, and block who is on no list."""

from pathlib import Path

import click
from sqlalchemy import update

from kopkrakers.accounts.bulk import inviting, sending
from kopkrakers.accounts.bulk.inviting import Foreseen, ImportOutcome, InvitingTerms
from kopkrakers.accounts.bulk.reading import FaultyLines, FileLine, read_lines
from kopkrakers.accounts.bulk.sending import Unsent
from kopkrakers.accounts.bulk.staff import block_leaving, leaving, read_staff
from kopkrakers.accounts.commands import gemeente
from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.accounts.operator.acting import note, of_gemeente, transaction
from kopkrakers.accounts.operator.telling import as_json_option, print_json, tell
from kopkrakers.accounts.rules import address_keys
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.processes.progress import progress_bar

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that is read at all."""
NEEDS_MAIL = (
    "Zonder mail kan dit niet: stel KOPKRAKERS_SMTP_HOST in. Zonder mail staan er per gemeente "
    "hoogstens drie uitnodigingen tegelijk open; geef die met: kopkrakers invite"
)
TOO_LARGE = f"Dit bestand is groter dan {LARGEST // 1024 // 1024} MB. Deel het op."
STAFF_DONE = "{name}: {leaving} van de {all} accounts staan nu stil."
STAFF_LOOKED = (
    "{name}: {leaving} van de {all} accounts staan niet op de lijst. Zet ze stil: typ --yes erbij."
)
PLACES = "{name} mag hoogstens {most} accounts hebben."
ANY_PLACES = "{name} mag zoveel accounts hebben als er komen."
REFUSED = "De mailserver weigert het adres op deze regels. Kijk of het klopt: {lines}"
NOT_MAILED = (
    "Niet gemaild: {number}. Hun uitnodiging is ingetrokken. Kijk de mailserver na en geef "
    "dezelfde opdracht nog een keer: wie al een mail kreeg, krijgt er geen tweede."
)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Kijk alleen of het bestand klopt.")
@click.option("--again", is_flag=True, help="Mail ook wie al een uitnodiging heeft open staan.")
@as_json_option
def import_(file: Path, *, dry_run: bool, again: bool, as_json: bool) -> None:
    """Nodig iedereen uit die in FILE staat, en maak de teams die er nog niet zijn.

    FILE is een CSV met de kolommen gemeente, team, naam, adres en rollen. Klopt er een regel niet,
    dan verandert er niets.
    """
    settings = load_settings()
    if not settings.sends_mail and not dry_run:
        raise ConfigurationError(NEEDS_MAIL)
    unsent: list[Unsent] = []
    try:
        if dry_run:
            outcome = _foresee(settings, file, again=again)
        else:
            imported = _invite(settings, file, again=again)
            unsent, outcome = _send(settings, imported), imported
    except FaultyLines as error:
        _tell_faults(error, as_json=as_json)
        raise SystemExit(1) from None
    _tell(outcome, unsent, as_json=as_json, dry_run=dry_run)
    if unsent:
        raise SystemExit(1)


@gemeente.command("plaatsen")
@click.argument("name", metavar="GEMEENTE")
@click.argument("most", metavar="AANTAL", type=click.IntRange(1, 1_000_000), required=False)
@as_json_option
def places(name: str, most: int | None, *, as_json: bool) -> None:
    """Laat in GEMEENTE hoogstens AANTAL accounts toe; zonder AANTAL zoveel als er komen.

    Wie er al is, blijft.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, name)
        session.execute(update(GEMEENTE).where(GEMEENTE.c.id == gemeente_id).values(places=most))
        note(session, settings, Deed.PLACES, gemeente_id, str(most or ""))
    said = PLACES if most else ANY_PLACES
    tell(said.format(name=name, most=most), {"gemeente": name, "plaatsen": most}, as_json=as_json)


@gemeente.command("staff")
@click.argument("name", metavar="GEMEENTE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Doe het echt.")
@click.option("--all", "everyone", is_flag=True, help="Ook als het er veel zijn.")
@as_json_option
def staff(name: str, file: Path, *, yes: bool, everyone: bool, as_json: bool) -> None:
    """Zet in GEMEENTE iedereen stil die niet in FILE staat: wie stilstaat, is uitgelogd en telt
    niet mee.

    FILE begint met de regel "bijgewerkt 2026-11-28" en heeft daarna op elke regel één werkadres.
    Zonder --yes zegt de opdracht alleen hoeveel mensen het zijn.
    """
    settings = load_settings()
    today = amsterdam_day(utc_now())
    if file.stat().st_size > LARGEST:
        raise ConfigurationError(TOO_LARGE)
    text = file.read_text("utf-8", errors="replace")
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, name)
        leavers = leaving(session, gemeente_id, read_staff(text, today))
        if yes:
            keys = keys_for(Use.ROWS, settings)
            block_leaving(session, gemeente_id, leavers, keys=keys, today=today, everyone=everyone)
    said = STAFF_DONE if yes else STAFF_LOOKED
    value = {"stil": len(leavers.ids), "zonder_adres": leavers.without_address, "gedaan": yes}
    sentence = said.format(name=name, all=leavers.active, leaving=len(leavers.ids))
    tell(sentence, value, as_json=as_json)


COMMANDS = (import_,)
"""The commands of this module for `kopkrakers`."""


def _lines(file: Path) -> list[FileLine]:
    if file.stat().st_size > LARGEST:
        raise ConfigurationError(TOO_LARGE)
    return read_lines(file.read_bytes())


def _foresee(settings: Settings, file: Path, *, again: bool) -> Foreseen:
    """Return what would become of the file."""
    lines = _lines(file)
    with Database(settings.database_url) as database, database.snapshot() as session:
        return inviting.foresee(session, lines, _terms(settings, again=again), now=utc_now())


def _invite(settings: Settings, file: Path, *, again: bool) -> ImportOutcome:
    """Return what became of the file."""
    lines = _lines(file)
    with Database(settings.database_url) as database, database.transaction() as session:
        return inviting.invite_all(
            session,
            lines,
            _terms(settings, again=again),
            now=utc_now(),
            row_keys=keys_for(Use.ROWS, settings),
        )


def _terms(settings: Settings, *, again: bool) -> InvitingTerms:
    return InvitingTerms(address_keys(settings), settings.mail_domains, again)


def _send(settings: Settings, outcome: ImportOutcome) -> list[Unsent]:
    """Mail the links. Return those whose mail did not leave."""
    with Database(settings.database_url) as database, progress_bar("Mailen") as progress:
        unsent = sending.send_all(settings, database, outcome.invited, progress)
        if unsent:
            with database.transaction() as session:
                sending.withdraw(session, unsent)
    return unsent


def _tell(outcome: Foreseen, unsent: list[Unsent], *, as_json: bool, dry_run: bool) -> None:
    lines, refused = [], []
    for one in unsent:
        number = one.invited.line.number
        lines.append(number)
        if one.refused:
            refused.append(number)
    if as_json:
        print_json(
            {
                "proef": dry_run,
                "uitgenodigd": len(outcome.people) - len(unsent),
                "had_account": outcome.known,
                "had_uitnodiging": outcome.waiting,
                "nieuwe_teams": outcome.new_teams,
                "niet_gemaild": lines,
                "adres_geweigerd": refused,
            }
        )
        return
    click.echo("Het bestand klopt. Er is niets veranderd. Zo wordt het:" if dry_run else "Klaar.")
    click.echo(f"Uitgenodigd: {len(outcome.people) - len(unsent)}")
    click.echo(f"Hadden al een account: {outcome.known}")
    click.echo(f"Hadden al een uitnodiging: {outcome.waiting}")
    click.echo(f"Nieuwe teams: {outcome.new_teams}")
    if unsent:
        click.echo(NOT_MAILED.format(number=len(unsent)), err=True)
        click.echo(f"Regels: {', '.join(map(str, lines))}", err=True)
    if refused:
        click.echo(REFUSED.format(lines=", ".join(map(str, refused))), err=True)


def _tell_faults(error: FaultyLines, *, as_json: bool) -> None:
    if as_json:
        faults = [{"regel": fault.line, "zin": fault.sentence} for fault in error.faults]
        print_json({"fouten": faults})
        return
    click.echo(error.sentence, err=True)
    for fault in error.faults:
        if fault.line:
            place = f"Regel {fault.line}: "
        else:
            place = ""
        click.echo(f"{place}{fault.sentence}", err=True)
