"""Decisions about people without a database: addresses, names, roles, links, where to go next."""

import hmac
from collections.abc import Collection, Iterable
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from kopkrakers.accounts.models import VOTING_ROLES, InvitationKind, Role, Status
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotAllowed, TooLate, WayOn, WrongInput
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.typed import canonical_address, clean_line, is_seen, own_path

AddressKeys = tuple[bytes, ...]
"""The keys under which an address may be kept; the first is used for new ones."""

LONGEST_NAME = 80
TOKEN_BYTES = 20
"""160 random bits in a link: 27 characters, short enough for a small QR code."""

NOT_THIS_WAY = (
    "Met deze link kun je niet verder. Heb je al een account? Log dan in. "
    "Anders: vraag de beheerder om een uitnodiging per mail."
)
ELSEWHERE = (
    "Je hebt al een account, bij een andere gemeente. Met één adres kun je één account hebben. "
    "Werk je nu hier? Log in, verwijder dat account bij Account, en open deze link opnieuw."
)
BLOCKED = "Dit account staat stil. Vraag de beheerder van je gemeente wat er aan de hand is."


class LinkStep(StrEnum):
    """The steps to which a link can lead."""

    BEGIN = "begin"
    PROVE = "prove"
    JOIN_TEAM = "join_team"
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105


def check_domain(address: str, domains: Collection[str], field: str = "adres") -> None:
    """Check that the own address of somebody is a work address, where only some domains are.

    Raises: WrongInput.
    """
    if is_outside(address, domains):
        raise WrongInput(f"Gebruik je werkadres. Dat eindigt op {_endings(domains)}.", field)


def check_domain_in_list(address: str, domains: Collection[str]) -> None:
    """Check an address of somebody else among many: outside the domains it is invited by itself.

    Raises: WrongInput.
    """
    if is_outside(address, domains):
        sentence = _outside(domains)
        raise WrongInput(f"{sentence} Klopt het toch? Nodig deze persoon dan apart uit.", "adres")


def check_domain_is_meant(address: str, domains: Collection[str], *, meant: bool) -> None:
    """Check an address to invite: outside the domains only where whoever invites means it.

    Raises: WrongInput, with the question.
    """
    if meant or not is_outside(address, domains):
        return
    sentence = _outside(domains)
    raise WrongInput(f"{sentence} Klopt het toch? Zet dan het vinkje eronder.", "adres")


def is_outside(address: str, domains: Collection[str]) -> bool:
    """Whether an address ends on none of the domains; never where none are set."""
    return bool(domains) and address.rpartition("@")[2] not in domains


def _outside(domains: Collection[str]) -> str:
    return f"Dit adres eindigt niet op {_endings(domains)}."


def _endings(domains: Collection[str]) -> str:
    return " of ".join(f"@{domain}" for domain in domains)


def address_keys(settings: Settings) -> AddressKeys:
    """Return the keys of this installation, the current one first."""
    return keys_for(Use.ADDRESSES, settings).all


def address_pseudonym(address: str, key: bytes) -> str:
    """Return the pseudonym of an address, which stays when the account is removed.

    It tells whether someone comes back, not who it was. All spellings of one address have one.
    """
    canonical = canonical_address(address)
    return hmac.new(key, b"kopkrakers address\0" + canonical.encode(), sha256).hexdigest()


def address_pseudonyms(address: str, keys: AddressKeys) -> list[str]:
    """Return every pseudonym under which this address may be kept, the current one first."""
    return [address_pseudonym(address, key) for key in keys]


def clean_name(typed: str, field: str = "naam") -> str:
    """Return a name on one line, cleaned. Emoji stay.

    Raises: WrongInput when nothing of it can be seen, or it is too long.
    """
    name = clean_line(typed)
    if not is_seen(name):
        raise WrongInput("Vul een naam in.", field)
    if len(name) > LONGEST_NAME:
        raise WrongInput(f"Maak de naam korter: hoogstens {LONGEST_NAME} tekens.", field)
    return name


def check_roles(roles: Iterable[str], field: str = "rollen") -> frozenset[Role]:
    """Return these roles, if one account may have them together.

    Raises: WrongInput when there is none, one is unknown, or an onderzoeker would also vote.
    """
    try:
        chosen = frozenset(map(Role, roles))
    except ValueError:
        # a file of people is no list to choose from
        raise WrongInput(f"Deze rol bestaat niet. Kies uit: {', '.join(Role)}.", field) from None
    if not chosen:
        raise WrongInput("Kies ten minste één rol.", field)
    if Role.ONDERZOEKER in chosen and chosen & VOTING_ROLES:
        raise WrongInput(
            "Een onderzoeker stemt niet mee. Kies onderzoeker, of de andere rollen.", field
        )
    return chosen


def new_token() -> str:
    """Return a random secret for a link; only its hash is kept."""
    return token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what the database keeps of a link: the hash of its token."""
    return sha256(token.encode(errors="replace")).hexdigest()


def path_after_sign_in(wished: str | None) -> str:
    """Return the path of this site that was asked for before signing in, else today's dilemma."""
    path = own_path(wished)
    if path.startswith(("/inloggen", "/uitloggen")):
        return "/"
    return path


def landing_path(path: str, roles: Collection[str]) -> str:
    """Return where somebody arrives who asked for no page of their own.

    Who answers dilemmas meets that of today; who does not, the pages of their work.
    """
    if path != "/" or not VOTING_ROLES.isdisjoint(roles):
        return path
    if Role.BEHEERDER in roles:
        return "/beheer"
    if Role.ONDERZOEKER in roles:
        return "/onderzoek"
    if Role.REDACTEUR in roles:
        return "/redactie"
    return path


# D-180
def step_for(
    kind: str,
    *,
    status: str | None,
    mailed: bool,
    sends_mail: bool,
    same_gemeente: bool,
    to_team: bool,
) -> LinkStep:
    """Return the step of a link, for an address whose account, if any, has this status.

    `mailed`: only the owner of the address can have the link. A printed invitation leads to the
    same step whatever account its address has: whoever made it can open it too.
    Raises: NotAllowed for a blocked account, TooLate when the link leads nowhere.
    """
    if kind == InvitationKind.RESET:
        may_open = same_gemeente and (mailed or not sends_mail)
        return _step_of_reset(status, may_open=may_open)
    if not mailed:
        return LinkStep.PROVE if sends_mail else LinkStep.BEGIN
    if status is None or status == Status.REMOVED:
        return LinkStep.BEGIN
    if status == Status.BLOCKED:
        raise NotAllowed(BLOCKED)
    if not same_gemeente:
        raise TooLate(ELSEWHERE, WayOn.SIGN_IN)
    if to_team:
        return LinkStep.JOIN_TEAM
    raise TooLate(NOT_THIS_WAY)


def _step_of_reset(status: str | None, *, may_open: bool) -> LinkStep:
    if status == Status.BLOCKED and may_open:
        raise NotAllowed(BLOCKED)
    if status != Status.ACTIVE or not may_open:
        raise TooLate(NOT_THIS_WAY)
    return LinkStep.CHOOSE_PASSWORD
