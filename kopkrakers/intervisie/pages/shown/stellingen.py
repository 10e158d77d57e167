"""The stelling of the step that is running, as all pages of a session show it."""

from dataclasses import dataclass

from kopkrakers.intervisie.pages.shown.rounds import RoundNow
from kopkrakers.intervisie.pages.shown.views import SessionNow
from kopkrakers.intervisie.session.reporting.shares import AnswerShare, shares_of
from kopkrakers.intervisie.session.wording.stellingen import Item, item_of
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING, is_stelling


@dataclass(frozen=True)
class StellingNow:
    """A stelling, its vote, and how the group answered once that may be shown.

    `vote` is None where hands are raised. `place` counts from 1; `key`: of its question, to put it
    on the scherm.
    """

    item: Item
    number: int
    vote: RoundNow | None
    shares: tuple[AnswerShare, ...]

    @property
    def place(self) -> int:
        """Return the place of the stelling among those of the session, from 1."""
        return self.number - FIRST_STELLING + 1

    @property
    def key(self) -> str:
        """Return the key by which its question is put on the scherm."""
        return f"vraag-{self.place}"

    @property
    def total(self) -> int:
        """Return how many people answered."""
        return sum(share.n for share in self.shares)


def stelling_of(now: SessionNow) -> StellingNow | None:
    """Return the stelling of this step; None in a step without one."""
    number = None
    if now.step:
        number = now.step.vote
    if number is None or not is_stelling(number):
        return None
    vote = now.round(number)
    counts: dict[str, int] = {}
    if vote is not None and vote.totals is not None:
        counts = vote.totals.by_option
    hands = (now.hands or {}).get(number)
    if hands:
        counts = {code: hands.get(code, 0) for code in now.case.option_codes}
    shares = shares_of(now.case.options, counts)
    return StellingNow(item_of(now.case.items, number), number, vote, shares)
