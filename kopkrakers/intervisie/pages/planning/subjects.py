"""The dilemmas to choose from: by words and theme, the agenda first, in portions."""

from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.agenda.service import WISH

_WISHED = select(WISH.c.dilemma).where(WISH.c.team_id == bindparam("team_id")).distinct()
PORTION = 8
"""Dilemmas of the archive that come into view at a time."""
MOST_SHOWN = 10_000
BEGINNING = 150
"""Characters of a story that are shown, at most."""


@dataclass(frozen=True)
class SubjectSearch:
    """A search. `shown`: how many of the archive are in view; `chosen` stays in view.

    `is_asked`: somebody looks for a dilemma now, so the list is not to be folded.
    """

    words: str = ""
    theme: str = ""
    shown: int = PORTION
    chosen: str = ""
    is_asked: bool = False


@dataclass(frozen=True)
class Subject:
    """A dilemma that can be chosen. `beginning`: of its story; `unfolds`: it has chapters."""

    slug: str
    title: str
    theme: str
    beginning: str
    unfolds: bool


@dataclass(frozen=True)
class SubjectGroup:
    """Dilemmas under one heading of the list."""

    label: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class SubjectList:
    """The dilemmas in view. `chosen` stands apart from the groups, whatever is looked for.

    `found`: how many suit; `next_shown`: to ask for more, if there are.
    """

    wanted: SubjectSearch
    themes: tuple[tuple[str, str], ...]
    chosen: Subject | None
    groups: tuple[SubjectGroup, ...]
    found: int
    next_shown: int | None


def subject_list(
    session: Session, library: Library, wanted: SubjectSearch, *, team_id: int, today: date
) -> SubjectList:
    """Return what was chosen, what colleagues asked for, then the archive, each newest first."""
    wished = set(session.execute(_WISHED, {"team_id": team_id}).scalars())
    chosen, found = None, 0
    agenda, others = [], []
    for entry in archive(session, library, today):
        if entry.card.is_stelling:
            continue
        suits = entry.suits(theme=wanted.theme or None, words=wanted.words)
        found += suits
        # what was chosen never disappears behind a search
        if entry.card.slug == wanted.chosen:
            chosen = _subject(entry.card)
        elif suits and entry.card.slug in wished:
            agenda.append(_subject(entry.card))
        elif suits:
            others.append(entry.card)
    in_view = tuple(map(_subject, others[: wanted.shown]))
    groups = (
        SubjectGroup("Op jullie agenda", tuple(agenda)),
        SubjectGroup("Uit het archief", in_view),
    )
    next_shown = None
    if len(in_view) < len(others):
        next_shown = wanted.shown + PORTION
    return SubjectList(
        wanted=wanted,
        themes=(("", "Alle thema’s"), *((theme, theme) for theme in library.themes())),
        chosen=chosen,
        groups=tuple(group for group in groups if group.subjects),
        found=found,
        next_shown=next_shown,
    )


def _subject(card: Card) -> Subject:
    beginning = beginning_of(card.story_text)
    return Subject(card.slug, card.title, card.theme, beginning, unfolds=bool(card.chapters))


def beginning_of(story: str) -> str:
    """Return the first words of a story, never cut within one."""
    return shorten(story, BEGINNING, placeholder="…")
