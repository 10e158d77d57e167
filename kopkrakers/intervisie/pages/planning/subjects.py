"""The dilemmas to choose from: by words and theme, the agenda first, in portions."""

from collections.abc import Sequence
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
class Wanted:
    """A search. `shown`: how many of the archive are in view; `chosen` stays in view."""

    words: str = ""
    theme: str = ""
    shown: int = PORTION
    chosen: str = ""


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
    """The dilemmas in view. `found`: how many suit; `next_shown`: to ask for more, if there are."""

    wanted: Wanted
    themes: tuple[tuple[str, str], ...]
    groups: tuple[SubjectGroup, ...]
    found: int
    next_shown: int | None


def subject_list(
    session: Session, library: Library, wanted: Wanted, *, team_id: int, today: date
) -> SubjectList:
    """Return what was chosen, what colleagues asked for, then the archive, each newest first."""
    wished = set(session.execute(_WISHED, {"team_id": team_id}).scalars())
    published = [one for one in archive(session, library, today) if not one.card.is_stelling]
    agenda, others = [], []
    for entry in published:
        if not entry.suits(theme=wanted.theme or None, words=wanted.words):
            continue
        if entry.card.slug in wished:
            agenda.append(entry.card)
        else:
            others.append(entry.card)
    in_view = others[: wanted.shown]
    seen = {card.slug for card in (*agenda, *in_view)}
    kept = []
    for entry in published:
        # what was chosen never disappears behind a search
        if entry.card.slug == wanted.chosen and wanted.chosen not in seen:
            kept.append(entry.card)
    groups = (
        SubjectGroup("Je koos", _subjects(kept)),
        SubjectGroup("Op jullie agenda", _subjects(agenda)),
        SubjectGroup("Uit het archief", _subjects(in_view)),
    )
    next_shown = None
    if len(in_view) < len(others):
        next_shown = wanted.shown + PORTION
    return SubjectList(
        wanted=wanted,
        themes=(("", "Alle thema’s"), *((theme, theme) for theme in library.themes())),
        groups=tuple(group for group in groups if group.subjects),
        found=len(agenda) + len(others),
        next_shown=next_shown,
    )


def _subjects(cards: Sequence[Card]) -> tuple[Subject, ...]:
    subjects = []
    for card in cards:
        beginning = beginning_of(card.story_text)
        unfolds = bool(card.chapters)
        subjects.append(Subject(card.slug, card.title, card.theme, beginning, unfolds))
    return tuple(subjects)


def beginning_of(story: str) -> str:
    """Return the first words of a story, never cut within one."""
    return shorten(story, BEGINNING, placeholder="…")
