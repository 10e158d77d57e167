"""Telling the redactie that something on a card is not right: signed by who tells it, apart from any answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.models import User
from kopkrakers.base.config import Settings
from kopkrakers.base.db import table
from kopkrakers.base.errors import NotNow, NotYours
from kopkrakers.base.mail import send_mail
from kopkrakers.catalogue.cards.card import Card, Knowledge

USER = table(User)
LONGEST_REPORT = 2000
"""Signs of a report, at most."""
NOT_REACHABLE = "De redactie is hier nog niet per mail te bereiken. Vertel het aan de beheerder van je gemeente."
_SENDER = select(USER.c.name, USER.c.email).where(
    USER.c.id == bindparam("user_id"), USER.c.status == "active"
)


@dataclass(frozen=True)
class Item:
    """A part of a card that can be wrong. `label` tells nothing of what stands there: not everyone may see that."""

    code: str
    label: str
    text: str


@dataclass(frozen=True)
class Sender:
    """Who tells it."""

    name: str
    address: str
    gemeente: str


def items_of(card: Card) -> tuple[Item, ...]:
    """The parts of a card, in the order of the page."""
    kinds: Sequence[tuple[str, str, tuple[Knowledge, ...]]] = (
        ("onderzoek", "Onderzoek", card.research),
        ("wet", "Wet en regels", card.law),
        ("client", "Cliënt", card.client),
    )
    return (
        Item("verhaal", "Het verhaal", card.title),
        Item("werkwijzen", "De werkwijzen, of wat ervoor en ertegen spreekt", card.title),
        *(
            Item(
                f"{kind}-{number}",
                f"{label}, nummer {number}",
                f"{item.heading} ({item.source}, {item.date})",
            )
            for kind, label, items in kinds
            for number, item in enumerate(items, start=1)
        ),
        Item("anders", "Iets anders op deze kaart", card.title),
    )


def can_tell(settings: Settings) -> bool:
    """Whether the redactie can be reached from here."""
    return settings.redactie_email is not None and settings.sends_mail


def sender_of(session: Session, user_id: int, gemeente: str) -> Sender:
    """Who someone is to the redactie.

    Raises: NotYours when the account is gone.
    """
    row = session.connection().execute(_SENDER, {"user_id": user_id}).first()
    if row is None or row.email is None:
        raise NotYours
    return Sender(row.name or row.email, row.email, gemeente)


def tell_redactie(settings: Settings, card: Card, item: Item, words: str, sender: Sender) -> None:
    """Mail the redactie, with the sender's address to answer to.

    Raises: NotNow when the redactie cannot be reached.
    """
    if settings.redactie_email is None or not settings.sends_mail:
        raise NotNow(NOT_REACHABLE)
    text = (
        f"Kaart: {card.title} ({card.slug}, editie {card.edition})\n"
        f"Onderdeel: {item.label}: {item.text}\n\n"
        f"{words}\n\n"
        f"{sender.name}, {sender.gemeente}\n{sender.address}\n\n"
        "Verstuurd met ‘Klopt dit niet?’ in Kopkrakers. Wat deze persoon koos, weten we niet.\n"
    )
    send_mail(
        settings,
        settings.redactie_email,
        f"Klopt dit niet? {card.title}",
        text,
        reply_to=sender.address,
    )
