"""The chapter of the step that is running, and the votes after all of them beside each other."""

from dataclasses import dataclass

from kopkrakers.catalogue.cards.card import Chapter
from kopkrakers.intervisie.pages.shown.rounds import RoundNow
from kopkrakers.intervisie.pages.shown.views import SessionNow
from kopkrakers.intervisie.session.reporting.chapters import (
    AT_FIRST,
    SmallMultiples,
    ToldVote,
    beside_each_other,
    named,
)
from kopkrakers.intervisie.session.script.adapting import ChapterStep
from kopkrakers.intervisie.werkvormen.reading import FIRST_CHAPTER


@dataclass(frozen=True)
class ChapterNow:
    """A new fact and the vote after it. `place` counts from 1, `of` are all of the card."""

    chapter: Chapter
    place: int
    of: int
    vote: RoundNow | None


def chapter_of(now: SessionNow) -> ChapterNow | None:
    """Return the chapter of this step; None in a step without one."""
    if now.step is None or not isinstance(now.step.script, ChapterStep):
        return None
    script = now.step.script
    place = script.number - FIRST_CHAPTER + 1
    return ChapterNow(script.chapter, place, len(now.case.chapters), now.round(script.number))


def multiples_of(now: SessionNow) -> SmallMultiples | None:
    """Return all revealed votes beside each other; None before the reveal, or without chapters."""
    first = now.round(1)
    if first is None or not first.is_revealed:
        return None
    votes = [ToldVote(AT_FIRST, None, first.totals, first.sentence)]
    for place, chapter in enumerate(now.case.chapters, start=1):
        vote = now.round(FIRST_CHAPTER + place - 1)
        if vote is not None and vote.is_revealed:
            votes.append(ToldVote(named(place, chapter), chapter, vote.totals, vote.sentence))
    return beside_each_other(now.case.options, votes)
