"""Commands for whoever runs the server: the first gemeente, its teams, its first beheerder."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.accounts import invitations, mails, rules, service, teams
from kopkrakers.accounts.chain.gemeenten import sign_since
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import GEMEENTE, TEAM, Gemeente, Role, Status
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import NotNow, WrongInput
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.mail import send_mail
from kopkrakers.base.typed import clean_address, fold

_GEMEENTEN = select(GEMEENTE.c.id, GEMEENTE.c.name).order_by(GEMEENTE.c.id)
_TEAMS = select(TEAM.c.id, TEAM.c.name).order_by(TEAM.c.id)


@click.group()
def gemeente() -> None:
    """Gemeenten."""


@gemeente.command("add")
@click.argument("name")
def add_gemeente(name: str) -> None:
    """Voeg gemeente NAME toe."""
    settings = load_settings()
    with transaction(settings) as session:
        name = rules.clean_name(name)
        known = _named(session.execute(_GEMEENTEN), name)
        if known is not None:
            raise click.ClickException(f"Er is al een gemeente {known[1]}.")
        new = Gemeente(name=name, since=amsterdam_day(utc_now()))
        session.add(new)
        try:
            session.flush()
        except IntegrityError:
            raise click.ClickException(f"Er is al een gemeente {name}.") from None
        sign_since(session, keys_for(Use.ROWS, settings), service.id_of(new))
    click.echo(
        f"{name} is toegevoegd. Nu: kopkrakers invite {name!r} --name … --email … --role beheerder"
    )


@click.group()
def team() -> None:
    """Teams."""


@team.command("add")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.argument("name")
def add_team(gemeente_name: str, name: str) -> None:
    """Voeg team NAME toe aan GEMEENTE."""
    with transaction(load_settings()) as session:
        gemeente_id, _ = _gemeente(session, gemeente_name)
        name = rules.clean_name(name)
        teams.add_team(session, gemeente_id, name)
    click.echo(f"{name} is toegevoegd.")


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
def invite(
    gemeente_name: str, name: str, email: str, roles: tuple[str, ...], team_name: str | None
) -> None:
    """Nodig iemand uit bij GEMEENTE: geeft een link die één keer werkt, en mailt hem als dat kan.

    Heeft het adres daar al een account, dan is de link voor een nieuw wachtwoord.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, gemeente_name = _gemeente(session, gemeente_name)
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
        token, is_new = _let_in(session, settings, gemeente_id, invitee)
    link = mails.link_to(settings, token)
    click.echo(link)
    if is_new and waiting is not None:
        click.echo(f"De uitnodiging voor {waiting.name} ({waiting.email}) vervalt.", err=True)
    if settings.sends_mail:
        text = mails.personal(invitee.name, gemeente_name, link) if is_new else mails.reset(link)
        try:
            send_mail(settings, mailbox, *text)
        except NotNow:
            click.echo("De mail kon niet weg. De link werkt: geef hem zelf.", err=True)
            return
        click.echo(f"Gemaild naar {mailbox}.", err=True)


COMMANDS = (gemeente, team, invite)
"""What the `kopkrakers` command takes up."""


def _let_in(
    session: Session, settings: Settings, gemeente_id: int, invitee: Invitee
) -> tuple[str, bool]:
    """Return a token, and whether it makes a new account."""
    now, row_keys = utc_now(), keys_for(Use.ROWS, settings)
    keys = rules.address_keys(settings)
    account = service.account_by_address(session, invitee.address, keys)
    is_elsewhere = account is None or account.gemeente_id != gemeente_id
    if account is None or is_elsewhere or account.status == Status.REMOVED:
        token = invitations.invite(
            session, gemeente_id, invitee, now=now, keys=keys, row_keys=row_keys
        )
        return token, True
    token = invitations.replace_password(
        session, gemeente_id, account.id, now=now, mailed=settings.sends_mail, row_keys=row_keys
    )
    return token, False


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """Yield a transaction of a command; bad input ends it with a sentence."""
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            yield session
    except WrongInput as error:
        raise click.ClickException(error.sentence) from None
    finally:
        database.dispose()


def _gemeente(session: Session, name: str) -> tuple[int, str]:
    found = _named(session.execute(_GEMEENTEN), name)
    if found is None:
        raise click.ClickException(
            f"Er is geen gemeente {name}. Voeg haar toe: kopkrakers gemeente add {name!r}"
        )
    return found


def _team(session: Session, gemeente_id: int, name: str) -> int:
    here = _TEAMS.where(TEAM.c.gemeente_id == gemeente_id)
    found = _named(session.execute(here), name)
    if found is None:
        raise click.ClickException(
            f"Er is daar geen team {name}. Voeg het toe: kopkrakers team add GEMEENTE {name!r}"
        )
    return found[0]


def _named(rows: Iterable[Any], name: str) -> tuple[int, str] | None:
    """Return the id and name of the row with this name: exactly, else as names are compared."""
    known = [(int(row.id), str(row.name)) for row in rows]
    exact = [one for one in known if one[1] == name]
    alike = [one for one in known if fold(one[1]) == fold(name)]
    return next(iter(exact + alike), None)
