"""How providers are reached, the keys of whoever comes from them, and who may use a password."""

from ipaddress import IPv4Address, IPv6Address

from sqlmodel import Session

from kopkrakers.accounts.rules import address_keys
from kopkrakers.accounts.sso.arriving import ArrivalKeys
from kopkrakers.accounts.sso.providers import (
    Provider,
    provider_for,
    provider_of,
)
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotAllowed, WayOn
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.base.wire import Wire


def wire_of(settings: Settings) -> Wire:
    """Return how providers are reached: public ones over TLS, or, to try, those of this machine."""
    if settings.sso_loopback:
        return Wire(may_reach=_is_this_machine, schemes=("https", "http"))
    return Wire()


def _is_this_machine(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback


def arrival_keys(settings: Settings) -> ArrivalKeys:
    """Return the keys by which somebody is found who comes with a work account."""
    return ArrivalKeys(
        keys_for(Use.WORK_ACCOUNTS, settings),
        address_keys(settings),
        keys_for(Use.ROWS, settings),
    )


def without_passwords(provider: Provider) -> str:
    """Return what to say to somebody who comes with a password where none is taken."""
    return (
        f"Bij {provider.gemeente} log je in met je werkaccount, niet met een wachtwoord. "
        "Kies ‘Inloggen met je werkaccount’."
    )


def check_password_may(
    session: Session, gemeente_id: int, user_id: int | None, row_keys: Keys
) -> None:
    """Make sure that somebody of this gemeente may use a password. `user_id`: if they have one.

    Raises: NotAllowed.
    """
    provider = provider_of(session, gemeente_id, row_keys)
    if provider is None or provider.passwords:
        return
    if user_id is None or user_id != provider.break_glass:
        raise NotAllowed(without_passwords(provider), WayOn.SIGN_IN)


def why_no_password(session: Session, address: str, row_keys: Keys) -> str | None:
    """Return what to say of a wrong password, where nobody with such an address uses one.

    The same for every address, whether it has an account or not.
    """
    provider = provider_for(session, address, row_keys)
    if provider is None or provider.passwords:
        return None
    return without_passwords(provider)
