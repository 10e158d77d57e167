"""A person by the claims of their provider: only what is believed, cleaned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.rules import LONGEST_NAME
from kopkrakers.accounts.sso.providers import Provider
from kopkrakers.base.errors import NotAllowed, WrongInput
from kopkrakers.base.typed import clean_address, clean_line, differs_in_capitals_alone, is_seen

ASK_BEHEERDER = "Vraag het de beheerder van je gemeente."
NO_ADDRESS = (
    "Je werkaccount geeft geen werkadres door dat je organisatie heeft gecontroleerd. Zonder dat "
    f"adres kun je hier niet in. {ASK_BEHEERDER}"
)
OTHER_DOMAIN = (
    "Het adres van je werkaccount hoort niet bij deze gemeente. Log in op de pagina van de "
    f"gemeente waar je werkt. {ASK_BEHEERDER}"
)
NOT_OF_GEMEENTE = f"Je werkaccount hoort niet bij deze gemeente. {ASK_BEHEERDER}"


@dataclass(frozen=True)
class WorkPerson:
    """Somebody as their provider knows them. `roles`: which of the mapped roles they have."""

    subject: str
    address: str
    name: str
    roles: frozenset[Role]


def person_of(provider: Provider, claims: Mapping[str, Any]) -> WorkPerson:
    """Return who came.

    Raises: NotAllowed for somebody who is not of this gemeente, or whose address is not proved.
    """
    if provider.required is not None:
        name, value = provider.required
        if value not in _values(claims.get(name)):
            raise NotAllowed(NOT_OF_GEMEENTE)
    address = _address(provider, claims)
    return WorkPerson(
        subject=claims["sub"],
        address=address,
        name=_name(claims, address),
        roles=_roles(provider, claims),
    )


def _address(provider: Provider, claims: Mapping[str, Any]) -> str:
    said = claims.get("email_verified")
    # some providers write it as a text
    is_proved = said is True or said == "true"
    if not is_proved and not provider.trusts_address:
        raise NotAllowed(NO_ADDRESS)
    claimed = str(claims.get("email") or "")
    try:
        address = clean_address(claimed)
    except WrongInput:
        raise NotAllowed(NO_ADDRESS) from None
    # what had to be taken out of something longer is not what was proved
    if not differs_in_capitals_alone(address, claimed):
        raise NotAllowed(NO_ADDRESS)
    if address.rpartition("@")[2] not in provider.domains:
        raise NotAllowed(OTHER_DOMAIN)
    return address


def _name(claims: Mapping[str, Any], address: str) -> str:
    """Return the name that colleagues see; what stands before the @ where none is given."""
    given = claims.get("name")
    if isinstance(given, str):
        name = clean_line(given)
    else:
        name = ""
    if is_seen(name):
        return name[:LONGEST_NAME].strip()
    return address.partition("@")[0][:LONGEST_NAME]


def _roles(provider: Provider, claims: Mapping[str, Any]) -> frozenset[Role]:
    if provider.roles_from:
        values = _values(claims.get(provider.roles_from))
    else:
        values = frozenset()
    roles = set()
    for value, role in provider.roles:
        if value in values:
            roles.add(role)
    return frozenset(roles)


def _values(claim: object) -> frozenset[str]:
    """Return the values of a claim that may have one or more."""
    if isinstance(claim, list):
        listed = claim
    else:
        listed = [claim]
    return frozenset(value for value in listed if isinstance(value, str))
