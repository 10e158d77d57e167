"""Reading a card that unfolds: what a person may read of it, choose after, and see of others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from kopkrakers.answers.figures import distributions_of
from kopkrakers.answers.pages.reading import DayEdition, Person, find_edition, may_see_result
from kopkrakers.answers.pages.unfolding.views import (
    AT_FIRST,
    PartFigures,
    SharesBesideEachOther,
    ToldChapter,
    Unfolding,
    beside_each_other,
    told_chapters,
)
from kopkrakers.answers.pages.views import UnfoldingLink
from kopkrakers.answers.service import ANSWERED, Turn, turns_of
from kopkrakers.base.db import Rows
from kopkrakers.base.dutch import near_day
from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.chapters import chapters_of
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.catalogue.library import Library
from kopkrakers.tallies.models import NL

NO_CHAPTER = "Dit dilemma heeft geen vervolg, of nog niet."


def find_unfolding(
    session: Session,
    library: Library,
    keys: Keys,
    person: Person,
    slug: str,
    number: int,
    today: date,
) -> Unfolding | None:
    """Return a card with its chapters; None for whoever has the card itself still to answer.

    `number`: of the edition of the card. `keys` verify the totals.
    Raises: NotYours when there is no such edition, or no chapter of it was told yet.
    """
    edition = find_edition(session, library, person, slug, today, number=number)
    editions = chapters_of(session, slug, number)
    told = told_chapters(edition.card, editions, today)
    if not told:
        raise NotYours(NO_CHAPTER)
    takes_part = _takes_part(person, edition)
    if not takes_part and not may_see_result(session, person, edition, today):
        return None
    turns = _turns(session, person, editions)
    asked = None
    if takes_part:
        asked = _asked(editions, turns, told, today)
    if asked is not None:
        told = told[: asked.place]
    last, turn = _last(turns)
    unfolding = Unfolding(edition, tuple(told), asked, last, turn, of=len(editions))
    # the new fact is to be weighed, not what colleagues made of the one before
    if asked is not None:
        return unfolding
    figures = _figures(session, keys, edition, told)
    coming = [one.opens_on for one in editions if one.opens_on > today]
    return replace(unfolding, figures=figures, next_on=min(coming, default=None))


def chapter_edition(session: Session, edition: DayEdition, place: int) -> PublishedEdition:
    """Return the edition of one chapter of a card. Raises: NotYours when there is none."""
    for chapter in chapters_of(session, edition.dilemma, edition.number):
        if chapter.chapter == place:
            return chapter
    raise NotYours(NO_CHAPTER)


def unfolding_link(session: Rows, person: Person, edition: DayEdition) -> UnfoldingLink | None:
    """Return the way from a result to the chapters of the card; None where there is none to tell.

    When the first comes is told to whoever can choose after it.
    """
    if not edition.card.chapters:
        return None
    editions = chapters_of(session, edition.dilemma, edition.number)
    if not editions:
        return None
    link = UnfoldingLink(edition.dilemma, edition.number, edition.card.title)
    first = editions[0].opens_on
    if first <= edition.today:
        return link
    if not _takes_part(person, edition):
        return None
    when = near_day(first, edition.today).capitalize()
    return UnfoldingLink(link.slug, link.edition, link.title, when)


def _takes_part(person: Person, edition: DayEdition) -> bool:
    return person.votes and edition.turn in ANSWERED


def _turns(session: Session, person: Person, editions: Sequence[PublishedEdition]) -> list[Turn]:
    """Return this person's turn on each chapter, in order."""
    places = [(edition.dilemma, edition.number) for edition in editions]
    known = turns_of(session, person.voter, places)
    return [known.get(place, Turn.NONE) for place in places]


def _asked(
    editions: Sequence[PublishedEdition],
    turns: Sequence[Turn],
    told: Sequence[ToldChapter],
    today: date,
) -> ToldChapter | None:
    """Return the first chapter that waits for a choice; None once one was taken back."""
    for edition, turn, chapter in zip(editions, turns, told, strict=False):
        if turn is Turn.NONE:
            return chapter if edition.is_open(today) else None
        if turn not in ANSWERED:
            return None
    return None


def _last(turns: Sequence[Turn]) -> tuple[int, Turn]:
    """Return the place of the last chapter with a used turn, and that turn; 0 for none."""
    for place in range(len(turns), 0, -1):
        if turns[place - 1] is not Turn.NONE:
            return place, turns[place - 1]
    return 0, Turn.NONE


def _figures(
    session: Session, keys: Keys, edition: DayEdition, told: Sequence[ToldChapter]
) -> SharesBesideEachOther:
    parts = []
    names = {0: AT_FIRST, **{chapter.place: chapter.name for chapter in told}}
    codes = edition.card.option_codes
    for place, name in names.items():
        number = edition.number + place
        distributions = distributions_of(session, keys, edition.dilemma, number, codes, None)
        parts.append(PartFigures(name, distributions.national, NL in distributions.doubtful))
    return beside_each_other(edition.card, parts)
