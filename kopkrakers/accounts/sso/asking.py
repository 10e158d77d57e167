"""Providers as this process knows them, its patience with them, and who may use a password."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import cast

from flask import Flask, current_app
from sqlmodel import Session

from kopkrakers.accounts.rules import address_keys
from kopkrakers.accounts.sso.arriving import ArrivalKeys
from kopkrakers.accounts.sso.discovery import Told
from kopkrakers.accounts.sso.providers import (
    Provider,
    provider_for,
    provider_of,
)
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotAllowed, Way
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.wire import Wire
from kopkrakers.base.wire.asking import Patience
from kopkrakers.web.state import state


@dataclass(frozen=True)
class Sso:
    """Facts of providers that a process remembers, and its patience with them."""

    told: Told
    patience: Patience


def install(app: Flask) -> None:
    """Start without anything remembered. One thread at least is left for other visitors."""
    settings: Settings = app.extensions["kopkrakers"].settings
    app.extensions["kopkrakers_sso"] = Sso(
        Told(wire_of(settings)), Patience(at_once=max(1, settings.threads - 1))
    )


def sso() -> Sso:
    """Return what this process knows of providers."""
    return cast(Sso, current_app.extensions["kopkrakers_sso"])


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


def check_password_may(session: Session, gemeente_id: int, user_id: int | None) -> None:
    """Make sure that somebody of this gemeente may use a password. `user_id`: if they have one.

    Raises: NotAllowed.
    """
    provider = provider_of(session, gemeente_id, state().row_keys)
    if provider is None or provider.passwords:
        return
    if user_id is None or user_id != provider.break_glass:
        raise NotAllowed(without_passwords(provider), Way.SIGN_IN)


def why_no_password(session: Session, address: str) -> str | None:
    """Return what to say of a wrong password, where nobody with such an address uses one.

    The same for every address, whether it has an account or not.
    """
    provider = provider_for(session, address, state().row_keys)
    if provider is None or provider.passwords:
        return None
    return without_passwords(provider)
