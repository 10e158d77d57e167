"""Providers as this process knows them, and its patience with them."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from kopkrakers.accounts.sso.asking import wire_of
from kopkrakers.accounts.sso.discovery import ProviderMemory
from kopkrakers.base.config import Settings
from kopkrakers.base.wire.asking import Patience


@dataclass(frozen=True)
class Sso:
    """Facts of providers that a process remembers, and its patience with them."""

    told: ProviderMemory
    patience: Patience


def install(app: Flask) -> None:
    """Start without anything remembered. One thread at least is left for other visitors."""
    settings: Settings = app.extensions["kopkrakers"].settings
    app.extensions["kopkrakers_sso"] = Sso(
        ProviderMemory(wire_of(settings)), Patience(at_once=max(1, settings.threads - 1))
    )


def sso() -> Sso:
    """Return what this process knows of providers."""
    return cast(Sso, current_app.extensions["kopkrakers_sso"])
