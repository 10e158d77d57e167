"""The provider of each gemeente: kept under a MAC, with its secret sealed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Row, Select, delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE, PROVIDER, ProviderRow, Role
from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys, derive
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac
from kopkrakers.base.typed import fold

_ALL = select(PROVIDER, GEMEENTE.c.name.label("gemeente")).join(
    GEMEENTE, GEMEENTE.c.id == PROVIDER.c.gemeente_id
)
_FIELDS = (
    "gemeente_id",
    "slug",
    "issuer",
    "client_id",
    "secret",
    "domains",
    "required",
    "trusts_address",
    "roles_from",
    "roles",
    "renews",
    "passwords",
)


@dataclass(frozen=True)
class Provider:
    """The provider of a gemeente's work accounts, and what is believed of it.

    `required`: name and value of a claim that everybody of this gemeente has, where one provider
    serves several. `trusts_address`: an address counts as proved without `email_verified`.
    `roles`: which values of the claim `roles_from` give which role. `passwords`: whether signing in
    with a password works too; for `break_glass` it always does. `renews`: whether we ask for what
    lets us hear each night who is still known.
    """

    gemeente_id: int
    gemeente: str
    slug: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    domains: tuple[str, ...]
    required: tuple[str, str] | None = None
    trusts_address: bool = False
    roles_from: str = ""
    roles: tuple[tuple[str, Role], ...] = ()
    renews: bool = True
    passwords: bool = True
    break_glass: int | None = None

    def to_show(self) -> "Provider":
        """Return all of it but the secret, for a page."""
        return replace(self, secret="")


def slug_of(gemeente: str) -> str:
    """Return how a gemeente stands in an address: "'s-Hertogenbosch" is s-hertogenbosch."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in fold(gemeente))
    return "-".join(plain.split()) or "gemeente"


def providers(session: Session, keys: Keys) -> list[Provider]:
    """Return every provider that holds."""
    return _that_hold(session, _ALL.order_by(PROVIDER.c.gemeente_id), keys)


def provider_of(session: Session, gemeente_id: int, keys: Keys) -> Provider | None:
    """Return the provider of a gemeente. None where it has none, or somebody changed its row."""
    of_gemeente = _ALL.where(PROVIDER.c.gemeente_id == gemeente_id)
    return next(iter(_that_hold(session, of_gemeente, keys)), None)


def provider_at(session: Session, slug: str, keys: Keys) -> Provider:
    """Return the provider of the gemeente with this name in addresses.

    Raises: NotYours.
    """
    for provider in _that_hold(session, _ALL.where(PROVIDER.c.slug == slug), keys):
        return provider
    raise NotYours(
        "Dit adres hoort bij geen gemeente die met het werkaccount inlogt. "
        "Ga naar de gewone pagina om in te loggen."
    )


def provider_for(session: Session, address: str, keys: Keys) -> Provider | None:
    """Return the provider that knows addresses of this domain; None when there is none."""
    domain = address.rpartition("@")[2]
    for provider in providers(session, keys):
        if domain in provider.domains:
            return provider
    return None


def has_providers(session: Session) -> bool:
    """Whether any gemeente has a provider."""
    return session.execute(select(PROVIDER.c.gemeente_id).limit(1)).first() is not None


def _that_hold(session: Session, which: Select[Any], keys: Keys) -> list[Provider]:
    """Return the providers whose row is as it was written: their MAC holds."""
    holding = []
    for row in session.execute(which):
        if provider_holds(keys, row):
            holding.append(_opened(row, keys))
    return holding


def keep_provider(session: Session, provider: Provider, keys: Keys) -> None:
    """Keep a provider, in the place of an earlier one of its gemeente."""
    earlier = PROVIDER.c.gemeente_id == provider.gemeente_id
    session.execute(delete(PROVIDER).where(earlier))
    required = ""
    if provider.required:
        required = "=".join(provider.required)
    row = ProviderRow(
        gemeente_id=provider.gemeente_id,
        slug=provider.slug,
        issuer=provider.issuer,
        client_id=provider.client_id,
        secret=seal_text(keys, provider.secret),
        domains=",".join(provider.domains),
        required=required,
        trusts_address=provider.trusts_address,
        roles_from=provider.roles_from,
        roles="\n".join(f"{role.value}={value}" for value, role in provider.roles),
        renews=provider.renews,
        passwords=provider.passwords,
        break_glass=provider.break_glass,
    )
    row.mac = sign(keys, *_fields(row))
    session.add(row)
    session.flush()


def provider_holds(keys: Keys, row: Any) -> bool:
    """Whether a provider is as the operator last set it."""
    return row.mac is not None and verify_mac(keys, row.mac, *_fields(row))


def providers_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the providers that hold by a former key alone."""
    return of_former_key(keys, session.execute(_ALL), provider_holds)


def sign_providers_anew(session: Session, keys: Keys, found: Iterable[Row[Any]]) -> None:
    """Sign and seal these providers by the current key."""
    for row in found:
        keep_provider(session, _opened(row, keys), keys)


def _fields(row: Any) -> Fields:
    fields: list[Any] = ["provider"]
    for name in _FIELDS:
        value = getattr(row, name)
        # signed as a number, as databases store it
        if isinstance(value, bool):
            value = int(value)
        fields.append(value)
    break_glass = row.break_glass
    # no number stands for nobody: any could be somebody's id
    if break_glass is None:
        break_glass = ""
    return (*fields, break_glass)


def _opened(row: Row[Any], keys: Keys) -> Provider:
    required = None
    name, _, value = row.required.partition("=")
    if name:
        required = name, value
    # a line a role: the role, then the value of the claim, which may hold any character
    roles = []
    for line in row.roles.splitlines():
        role, _, claimed = line.partition("=")
        roles.append((claimed, Role(role)))
    return Provider(
        gemeente_id=row.gemeente_id,
        gemeente=row.gemeente,
        slug=row.slug,
        issuer=row.issuer,
        client_id=row.client_id,
        secret=unseal_text(keys, row.secret) or "",
        domains=tuple(row.domains.split(",")),
        required=required,
        trusts_address=row.trusts_address,
        roles_from=row.roles_from,
        roles=tuple(roles),
        renews=row.renews,
        passwords=row.passwords,
        break_glass=row.break_glass,
    )


def seal_text(keys: Keys, text: str) -> bytes:
    """Return a text that only this installation opens. `keys`: those that sign rows."""
    return bytes(SecretBox(_sealing(keys.current)).encrypt(text.encode()))


def unseal_text(keys: Keys, sealed: bytes) -> str | None:
    """Return a text that any of the keys sealed; None for anything else."""
    for key in keys.all:
        try:
            return SecretBox(_sealing(key)).decrypt(sealed).decode()
        except (CryptoError, ValueError):
            continue
    return None


def _sealing(key: bytes) -> bytes:
    return derive(key, "secrets of providers")
