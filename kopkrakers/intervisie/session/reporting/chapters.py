"""The votes of a session that unfolds, beside each other: on its pages and in its report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kopkrakers.catalogue.cards.card import Chapter
from kopkrakers.intervisie.session.cases import CaseOption, option_codes_of
from kopkrakers.intervisie.session.group.totals import shown_vote
from kopkrakers.intervisie.session.reporting.votes import take_shown
from kopkrakers.intervisie.werkvormen.reading import FIRST_CHAPTER
from kopkrakers.privacy.release import ReleasedDistribution

AT_FIRST = "Eerst"


def named(place: int, chapter: Chapter) -> str:
    """Return the name of the vote after a chapter. `place` counts from 1."""
    return f"{place}. {chapter.voice}"


@dataclass(frozen=True)
class ToldVote:
    """One of the votes, by its `name`. `chapter`: what was told before; None for the first.

    `totals` where they may be shown, else the `sentence` in their place.
    """

    name: str
    chapter: Chapter | None
    totals: ReleasedDistribution | None
    sentence: str | None


@dataclass(frozen=True)
class SmallBar:
    """The bar of one option in one vote, with how many of all chose it."""

    vote: ToldVote
    n: int
    of: int

    @property
    def width(self) -> float:
        """Return the width of the bar in per cents."""
        return round(100 * self.n / self.of, 2)


@dataclass(frozen=True)
class SmallMultiples:
    """The totals of the votes that have some, an option a row; and the words for those that do not.

    Never who went from one option to another: only totals stand beside each other.
    """

    votes: tuple[ToldVote, ...]
    rows: tuple[tuple[CaseOption, tuple[SmallBar, ...]], ...]

    @property
    def counted(self) -> tuple[ToldVote, ...]:
        """Return the votes with totals."""
        return tuple(vote for vote in self.votes if vote.totals is not None)

    @property
    def in_words(self) -> tuple[ToldVote, ...]:
        """Return the votes that have a sentence in place of totals."""
        return tuple(vote for vote in self.votes if vote.totals is None and vote.sentence)


def beside_each_other(
    options: Sequence[CaseOption], votes: Sequence[ToldVote]
) -> SmallMultiples | None:
    """Return the votes of a session beside each other; None for one that told no new fact."""
    if not any(vote.chapter for vote in votes):
        return None
    rows = []
    for place, option in enumerate(options):
        bars = []
        for vote in votes:
            if vote.totals is not None:
                bars.append(SmallBar(vote, vote.totals.rows[place].n, vote.totals.total))
        rows.append((option, tuple(bars)))
    return SmallMultiples(tuple(votes), tuple(rows))


def kept_chapters(chapters: Sequence[Chapter], votes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the chapters as a report keeps them; only those whose result was shown.

    `votes`: all votes of the session as the report keeps them, by number.
    """
    kept = []
    for chapter, vote in take_shown(chapters, votes, first=FIRST_CHAPTER):
        kept.append({"chapter": asdict(chapter), **vote})
    return kept


def reported_chapters(body: dict[str, Any], options: Sequence[CaseOption]) -> SmallMultiples | None:
    """Return the votes of a report beside each other; None for a session without chapters."""
    codes = option_codes_of(options)
    totals, sentence = shown_vote(body["votes"].get("1"), codes)
    votes = [ToldVote(AT_FIRST, None, totals, sentence)]
    # a report from before there were chapters has none
    for place, kept in enumerate(body.get("chapters", []), start=1):
        chapter = Chapter(**kept["chapter"])
        votes.append(ToldVote(named(place, chapter), chapter, *shown_vote(kept, codes)))
    return beside_each_other(options, votes)
