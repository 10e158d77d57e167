"""Choosing again after a chapter of a card: for whoever answered the part before it."""

from datetime import date

from sqlmodel import Session

from kopkrakers.answers.rules import check_choice
from kopkrakers.answers.service import ANSWERED, Vote, cast_answer, turn_of
from kopkrakers.base.errors import NotAllowed
from kopkrakers.base.keys import Keys

NOT_BEFORE = "Dit vervolg is voor wie het deel ervoor beantwoordde."


def cast_choice(
    session: Session, vote: Vote, *, option_codes: tuple[str, ...], today: date, mac_keys: Keys
) -> None:
    """Cast a choice after a chapter as `cast_answer` does, for whoever answered the part before.

    Raises: WrongInput for no option of the card; NotAllowed for whoever did not answer that part.
    """
    check_choice(vote.answer, option_codes)
    # the chapters of a card are numbered on from the edition that they belong to
    before = turn_of(session, vote.voter, vote.dilemma, vote.edition - 1)
    if before not in ANSWERED:
        raise NotAllowed(NOT_BEFORE)
    cast_answer(session, vote, today=today, mac_keys=mac_keys)
