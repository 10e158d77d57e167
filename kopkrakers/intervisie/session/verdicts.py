"""Verdicts on votes, and when a shift may be counted nationally. Pure: no database, no clock."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.intervisie.session.states import Verdict
from kopkrakers.intervisie.werkvormen.reading import TABLE, is_chapter
from kopkrakers.privacy.bundles import Counts, safe
from kopkrakers.privacy.rules import K_NATIONAL, K_SESSION, MARGIN_SESSION, SHIFT_SESSIONS


@dataclass(frozen=True)
class Pair:
    """One person's choice before and after talking, with the random tag of their session."""

    tag: str
    before: str
    after: str


# D-71
# D-107
def first_verdict(counts: Counts, *, unseen: int = 0) -> Verdict:
    """Return the verdict on the first vote, or on a stelling. `counts`: by option.

    Of the first vote those that are known to be begeleiders' are left out of `counts`; of a
    stelling nobody can tell which they are. `unseen`: so many votes in it may be begeleiders'.
    They know theirs and can subtract them, also together, so the others must be enough and
    different enough whichever those were.
    """
    others = _without(counts, unseen)
    if any(sum(rest.values()) < K_SESSION for rest in others):
        return Verdict.FEW
    for rest in others:
        if not safe(rest, K_SESSION, MARGIN_SESSION):
            return Verdict.ALIKE
    return Verdict.COUNTED


def _without(counts: Counts, votes: int) -> Sequence[Counts]:
    """Return what is left without so many votes, whichever they were."""
    others: list[Counts] = [counts]
    for _ in range(votes):
        fewer: list[Counts] = []
        for rest in others:
            fewer += _without_one(rest)
        others = fewer
    return others


def _without_one(counts: Counts) -> Sequence[Counts]:
    """Return the counts less one vote, for each option that somebody chose."""
    less = []
    for option, n in counts.items():
        if n:
            less.append(dict(counts) | {option: n - 1})
    return less or [counts]


# D-26
def second_verdict(
    counts: Counts, *, first: Verdict, same_people: bool, unseen: int = 0
) -> Verdict:
    """Return the verdict on the second vote: totals only beside those of the first.

    `counts`: without the votes of begeleiders. `same_people`: as in the first, theirs included.
    After a chapter it is held against the vote before, which was held against the one before it:
    so totals end with the first vote that has none. `same_people` is as in the very first.
    """
    if first == Verdict.AGAIN:
        return Verdict.AGAIN
    alone = first_verdict(counts, unseen=unseen)
    if alone == Verdict.FEW:
        return Verdict.FEW
    if not same_people:
        return Verdict.OTHERS
    if first == Verdict.COUNTED:
        return alone
    return Verdict.WITHHELD


def shift_table(
    options: Sequence[str], pairs: Collection[Pair]
) -> dict[tuple[str, str], int] | None:
    """Return how many went from each option to each, all cells in fixed order; None if unsafe.

    Safe is: `K_NATIONAL` pairs of at least `SHIFT_SESSIONS` sessions, each of at least `K_SESSION`
    pairs and none more than half of all, with totals before and after that are both safe.
    """
    sessions = Counter(pair.tag for pair in pairs)
    if len(sessions) < SHIFT_SESSIONS or min(sessions.values()) < K_SESSION:
        return None
    if 2 * max(sessions.values()) > len(pairs):
        return None
    before = Counter(pair.before for pair in pairs)
    after = Counter(pair.after for pair in pairs)
    if not (safe(before, K_NATIONAL) and safe(after, K_NATIONAL)):
        return None
    # all cells are there, the empty ones too: a missing one would say that nobody went that way
    cells: Mapping[tuple[str, str], int] = Counter((pair.before, pair.after) for pair in pairs)
    return {(left, right): cells[left, right] for left in options for right in options}


def table_verdict(writers: int) -> Verdict:
    """Return whether the rows of the table may be read. `writers`: without the begeleiders.

    The rows of one are theirs, as everybody knows; and a begeleider knows their own.
    """
    if writers > 1:
        return Verdict.COUNTED
    return Verdict.FEW


SENTENCES = {
    Verdict.FEW: f"Er stemden minder dan {K_SESSION} mensen. Dan tonen we nooit cijfers.",
    Verdict.ALIKE: "Jullie zitten bijna op één lijn. Daarom tonen we geen cijfers.",
    Verdict.OTHERS: (
        "Nu stemden niet dezelfde mensen als de eerste keer. Daarom tonen we geen tweede stand."
    ),
    Verdict.WITHHELD: "De eerste keer waren er geen cijfers. Daarom tonen we er nu ook geen.",
    Verdict.AGAIN: (
        "Jullie team kraakte dit dilemma minder dan een week geleden ook. Uit het verschil zou je "
        "één stem kunnen aflezen. Daarom tonen we nu geen cijfers."
    ),
}
"""The sentence in place of totals."""
STELLING_AGAIN = (
    "Jullie team stemde minder dan een week geleden ook over deze stelling. Uit het verschil zou "
    "je één stem kunnen aflezen. Daarom tonen we nu geen cijfers."
)
"""The sentence on a stelling that the team voted on before."""
AFTER_A_CHAPTER = {
    Verdict.OTHERS: "Hier stemden niet dezelfde mensen als eerst. Daarom tonen we geen cijfers.",
    Verdict.WITHHELD: "Eerder waren er geen cijfers. Daarom tonen we ze hier ook niet.",
    Verdict.COUNTED: "De stand bleef bijna gelijk aan een eerdere. Daarom tonen we geen cijfers.",
}
"""The sentences in place of totals on a vote after a chapter, where they differ."""
NO_FIGURES = f"Met minder dan {K_SESSION} stemmen komen er geen cijfers."
NO_SECOND = "Sluit je nu, dan komt er geen tweede stand."
NO_MORE = "Sluit je nu, dan komen er vanaf dit feit geen cijfers."
PERHAPS_NO_MORE = (
    "Sluit je nu en stemmen zij straks wel, dan komen er na deze stemming geen cijfers."
)
PERHAPS_NO_SECOND = "Sluit je nu en stemmen zij straks wel, dan komt er geen tweede stand."


def price_of_closing(
    number: int, *, votes: Mapping[int, int], heads: int, numbers: Collection[int]
) -> str | None:
    """Return what it costs to close a vote or the table now; None when everybody took part.

    `votes`: the envelopes in each vote; `heads`: the phones that take part; `numbers`: of all votes
    of the session.
    """
    cast = votes.get(number, 0)
    missing = heads - cast
    if missing <= 0:
        return None
    words = f"{missing} van {heads} {'is' if missing == 1 else 'zijn'} nog niet klaar."
    if number == TABLE:
        return words
    comes_short = cast < votes.get(1, 0)
    if comes_short and (number == 2 or is_chapter(number)):
        return f"{words} {NO_SECOND if number == 2 else NO_MORE}"
    if cast < K_SESSION <= heads:
        return f"{words} {NO_FIGURES}"
    return f"{words} {_price_later(number, numbers)}".rstrip()


def _price_later(number: int, numbers: Collection[int]) -> str:
    """Return what it costs the votes to come when some did not vote in the first."""
    if number != 1:
        return ""
    if any(map(is_chapter, numbers)):
        return PERHAPS_NO_MORE
    return PERHAPS_NO_SECOND if 2 in numbers else ""


STILL = "Jullie keuze bleef bijna gelijk. Daarom tonen we geen tweede stand."
STILL_WAY_ON = "Vraag: wie twijfelde even, en waarover? Niemand hoeft."
"""The sentence and the question when at most one person more chose otherwise."""


# D-73
def is_still(before: Counts, after: Counts, *, known: int = 0) -> bool:
    """Whether at most one person changed the totals, from one vote to another.

    One who moved would be seen by all. So the same is said when nobody did. `known`: so many votes
    are begeleiders', who can take off what they changed themselves.
    """
    gained = 0
    for option, n in after.items():
        # each who moved is gained by one option and lost by another: count them once
        gained += max(0, n - before.get(option, 0))
    return gained <= 1 + known


WAYS_ON = {
    Verdict.FEW: "Vraag: wie wil vertellen wat de doorslag gaf? Niemand hoeft.",
    Verdict.ALIKE: "Vraag: wie verdedigt de andere kant?",
    Verdict.OTHERS: "Vraag: welk argument bleef bij je hangen?",
    Verdict.WITHHELD: "Vraag: welk argument bleef bij je hangen?",
    Verdict.AGAIN: "Vraag: wat weeg je nu anders dan de vorige keer?",
}
"""Questions that the begeleider can ask then."""
