"""The counted choices of an edition, as they may be shown."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kopkrakers.answers.rules import Attribute
from kopkrakers.base.db import Rows
from kopkrakers.base.keys import Keys
from kopkrakers.base.memory import Memory
from kopkrakers.privacy.audit import release_audited
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    ReleasedTable,
    ReleasedTop,
    release_chair,
    release_local,
    release_national,
)
from kopkrakers.tallies.models import LEADERS, NL
from kopkrakers.tallies.reading import (
    VERIFIED_SECONDS,
    SignedRows,
    VerifiedCounts,
    read_national_rows,
    read_shown_rows,
    read_verified_attribute,
    read_verified_scopes,
    read_verified_scopes_of,
)

REMEMBERED = 128
"""Releases of each kind that a process remembers."""
MOST_SHOWN = 1_000
"""Releases that are known by the rows of what they show: a day's of every gemeente, and more."""
AT_ONCE = 10
"""Dilemmas of which all totals are read in one statement: hundreds of gemeenten each."""


@dataclass(frozen=True, eq=False)
class Distributions:
    """The counted choices of an edition as they may be shown; None where nothing was counted.

    `leaders`: of whoever answered from the chair of a leidinggevende, no part of the others.
    `doubtful`: the scopes, and the attribute, whose totals are not shown because somebody changed
    totals in the database. `scopes`: those that have totals, shown or not.
    """

    national: ReleasedNational | None
    local: ReleasedDistribution | ReleasedTop | None
    leaders: ReleasedNational | None
    doubtful: frozenset[str]
    scopes: Collection[str]

    @property
    def has_national(self) -> bool:
        """Whether something was counted nationally, shown or not."""
        return self.national is not None or NL in self.doubtful


@dataclass(frozen=True, eq=False)
class Result(Distributions):
    """The counted choices of an edition, and the national doorslag."""

    considerations: ReleasedTable | None


@dataclass(frozen=True)
class _Shown:
    """What was released of an edition, and the rows that page showed of it."""

    rows: SignedRows
    shown: Distributions


# D-153
_SHOWN: Memory[tuple[Hashable, ...], _Shown] = Memory(seconds=VERIFIED_SECONDS, most=MOST_SHOWN)
_NATIONAL: Memory[tuple[Hashable, ...], ReleasedNational] = Memory(
    seconds=VERIFIED_SECONDS, most=MOST_SHOWN
)


def distributions_of(
    session: Rows,
    keys: Keys,
    dilemma: str,
    edition: int,
    option_codes: tuple[str, ...],
    local: str | None,
) -> Distributions:
    """Return the counted choices of an edition: national, and of the scope `local` if there is one.

    All scopes count: what the national totals may tell depends on how every pool leaves. They are
    read once after every count, and then the rows of what is shown say whether anything changed.
    `keys` verify them. The caller has made sure that the person may see them.
    """
    place = (keys, dilemma, edition, option_codes, local)
    earlier = _SHOWN.get(place)
    if earlier and earlier.rows == read_shown_rows(session, dilemma, edition, local):
        return earlier.shown
    totals = read_verified_scopes(session, keys, dilemma, edition)
    shown = _released(totals, option_codes, local)
    rows = totals.shown_rows(local)
    # what does not hold, or has nothing that every count changes, is looked at again
    if rows and rows[0][-1] is not None and not totals.doubtful:
        _SHOWN.put(place, _Shown(rows, shown))
    return shown


def national_distributions(
    session: Rows, keys: Keys, option_codes: Mapping[tuple[str, int], tuple[str, ...]]
) -> Mapping[tuple[str, int], ReleasedNational]:
    """Return the counted national choices of several editions, of those that have any.

    As in `distributions_of`, all scopes are read once after every count. Totals of an edition that
    was not signed as a whole are left out. `keys` verify the totals.
    The caller has made sure that the person may see them.
    """
    if not option_codes:
        return {}
    dilemmas = {dilemma for dilemma, _ in option_codes}
    rows_of = read_national_rows(session, dilemmas, max(number for _, number in option_codes))
    first = _first_editions(rows_of)
    known_by = {}
    shown, unknown = {}, {}
    for place, codes in option_codes.items():
        # all that its national figures depend on
        comes_back = _comes_back(place, first)
        known_by[place] = (keys, place, codes, rows_of.get(place), comes_back)
        figures = _NATIONAL.get(known_by[place])
        if figures is not None:
            shown[place] = figures
        elif place in rows_of:
            unknown[place] = codes
    places = sorted(unknown)
    for start in range(0, len(places), AT_ONCE):
        some = {place: unknown[place] for place in places[start : start + AT_ONCE]}
        for place, figures in _national_anew(session, keys, some).items():
            shown[place] = figures
            _NATIONAL.put(known_by[place], figures)
    return shown


def _first_editions(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return of each dilemma the lowest number among these editions."""
    first: dict[str, int] = {}
    for dilemma, number in counted:
        first[dilemma] = min(number, first.get(dilemma, number))
    return first


def _comes_back(place: tuple[str, int], first: Mapping[str, int]) -> bool:
    """Whether an earlier edition than this one stands among those that were read."""
    dilemma, number = place
    return first.get(dilemma, number) < number


def _national_anew(
    session: Rows, keys: Keys, option_codes: Mapping[tuple[str, int], tuple[str, ...]]
) -> Mapping[tuple[str, int], ReleasedNational]:
    """Return the same, from all totals of these editions."""
    totals = read_verified_scopes_of(session, keys, [dilemma for dilemma, _ in option_codes])
    first = _first_editions(totals)
    released = {}
    for place, codes in option_codes.items():
        counts = totals.get(place, VerifiedCounts({}))
        repeated = counts.comes_back or _comes_back(place, first)
        figures = release_national(NL, codes, counts.counts, comes_back=repeated)
        if figures is not None:
            released[place] = figures
    return released


def result_of(
    session: Rows,
    keys: Keys,
    dilemma: str,
    edition: int,
    option_codes: tuple[str, ...],
    local: str | None,
) -> Result:
    """Return the counted choices of an edition, and what tipped the balance (national only).

    `keys` verify the totals. The caller has made sure that the person may see them. While nothing
    was counted nationally nothing can have tipped it either.
    """
    choices = distributions_of(session, keys, dilemma, edition, option_codes, local)
    reasons = None
    if choices.has_national:
        reasons = read_verified_attribute(session, keys, dilemma, edition, Attribute.CONSIDERATION)
    return _with_considerations(choices, reasons, option_codes)


# D-77
@lru_cache(maxsize=REMEMBERED)
def _released(
    totals: VerifiedCounts, option_codes: tuple[str, ...], local: str | None
) -> Distributions:
    """Return what of these totals may be shown; worked out once, until other rows are read."""
    scopes = totals.counts
    here = None
    if local:
        here = release_local(local, option_codes, scopes.get(local, {}))
    return Distributions(
        national=release_national(NL, option_codes, scopes, comes_back=totals.comes_back),
        local=here,
        leaders=release_chair(LEADERS, option_codes, totals.leaders, comes_back=totals.comes_back),
        doubtful=totals.doubtful,
        scopes=totals.scopes,
    )


@lru_cache(maxsize=REMEMBERED)
def _with_considerations(
    choices: Distributions, reasons: VerifiedCounts | None, option_codes: tuple[str, ...]
) -> Result:
    doubtful, released = choices.doubtful, None
    if reasons is not None:
        released = release_audited(Attribute.CONSIDERATION, option_codes, reasons.counts)
        doubtful |= reasons.doubtful
    parts = choices.national, choices.local, choices.leaders, doubtful, choices.scopes
    return Result(*parts, considerations=released)
