"""The mail to the redactie about a mistake on a card: signed, and apart from any answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotNow, NotYours
from kopkrakers.base.mail import send_mail
from kopkrakers.catalogue.cards.card import Card, Knowledge

LONGEST_REPORT = 2000
"""Characters of a report, at most."""
NOT_REACHABLE = (
    "De redactie is hier nog niet per mail te bereiken. "
    "Vertel het aan de beheerder van je gemeente."
)
_SENDER = select(USER.c.name, USER.c.email).where(
    USER.c.id == bindparam("user_id"), USER.c.status == "active"
)


@dataclass(frozen=True)
class CardPart:
    """A part of a card that can be wrong.

    `label` says nothing of its text, which not everyone may see yet.
    """

    code: str
    label: str
    text: str


@dataclass(frozen=True)
class Sender:
    """The person who reports a mistake."""

    name: str
    address: str
    gemeente: str


def parts_of_card(card: Card) -> tuple[CardPart, ...]:
    """Return the parts of a card, in the order of the page."""
    if card.is_stelling:
        return (
            CardPart("stelling", "De stelling", card.title),
            CardPart("herkomst", "Waar de stelling vandaan komt", card.title),
            CardPart("anders", "Iets anders op deze kaart", card.title),
        )
    options = "De werkwijzen, of wat ervoor en ertegen spreekt"
    return (
        CardPart("verhaal", "Het verhaal", card.title),
        CardPart("werkwijzen", options, card.title),
        *_knowledge_parts("onderzoek", "Onderzoek", card.research),
        *_knowledge_parts("wet", "Wet en regels", card.law),
        *_knowledge_parts("client", "Cliënt", card.client),
        CardPart("anders", "Iets anders op deze kaart", card.title),
    )


def _knowledge_parts(kind: str, label: str, items: Sequence[Knowledge]) -> Iterator[CardPart]:
    for number, item in enumerate(items, start=1):
        text = f"{item.heading} ({item.source}, {item.date})"
        yield CardPart(f"{kind}-{number}", f"{label}, nummer {number}", text)


def can_tell(settings: Settings) -> bool:
    """Whether the redactie can be reached from here."""
    return settings.redactie_email is not None and settings.sends_mail


def sender_of(session: Session, user_id: int, gemeente: str) -> Sender:
    """Return the name and address under which the redactie hears from someone.

    Raises: NotYours when the account is gone.
    """
    row = session.execute(_SENDER, {"user_id": user_id}).first()
    if row is None or row.email is None:
        raise NotYours
    return Sender(row.name or row.email, row.email, gemeente)


def tell_redactie(
    settings: Settings, card: Card, part: CardPart, words: str, sender: Sender
) -> None:
    """Mail the redactie, with the sender's address to answer to.

    Raises: NotNow when the redactie cannot be reached.
    """
    # as `can_tell`, written out so that the address is known to be there
    if settings.redactie_email is None or not settings.sends_mail:
        raise NotNow(NOT_REACHABLE)
    text = (
        f"Kaart: {card.title} ({card.slug}, editie {card.edition})\n"
        f"Onderdeel: {part.label}: {part.text}\n\n"
        f"{words}\n\n"
        f"{sender.name}, {sender.gemeente}\n{sender.address}\n\n"
        "Verstuurd met ‘Er klopt iets niet’ in Kopkrakers. Wat deze persoon koos, weten we niet.\n"
    )
    send_mail(
        settings,
        settings.redactie_email,
        f"Er klopt iets niet: {card.title}",
        text,
        reply_to=sender.address,
    )
