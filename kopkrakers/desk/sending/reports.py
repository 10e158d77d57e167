"""What a reader says is wrong on a card: sent in as a case is, without who unless they say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, update
from sqlmodel import Session

from kopkrakers.base.db import new_id
from kopkrakers.catalogue.cards.card import Card, Knowledge
from kopkrakers.catalogue.editions.working_days import monday_of
from kopkrakers.desk.sending.marks import Mark, told
from kopkrakers.desk.sending.models import CARD_REPORT
from kopkrakers.desk.sending.service import CASE_WEEKS, Signature


@dataclass(frozen=True)
class CardPart:
    """A part of a card that can be wrong.

    `label` says nothing of its text, which not everyone may see yet.
    """

    code: str
    label: str
    text: str


def parts_of_card(card: Card) -> tuple[CardPart, ...]:
    """Return the parts of a card, in the order of the page."""
    story, options = "Het verhaal", "De werkwijzen, of wat ervoor en ertegen spreekt"
    if card.is_stelling:
        story, options = "De stelling", "De keuzes, of wat ervoor en ertegen spreekt"
    return (
        CardPart("verhaal", story, card.title),
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


# D-147
def report_card(
    session: Session,
    card: Card,
    part: CardPart,
    text: str,
    signature: Signature,
    marks: Sequence[Mark],
    today: date,
) -> None:
    """Keep what is wrong on a card, for the redactie."""
    row = {
        "id": new_id(),
        "week": monday_of(today),
        "slug": card.slug,
        "edition": card.edition,
        "part": part.code,
        "text": text,
        "marks": told(marks),
        "sender_id": signature.user_id,
        "gemeente": signature.gemeente,
        "taken_by": None,
        "done": False,
    }
    session.execute(insert(CARD_REPORT), row)


def forget_old_reports(session: Session, today: date) -> None:
    """Destroy reports of more than `CASE_WEEKS` weeks ago."""
    old = CARD_REPORT.c.week < monday_of(today) - timedelta(weeks=CASE_WEEKS)
    session.execute(delete(CARD_REPORT).where(old))


def forget_reporter(session: Session, user_id: int) -> None:
    """Take a person who leaves from what they reported and from what they had taken up."""
    sent = update(CARD_REPORT).where(CARD_REPORT.c.sender_id == user_id)
    session.execute(sent.values(sender_id=None, gemeente=None))
    taken = update(CARD_REPORT).where(CARD_REPORT.c.taken_by == user_id)
    session.execute(taken.values(taken_by=None))
