"""Stellingen in the report of a session: each by itself, never one held against another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kopkrakers.intervisie.session.cases import CaseOption
from kopkrakers.intervisie.session.reporting.shares import AnswerShare, shares_of
from kopkrakers.intervisie.session.reporting.votes import take_shown
from kopkrakers.intervisie.session.wording.stellingen import Item
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING


@dataclass(frozen=True)
class ReportedStelling:
    """A stelling with what the group answered, or else the sentence in place of that."""

    text: str
    question: str
    shares: tuple[AnswerShare, ...]
    sentence: str | None

    @property
    def total(self) -> int:
        """Return how many people answered."""
        return sum(share.n for share in self.shares)


def kept_stellingen(items: Sequence[Item], votes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return stellingen as a report keeps them; only those whose result was shown.

    `votes`: all votes of the session as the report keeps them, by number.
    """
    kept = []
    for item, vote in take_shown(items, votes, first=FIRST_STELLING):
        kept.append({"text": item.text, "question": item.question, **vote})
    return kept


def reported_stellingen(
    body: dict[str, Any], options: Sequence[CaseOption]
) -> tuple[ReportedStelling, ...]:
    """Return the stellingen of a report; none in one about something else."""
    reported = []
    for kept in body.get("stellingen", []):
        shares = shares_of(options, kept["counts"] or {})
        sentence = kept["sentence"]
        if shares:
            sentence = None
        reported.append(ReportedStelling(kept["text"], kept["question"], shares, sentence))
    return tuple(reported)
