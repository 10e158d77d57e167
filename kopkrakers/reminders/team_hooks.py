"""Addresses of Teams or Slack where a team hears of its dilemma; its begeleider sets it.

The address is a secret: whoever has it can write in that channel. It is kept sealed and never
shown again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.accounts.teams import team
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import changed, put_over
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.reminders.models import TEAM_HOOK
from kopkrakers.reminders.sealing import seal_secret, unseal_secret

LABEL = "address of a team hook"
LONGEST_ADDRESS = 1000
"""Characters; those of Microsoft have some three hundred."""


@dataclass(frozen=True)
class Hook:
    """The address of a team, as it is shown. `host`: None when it cannot be read."""

    host: str | None
    at: int
    refused: bool


def name_of_managed(session: Session, visitor: Visitor, team_id: int) -> str:
    """Return the name of a team that this person looks after.

    That is a beheerder of its gemeente, or a begeleider who is in it.
    Raises: NotYours for anybody else.
    """
    if Role.BEHEERDER in visitor.roles:
        return team(session, visitor.gemeente_id, team_id).name
    return own_team(teams_of(session, visitor.id), team_id).name


def hook_of(session: Session, team_id: int, keys: Keys) -> Hook | None:
    """Return where a team hears of its dilemma; None for nowhere."""
    row = session.execute(select(TEAM_HOOK).where(TEAM_HOOK.c.team_id == team_id)).first()
    if row is None:
        return None
    address = unseal_secret(keys, LABEL, row.sealed)
    if address is None:
        host = None
    else:
        host = urlsplit(address.decode()).hostname
    return Hook(host, row.at, row.refused)


def allowed_address(typed: str, hosts: Collection[str]) -> str:
    """Return the typed address of a channel, where the operator allows its machine.

    Raises: WrongInput.
    """
    address = typed.strip()
    try:
        parts = urlsplit(address)
        is_https = parts.scheme == "https" and parts.port in (None, 443)
        # a name and a password before the host would make another machine look like a known one
        is_https = is_https and "@" not in parts.netloc
    except ValueError:
        is_https = False
    is_plain = address.isascii() and address.isprintable() and not {" ", "\\"} & set(address)
    if not is_https or not is_plain or len(address) > LONGEST_ADDRESS:
        raise WrongInput(
            "Plak het hele adres dat Teams of Slack je gaf. Het begint met https://", "adres"
        )
    if not is_allowed(parts.hostname or "", hosts):
        raise WrongInput(
            f"Dit adres is van {parts.hostname}, en dat staat deze server niet toe. Vraag wie de "
            "server beheert.",
            "adres",
        )
    return address


def is_allowed(host: str, hosts: Collection[str]) -> bool:
    """Whether a machine has one of these names, or stands under one."""
    return any(host == name or host.endswith(f".{name}") for name in hosts)


def set_hook(
    session: Session, team_id: int, address: str, *, at: int, keys: Keys, today: date
) -> None:
    """Tell a team of its dilemma at this address, from the next working day on."""
    sealed = seal_secret(keys, LABEL, address.encode())
    # set anew, so a channel that refused once gets its chance again
    row = {"team_id": team_id, "sealed": sealed, "at": at, "sent_on": today, "refused": False}
    put_over(session, TEAM_HOOK, [row])


def remove_hook(session: Session, team_id: int) -> bool:
    """Tell a team no longer. Return whether it was told."""
    return changed(session.execute(delete(TEAM_HOOK).where(TEAM_HOOK.c.team_id == team_id))) == 1
