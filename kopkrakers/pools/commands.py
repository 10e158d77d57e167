"""The command `kopkrakers regio`: put small gemeenten together, so that they have figures."""

from collections.abc import Iterable

import click
from sqlmodel import Session

from kopkrakers.accounts.operator.acting import note, transaction
from kopkrakers.accounts.operator.telling import as_json_option, print_json, tell
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.pools import heard, regios
from kopkrakers.pools.heard import Heard
from kopkrakers.pools.regios import Member, MovedGemeente, RegioLine
from kopkrakers.pools.service import open_editions
from kopkrakers.privacy.rules import K_POOL


@click.group()
def regio() -> None:
    """Regio’s: kleine gemeenten die samen één uitslag hebben."""


@regio.command("add")
@click.argument("name", metavar="NAAM")
@click.argument("gemeenten", metavar="GEMEENTE...", nargs=-1, required=True)
@as_json_option
def add(name: str, gemeenten: tuple[str, ...], *, as_json: bool) -> None:
    """Maak regio NAAM van deze gemeenten."""
    settings = load_settings()
    keys = mac_keys(settings)
    with transaction(settings) as session:
        moved = regios.add_regio(session, keys, name, gemeenten)
        regio_id, name = regios.find_regio(session, name)
        line = regios.find_line(session, keys, regio_id)
        later = _is_later(session)
        _note_all(session, settings, heard.of_coming(session, moved, regio_id, name))
    if as_json:
        print_json(_as_json(line) | {"vanaf_volgend_dilemma": later})
        return
    click.echo(f"Regio {name} is er.")
    _say_moved(moved)
    _say_regio(line, later=later)


@regio.command("list")
@as_json_option
def list_(*, as_json: bool) -> None:
    """Toon de regio’s met hun gemeenten."""
    settings = load_settings()
    with transaction(settings) as session:
        lines = regios.regios(session, mac_keys(settings))
    if as_json:
        print_json(list(map(_as_json, lines)))
        return
    if not lines:
        click.echo("Er zijn geen regio’s. Maak er een: kopkrakers regio add NAAM GEMEENTE...")
    for line in lines:
        click.echo(f"{line.name}: {_members(line.gemeenten)}")


@regio.command("zet")
@click.argument("gemeente", metavar="GEMEENTE")
@click.argument("name", metavar="REGIO")
@as_json_option
def put_in(gemeente: str, name: str, *, as_json: bool) -> None:
    """Zet GEMEENTE in REGIO. Zat de gemeente in een andere regio, dan gaat ze daar uit."""
    settings = load_settings()
    keys = mac_keys(settings)
    with transaction(settings) as session:
        gemeente_id, _ = regios.find_gemeente(session, gemeente)
        regio_id, name = regios.find_regio(session, name)
        moved = regios.put_in_regio(session, keys, gemeente_id, regio_id)
        line = regios.find_line(session, keys, regio_id)
        later = _is_later(session)
        _note_all(session, settings, heard.of_coming(session, [moved], regio_id, name))
    if as_json:
        print_json(_as_json(line) | {"vanaf_volgend_dilemma": later})
        return
    click.echo(f"{moved.gemeente} zit in regio {name}.")
    _say_moved([moved])
    _say_regio(line, later=later)


@regio.command("uit")
@click.argument("gemeente", metavar="GEMEENTE")
@as_json_option
def take_out(gemeente: str, *, as_json: bool) -> None:
    """Haal GEMEENTE uit haar regio."""
    settings = load_settings()
    keys = mac_keys(settings)
    with transaction(settings) as session:
        gemeente_id, gemeente = regios.find_gemeente(session, gemeente)
        line = regios.take_out_of_regio(session, keys, gemeente_id)
        later = _is_later(session)
        _note_all(session, settings, heard.of_leaving(session, gemeente_id, gemeente, line))
    if as_json:
        print_json(_as_json(line) | {"vanaf_volgend_dilemma": later})
        return
    click.echo(f"{gemeente} zit niet meer in regio {line.name}.")
    _say_regio(line, later=later)


@regio.command("hernoem")
@click.argument("name", metavar="REGIO")
@click.argument("new_name", metavar="NIEUWE_NAAM")
@as_json_option
def rename(name: str, new_name: str, *, as_json: bool) -> None:
    """Geef REGIO een andere naam, ook bij uitslagen die er al zijn."""
    settings = load_settings()
    with transaction(settings) as session:
        regio_id, name = regios.find_regio(session, name)
        line = regios.find_line(session, mac_keys(settings), regio_id)
        new_name = regios.rename_regio(session, regio_id, new_name)
        _note_all(session, settings, heard.of_another_name(line, new_name))
    value = {"naam": new_name, "heette": name}
    tell(f"Regio {name} heet nu {new_name}.", value, as_json=as_json)


@regio.command("remove")
@click.argument("name", metavar="REGIO")
@as_json_option
def remove(name: str, *, as_json: bool) -> None:
    """Haal REGIO weg. Uitslagen die er al zijn, houden haar naam."""
    settings = load_settings()
    with transaction(settings) as session:
        regio_id, name = regios.find_regio(session, name)
        line = regios.find_line(session, mac_keys(settings), regio_id)
        regios.remove_regio(session, mac_keys(settings), regio_id)
        later = _is_later(session)
        for member in line.gemeenten:
            note(session, settings, Deed.REGIO_OUT, member.id, name)
    if as_json:
        print_json({"naam": name, "vanaf_volgend_dilemma": later})
        return
    click.echo(
        f"Regio {name} is weg. Gemeenten met minder dan {K_POOL} accounts tellen nu mee "
        "voor het land."
    )
    if later:
        click.echo(regios.FROM_THE_NEXT)


COMMANDS = (regio,)
"""The commands of this module for `kopkrakers`."""


def _note_all(session: Session, settings: Settings, all_heard: Iterable[Heard]) -> None:
    for one in all_heard:
        note(session, settings, one.what, one.gemeente_id, one.detail)


def _is_later(session: Session) -> bool:
    """Whether a dilemma is open, whose pools stay as they are (D-55)."""
    return bool(open_editions(session, amsterdam_day(utc_now())))


def _say_moved(moved: Iterable[MovedGemeente]) -> None:
    for one in moved:
        if one.before is not None:
            click.echo(f"{one.gemeente} zat in regio {one.before} en zit daar nu niet meer in.")


def _say_regio(line: RegioLine, *, later: bool) -> None:
    """Say who counts together from now on, and what is odd about it."""
    click.echo(f"{line.name}: {_members(line.gemeenten)}")
    together = [member for member in line.gemeenten if member.counts_here]
    if not together:
        click.echo(
            "Er zijn in deze regio geen twee kleine gemeenten met accounts. "
            f"Een gemeente met minder dan {K_POOL} accounts telt zo mee voor het land."
        )
    if later:
        click.echo(regios.FROM_THE_NEXT)


def _members(gemeenten: Iterable[Member]) -> str:
    words = []
    for member in gemeenten:
        if member.accounts >= K_POOL:
            alone = f", telt apart vanaf {K_POOL}"
        else:
            alone = ""
        words.append(f"{member.name} ({_accounts(member.accounts)}{alone})")
    return ", ".join(words) or "geen gemeenten"


def _accounts(number: int) -> str:
    if number == 1:
        return "1 account"
    return f"{number} accounts"


def _as_json(line: RegioLine) -> dict[str, object]:
    gemeenten = []
    for member in line.gemeenten:
        gemeenten.append(
            {
                "naam": member.name,
                "accounts": member.accounts,
                "telt_mee_in_regio": member.counts_here,
            }
        )
    return {"naam": line.name, "gemeenten": gemeenten}
