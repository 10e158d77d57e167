"""Options that the group writes in the session, until the first vote opens."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.cases import (
    ELSE,
    Case,
    CaseOption,
    case_of_card,
    full_case,
    options_of,
    wording_of,
)
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    ONGOING,
    SessionRow,
    find,
    in_state,
    led_by,
    must_touch,
    script_of,
    touch,
)

TOO_LATE = "De eerste stemming is al geopend. De werkwijzen staan nu vast."
OF_THE_CARD = "Bij deze werkvorm kies je uit de werkwijzen van de kaart."


def may_write_options(live_session: SessionRow) -> bool:
    """Whether the begeleider can write what the group will choose between.

    Of an eigen casus always; of a dilemma where the werkvorm has a step for it. Until the first
    vote opens.
    """
    form = script_of(live_session)
    has_place = live_session.dilemma is None or form.writes_options
    return has_place and form.votes_at(1) is not None and not live_session.roster_locked


# D-79
def write_options(
    session: Session,
    library: Library,
    *,
    code: str,
    user_id: int,
    options: Sequence[tuple[str, str]],
) -> None:
    """Write what the group chooses between: (werkwijze, harm), two to four of them.

    With none a dilemma gets those of its card back.
    Raises: WrongInput naming what is wrong; TooLate once the first vote was opened.
    """
    live_session = led_by(session, code, user_id)
    form = script_of(live_session)
    if live_session.dilemma is not None and not form.writes_options:
        raise WrongInput(OF_THE_CARD, "werkwijzen")
    chosen = options_of(options)
    # a vote is for a letter: what the letter stands for may not change once somebody voted
    unlocked = LIVE_SESSION.c.roster_locked.is_(False)
    must_touch(session, live_session, TOO_LATE, in_state(*ONGOING), unlocked)
    # read again: the row as it is locked
    case = _with_options(full_case(session, library, find(session, code)), chosen)
    touch(session, live_session, wording=wording_of(case))


def _with_options(case: Case, options: tuple[CaseOption, ...]) -> Case:
    """Return the case with other options; a dilemma without any has those of its card."""
    if options == (ELSE,) and case.card is not None and case.edition is not None:
        return case_of_card(case.card, case.edition)
    return replace(case, options=options, written=True)
