"""Changing the provider of a gemeente: what must be right, and whose sessions end."""

from ipaddress import ip_address

from sqlalchemy import and_, delete, select
from sqlmodel import Session

from kopkrakers.accounts import service
from kopkrakers.accounts.models import PROVIDER, USER, WORK_ACCOUNT, Status
from kopkrakers.accounts.sso.providers import Provider, providers
from kopkrakers.base.errors import NotAllowed, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import is_domain
from kopkrakers.base.wire import Forbidden, Wire, https_parts


def check_provider(session: Session, new: Provider, keys: Keys, wire: Wire) -> None:
    """Make sure that a provider can be asked and that its domains are of its gemeente alone.

    Raises: WrongInput.
    """
    _check_issuer(new.issuer, wire)
    if not new.secret:
        raise WrongInput("Geef het geheim van de registratie op de standaardinvoer.")
    for domain in new.domains:
        if not is_domain(domain):
            raise WrongInput(f"{domain} is geen domein. Schrijf het zonder @, zoals gemeente.nl.")
    for other in providers(session, keys):
        if other.gemeente_id != new.gemeente_id:
            _check_apart(new, other)
    if any(not value.isprintable() for value, _ in new.roles):
        raise WrongInput("In de waarde van een rol staat een teken dat niet te zien is.")


def _check_apart(new: Provider, other: Provider) -> None:
    # of a domain in two gemeenten a provider of one could let people into the other
    shared = set(other.domains) & set(new.domains)
    if shared:
        raise WrongInput(f"{min(shared)} hoort al bij {other.gemeente}.")
    if other.slug == new.slug:
        raise WrongInput(f"{other.gemeente} heeft dezelfde naam in adressen.")


def _check_issuer(issuer: str, wire: Wire) -> None:
    try:
        parts = https_parts(issuer, wire.schemes)
    except Forbidden:
        raise WrongInput("De provider heeft een gewoon https-adres, zonder naam erin.") from None
    if parts.query or parts.fragment:
        raise WrongInput("Laat in het adres van de provider weg wat na ? of # komt.")
    try:
        address = ip_address(parts.hostname or "")
    # a name, which is looked up and judged when it is asked
    except ValueError:
        return
    if not wire.may_reach(address):
        raise WrongInput("De provider heeft een openbaar adres, geen adres binnen een netwerk.")


def forget_provider(session: Session, gemeente_id: int) -> None:
    """Delete the provider of a gemeente. Call `unlink_everybody` first."""
    session.execute(delete(PROVIDER).where(PROVIDER.c.gemeente_id == gemeente_id))


def unlink_everybody(session: Session, gemeente_id: int, row_keys: Keys) -> None:
    """End the sessions of everybody who signed in by a provider, and forget who they are there.

    Another provider, or another registration, gives the same people other names.
    """
    linked = (
        select(WORK_ACCOUNT.c.user_id)
        .join(USER, USER.c.id == WORK_ACCOUNT.c.user_id)
        .where(USER.c.gemeente_id == gemeente_id)
    )
    user_ids = sorted(session.execute(linked).scalars())
    session.execute(delete(WORK_ACCOUNT).where(WORK_ACCOUNT.c.user_id.in_(user_ids)))
    _sign_out(session, user_ids, row_keys)


def sign_out_passwords(
    session: Session, gemeente_id: int, break_glass: int | None, row_keys: Keys
) -> None:
    """End the sessions of all who have a password, but of the account for emergencies."""
    with_password = and_(
        USER.c.gemeente_id == gemeente_id,
        USER.c.status == Status.ACTIVE,
        USER.c.password_hash.is_not(None),
        USER.c.id.is_distinct_from(break_glass),
    )
    statement = select(USER.c.id).where(with_password).order_by(USER.c.id)
    _sign_out(session, list(session.execute(statement).scalars()), row_keys)


def _sign_out(session: Session, user_ids: list[int], row_keys: Keys) -> None:
    for user_id in user_ids:
        try:
            service.sign_out_everywhere(session, user_id, row_keys)
        # an altered account opens no page anyway
        except NotAllowed:
            continue
