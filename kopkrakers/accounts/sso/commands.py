"""Commands for signing in with work accounts: set a provider, its passwords, and the nightly look.

The secret of our client is asked for or read from the standard input: an argument of a command
stands in the history of a shell and in the list of processes.
"""

from dataclasses import replace

import click
from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.invitations import is_organisation
from kopkrakers.accounts.models import USER, Role, Status
from kopkrakers.accounts.operator.acting import note, of_gemeente, transaction, typed_secret
from kopkrakers.accounts.people import GIVEN_BY_BEHEERDER
from kopkrakers.accounts.sso.asking import wire_of
from kopkrakers.accounts.sso.checking import check_sessions
from kopkrakers.accounts.sso.discovery import ProviderMemory, metadata_of
from kopkrakers.accounts.sso.providers import (
    Provider,
    keep_provider,
    provider_of,
    providers,
    slug_of,
)
from kopkrakers.accounts.sso.setting import (
    check_provider,
    forget_provider,
    sign_out_passwords,
    unlink_everybody,
)
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.base.wire.asking import Unreachable

_ROLES = {role.value for role in GIVEN_BY_BEHEERDER}
NO_WORK_ACCOUNT = (
    "{name} is een organisatie van onderzoekers. Daar logt iedereen in met een wachtwoord: een "
    "provider zou nieuwe mensen een rol geven die stemt."
)


@click.group()
def sso() -> None:
    """Inloggen met het werkaccount (OpenID Connect)."""


@sso.command("set")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.option("--issuer", required=True, help="Adres van de provider, precies zoals die het noemt.")
@click.option("--client-id", required=True, help="Het nummer van de registratie bij de provider.")
@click.option("--domain", "domains", required=True, multiple=True, help="Domein van werkadressen.")
@click.option("--require", "required", default="", help="NAAM=WAARDE die ieders token moet hebben.")
@click.option("--trust-address", is_flag=True, help="Vertrouw het adres ook zonder email_verified.")
@click.option("--roles-from", default="", help="Claim waaruit rollen komen, zoals groups.")
@click.option(
    "--role", "mapped", multiple=True, help="ROL=WAARDE: wie de waarde heeft, krijgt de rol."
)
@click.option(
    "--no-renewal", is_flag=True, help="Vraag geen refresh token; iedereen logt elke dag in."
)
def set_provider(
    gemeente_name: str,
    issuer: str,
    client_id: str,
    domains: tuple[str, ...],
    required: str,
    *,
    trust_address: bool,
    roles_from: str,
    mapped: tuple[str, ...],
    no_renewal: bool,
) -> None:
    """Laat GEMEENTE inloggen bij haar eigen provider.

    Het geheim van de registratie typ je als het gevraagd wordt, of komt van de standaardinvoer.
    """
    settings = load_settings()
    only_with = None
    if required:
        only_with = _pair(required)
    new = Provider(
        gemeente_id=0,
        gemeente="",
        slug="",
        issuer=issuer,
        client_id=client_id,
        secret=typed_secret("Geheim van de registratie"),
        domains=tuple(map(str.lower, domains)),
        required=only_with,
        trusts_address=trust_address,
        roles_from=roles_from,
        roles=tuple(map(_role, mapped)),
        renews=not no_renewal,
    )
    provider = _kept(settings, gemeente_name, new)
    page = f"{settings.base_url}/inloggen/bij/{provider.slug}"
    click.echo(f"{provider.gemeente} kan inloggen op {page}")
    click.echo(f"Redirect URI bij de provider: {page}/terug")
    click.echo(f"Back-channel logout URI: {page}/uitgelogd")


@sso.command("passwords")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.argument("allowed", type=click.Choice(["aan", "uit"]))
@click.option(
    "--break-glass", "address", help="Werkadres van wie altijd met een wachtwoord in kan."
)
def set_passwords(gemeente_name: str, allowed: str, address: str | None) -> None:
    """Zet inloggen met een wachtwoord bij GEMEENTE aan of uit.

    Uit kan alleen met een noodaccount: iemand met een wachtwoord, voor als de provider weg is.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, gemeente_name)
        keys = row_keys(settings)
        provider = provider_of(session, gemeente_id, keys)
        if provider is None:
            raise click.ClickException(
                f"{name} logt niet in met een werkaccount. Eerst: kopkrakers sso set"
            )
        break_glass = provider.break_glass
        if address is not None:
            break_glass = _break_glass(session, settings, gemeente_id, address)
        if allowed == "uit" and break_glass is None:
            raise click.ClickException("Geef een noodaccount: --break-glass ADRES")
        changed = replace(provider, passwords=allowed == "aan", break_glass=break_glass)
        keep_provider(session, changed, keys)
        if allowed == "uit":
            sign_out_passwords(session, gemeente_id, break_glass, keys)
        note(session, settings, Deed.PASSWORDS, gemeente_id, allowed)
    click.echo(f"Inloggen met een wachtwoord staat bij {name} {allowed}.")


@sso.command("remove")
@click.argument("gemeente_name", metavar="GEMEENTE")
def remove_provider(gemeente_name: str) -> None:
    """Laat GEMEENTE niet meer inloggen met het werkaccount.

    Wie geen wachtwoord heeft, vraagt er een aan of krijgt van de beheerder een link.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, gemeente_name)
        unlink_everybody(session, gemeente_id, row_keys(settings))
        forget_provider(session, gemeente_id)
        note(session, settings, Deed.PROVIDER_REMOVED, gemeente_id)
    click.echo(f"{name} logt niet meer in met het werkaccount.")


@sso.command("list")
def list_providers() -> None:
    """Laat zien welke gemeenten met het werkaccount inloggen. Geheimen staan er niet bij."""
    settings = load_settings()
    with transaction(settings) as session:
        for provider in providers(session, row_keys(settings)):
            if provider.passwords:
                passwords = "ook met wachtwoord"
            else:
                passwords = "zonder wachtwoord"
            ends = ", ".join(f"@{domain}" for domain in provider.domains)
            click.echo(f"{provider.gemeente}: {provider.issuer}, {ends}, {passwords}")


@sso.command("check")
def check_everybody() -> None:
    """Vraag elke provider of die ieder die hier is ingelogd nog kent. Draai dit elke nacht."""
    settings = load_settings()
    memory = ProviderMemory(wire_of(settings))
    with Database(settings.database_url) as database:
        counts = check_sessions(database, memory, keys=row_keys(settings), now=utc_now())
    click.echo(
        f"Nog bekend: {counts.known}. Niet meer: {counts.gone}. Geen antwoord: {counts.unanswered}."
    )


COMMANDS = (sso,)
"""The commands of this module for `kopkrakers`."""


def row_keys(settings: Settings) -> Keys:
    """Return the keys that sign rows."""
    return keys_for(Use.ROWS, settings)


def _kept(settings: Settings, gemeente_name: str, new: Provider) -> Provider:
    """Keep a provider for the gemeente with this name, and return it with all that belongs there.

    Whether passwords are taken stays as it was.
    """
    keys = row_keys(settings)
    with transaction(settings) as session:
        gemeente_id, name = of_gemeente(session, gemeente_name)
        if is_organisation(session, gemeente_id):
            raise click.ClickException(NO_WORK_ACCOUNT.format(name=name))
        new = replace(new, gemeente_id=gemeente_id, gemeente=name, slug=slug_of(name))
        earlier = provider_of(session, gemeente_id, keys)
        if earlier is not None:
            new = replace(new, passwords=earlier.passwords, break_glass=earlier.break_glass)
        check_provider(session, new, keys, wire_of(settings))
        try:
            metadata_of(ProviderMemory(wire_of(settings)), new)
        except Unreachable:
            raise click.ClickException(
                f"Op {new.issuer} antwoordt geen provider die zich zo noemt, of hij noemt een "
                "adres dat niet openbaar is. Er is niets veranderd."
            ) from None
        if earlier:
            before = (earlier.issuer, earlier.client_id)
        else:
            before = None
        if before not in (None, (new.issuer, new.client_id)):
            unlink_everybody(session, gemeente_id, keys)
        keep_provider(session, new, keys)
        note(session, settings, Deed.PROVIDER_SET, gemeente_id, new.issuer[:200])
    return new


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or not value:
        raise click.ClickException(f"Schrijf {text!r} als NAAM=WAARDE.")
    return name, value


def _role(text: str) -> tuple[str, Role]:
    name, value = _pair(text)
    if name not in _ROLES:
        raise click.ClickException(f"{name} is geen rol die een provider mag geven.")
    return value, Role(name)


def _break_glass(session: Session, settings: Settings, gemeente_id: int, address: str) -> int:
    account = service.account_by_address(session, address, rules.address_keys(settings))
    if account is None or account.gemeente_id != gemeente_id or account.status != Status.ACTIVE:
        raise click.ClickException(f"{address} heeft hier geen account dat werkt.")
    statement = select(USER.c.password_hash).where(USER.c.id == account.id)
    if session.execute(statement).scalar() is None:
        raise click.ClickException(f"{address} heeft nog geen wachtwoord.")
    return int(account.id)
