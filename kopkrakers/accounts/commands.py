"""Commands for whoever runs the server: the first gemeente, its teams, its first beheerder."""

import click
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.accounts import invitations, mails, rules, service, teams
from kopkrakers.accounts.chain.gemeenten import sign_since
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import GEMEENTE, TEAM, Gemeente, Role, Status
from kopkrakers.accounts.operator import overview
from kopkrakers.accounts.operator.acting import (
    ALL_GEMEENTEN,
    GEMEENTEN,
    note,
    of_gemeente,
    row_named,
    transaction,
)
from kopkrakers.accounts.operator.telling import as_json_option, print_json, tell
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.errors import NotNow
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.mail import send_mail
from kopkrakers.base.typed import clean_address

_TEAMS = select(TEAM.c.id, TEAM.c.name).order_by(TEAM.c.id)


FORMER_IS_ANOTHER = (
    "{name} was hier eerder, en uitslagen kunnen die naam dragen. Een gemeente wordt geen "
    "organisatie, en andersom ook niet. Kies een andere naam."
)
NO_TEAMS = "{name} is een organisatie van onderzoekers. Daar zijn geen teams."


@click.group()
def gemeente() -> None:
    """Gemeenten."""


@gemeente.command("add")
@click.argument("name")
@click.option(
    "--organisatie",
    "organisation",
    is_flag=True,
    help="Geen gemeente, maar bijvoorbeeld een universiteit: alleen onderzoekers, niemand stemt.",
)
@as_json_option
def add_gemeente(name: str, *, organisation: bool, as_json: bool) -> None:
    """Voeg gemeente NAME toe."""
    settings = load_settings()
    with transaction(settings) as session:
        name = rules.clean_name(name)
        added = _add_gemeente(session, settings, name, organisation=organisation)
        note(session, settings, Deed.GEMEENTE_MADE, added)
    role = Role.ONDERZOEKER if organisation else Role.BEHEERDER
    invite_now = f"kopkrakers invite {name!r} --name … --email … --role {role}"
    tell(f"{name} is toegevoegd. Nu: {invite_now}", {"gemeente": name}, as_json=as_json)


@gemeente.command("list")
@as_json_option
def list_gemeenten(*, as_json: bool) -> None:
    """Toon de gemeenten, met hun aantallen."""
    with transaction(load_settings()) as session:
        lines = overview.gemeenten(session, utc_now())
    if as_json:
        print_json(list(map(_gemeente_as_json, lines)))
        return
    for line in lines:
        kind = " (organisatie)" if line.is_organisation else ""
        most = "" if line.places is None else f" van {line.places}"
        click.echo(
            f"{line.name}{kind}: accounts {line.accounts}{most}, beheerders {line.beheerders}, "
            f"teams {line.teams}, open uitnodigingen {line.invitations}"
        )


@gemeente.command("hernoem")
@click.argument("name", metavar="GEMEENTE")
@click.argument("new_name", metavar="NIEUWE_NAAM")
@as_json_option
def rename_gemeente(name: str, new_name: str, *, as_json: bool) -> None:
    """Geef GEMEENTE een andere naam, ook bij uitslagen die er al zijn."""
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, name)
        new_name = rules.clean_name(new_name)
        taken = row_named(session.execute(ALL_GEMEENTEN), new_name)
        if taken is not None and taken[0] != gemeente_id:
            raise click.ClickException(f"Er is al een gemeente {taken[1]}.")
        statement = update(GEMEENTE).where(GEMEENTE.c.id == gemeente_id)
        session.execute(statement.values(name=new_name))
        note(session, settings, Deed.GEMEENTE_RENAMED, gemeente_id, new_name)
    value = {"gemeente": new_name, "heette": name}
    tell(f"{name} heet nu {new_name}.", value, as_json=as_json)


@click.group()
def team() -> None:
    """Teams."""


@team.command("add")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.argument("name")
@as_json_option
def add_team(gemeente_name: str, name: str, *, as_json: bool) -> None:
    """Voeg team NAME toe aan GEMEENTE."""
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, gemeente_name = of_gemeente(session, gemeente_name)
        if invitations.is_organisation(session, gemeente_id):
            raise click.ClickException(NO_TEAMS.format(name=gemeente_name))
        name = rules.clean_name(name)
        teams.add_team(session, gemeente_id, name)
        note(session, settings, Deed.TEAM_MADE, gemeente_id, name)
    tell(f"{name} is toegevoegd.", {"gemeente": gemeente_name, "team": name}, as_json=as_json)


@team.command("list")
@click.argument("gemeente_name", metavar="GEMEENTE")
@as_json_option
def list_teams(gemeente_name: str, *, as_json: bool) -> None:
    """Toon de teams van GEMEENTE."""
    with transaction(load_settings()) as session:
        gemeente_id, gemeente_name = of_gemeente(session, gemeente_name)
        lines = teams.teams(session, gemeente_id)
    if as_json:
        named = [{"team": line.name, "mensen": line.people} for line in lines]
        print_json({"gemeente": gemeente_name, "teams": named})
        return
    for line in lines:
        click.echo(f"{line.name}: mensen {line.people}")


@team.command("hernoem")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.argument("name")
@click.argument("new_name", metavar="NIEUWE_NAAM")
@as_json_option
def rename_team(gemeente_name: str, name: str, new_name: str, *, as_json: bool) -> None:
    """Geef team NAME van GEMEENTE een andere naam."""
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, gemeente_name = of_gemeente(session, gemeente_name)
        team_id = _team(session, gemeente_id, name)
        new_name = rules.clean_name(new_name)
        teams.rename_team(session, gemeente_id, team_id, new_name)
        note(session, settings, Deed.TEAM_RENAMED, gemeente_id, new_name)
    value = {"gemeente": gemeente_name, "team": new_name, "heette": name}
    tell(f"{name} heet nu {new_name}.", value, as_json=as_json)


@click.command()
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.option("--name", required=True, help="Naam zoals collega's hem zien.")
@click.option("--email", required=True, help="Werkadres.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
)
@click.option("--team", "team_name", help="Team waar deze persoon bij komt.")
@as_json_option
def invite(
    gemeente_name: str,
    name: str,
    email: str,
    roles: tuple[str, ...],
    team_name: str | None,
    *,
    as_json: bool,
) -> None:
    """Nodig iemand uit bij GEMEENTE: geeft een link die één keer werkt, en mailt hem als dat kan.

    Heeft het adres daar al een account, dan is de link voor een nieuw wachtwoord. In een
    organisatie nodig je alleen onderzoekers uit.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, gemeente_name = of_gemeente(session, gemeente_name)
        invitee = Invitee(
            name=rules.clean_name(name),
            address=clean_address(email),
            roles=rules.check_roles(roles),
            team_id=_team(session, gemeente_id, team_name) if team_name else None,
            mailed=settings.sends_mail,
        )
        keys, now = rules.address_keys(settings), utc_now()
        mailbox = service.mailbox_of(session, invitee.address, keys)
        waiting = invitations.waiting_for(session, gemeente_id, invitee.address, now)
        token, deed = _let_in(session, settings, gemeente_id, invitee)
        is_new = deed is Deed.INVITED
        note(session, settings, deed, gemeente_id, ", ".join(sorted(invitee.roles)))
    mailed = _mail(settings, invitee, mailbox, gemeente_name, token, is_new=is_new)
    link = mails.link_to(settings, token)
    value = {"gemeente": gemeente_name, "link": link, "nieuw": is_new, "gemaild": mailed}
    tell(link, value, as_json=as_json)
    if is_new and waiting is not None:
        click.echo(f"De uitnodiging voor {waiting.name} ({waiting.email}) vervalt.", err=True)
    if mailed:
        click.echo(f"Gemaild naar {mailbox}.", err=True)
    elif settings.sends_mail:
        click.echo("De mail kon niet weg. De link werkt: geef hem zelf.", err=True)


COMMANDS = (gemeente, team, invite)
"""The commands of this module for `kopkrakers`."""


def _add_gemeente(session: Session, settings: Settings, name: str, *, organisation: bool) -> int:
    """Add a gemeente or an organisation, or bring back one that left, and return its number.

    Totals bear that number. A former one keeps the day on which she came. Else whoever removes and
    adds her makes the rules for newcomers wait once more.
    """
    if (known := row_named(session.execute(GEMEENTEN), name)) is not None:
        raise click.ClickException(f"Er is al een gemeente {known[1]}.")
    if (former := row_named(session.execute(ALL_GEMEENTEN), name)) is not None:
        if invitations.is_organisation(session, former[0]) is not organisation:
            raise click.ClickException(FORMER_IS_ANOTHER.format(name=former[1]))
        row = update(GEMEENTE).where(GEMEENTE.c.id == former[0])
        session.execute(row.values(left_on=None, name=name))
        return former[0]
    today = amsterdam_day(utc_now())
    new = Gemeente(name=name, since=today, is_organisation=organisation)
    session.add(new)
    try:
        session.flush()
    except IntegrityError:
        raise click.ClickException(f"Er is al een gemeente {name}.") from None
    sign_since(session, keys_for(Use.ROWS, settings), service.id_of(new))
    return service.id_of(new)


def _mail(
    settings: Settings,
    invitee: Invitee,
    mailbox: str,
    gemeente_name: str,
    token: str,
    *,
    is_new: bool,
) -> bool:
    """Mail a link, where there is mail. Return whether it left."""
    if not settings.sends_mail:
        return False
    link = mails.link_to(settings, token)
    if is_new:
        text = mails.personal(invitee.name, gemeente_name, invitee.roles, link)
    else:
        text = mails.reset(link)
    try:
        send_mail(settings, mailbox, *text)
    except NotNow:
        return False
    with transaction(settings) as session:
        invitations.mail_left(session, token)
    return True


def _gemeente_as_json(line: overview.GemeenteLine) -> dict[str, object]:
    since = None
    if line.since is not None:
        since = line.since.isoformat()
    return {
        "gemeente": line.name,
        "organisatie": line.is_organisation,
        "sinds": since,
        "accounts": line.accounts,
        "plaatsen": line.places,
        "beheerders": line.beheerders,
        "teams": line.teams,
        "open_uitnodigingen": line.invitations,
    }


def _let_in(
    session: Session, settings: Settings, gemeente_id: int, invitee: Invitee
) -> tuple[str, Deed]:
    """Return a token, and what it is for: a new account, or a new password of one there is."""
    now, row_keys = utc_now(), keys_for(Use.ROWS, settings)
    keys = rules.address_keys(settings)
    account = service.account_by_address(session, invitee.address, keys)
    is_elsewhere = account is None or account.gemeente_id != gemeente_id
    if account is None or is_elsewhere or account.status == Status.REMOVED:
        token = invitations.invite(
            session, gemeente_id, invitee, now=now, keys=keys, row_keys=row_keys
        )
        return token, Deed.INVITED
    token = invitations.replace_password(
        session, gemeente_id, account.id, now=now, mailed=settings.sends_mail, row_keys=row_keys
    )
    return token, Deed.PASSWORD


def _team(session: Session, gemeente_id: int, name: str) -> int:
    here = _TEAMS.where(TEAM.c.gemeente_id == gemeente_id)
    row = row_named(session.execute(here), name)
    if row is None:
        raise click.ClickException(
            f"Er is daar geen team {name}. Voeg het toe: kopkrakers team add GEMEENTE {name!r}"
        )
    return row[0]
