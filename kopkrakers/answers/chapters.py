"""Choosing again after a chapter of a card: for who answered the part before it."""

from datetime import date

from sqlmodel import Session

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer, check_choice
from kopkrakers.answers.service import ANSWERED, cast_answer, turn_of
from kopkrakers.base.errors import NotAllowed
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.privacy.bundles import NOT_SAID

NOT_BEFORE = "Dit vervolg is voor wie het deel ervoor beantwoordde."


def cast_choice(
    session: Session,
    *,
    voter: Voter,
    gemeente_id: int,
    chapter: PublishedEdition,
    option: str,
    option_codes: tuple[str, ...],
    today: date,
    mac_keys: Keys,
) -> None:
    """Cast a choice after a chapter, for who answered the part before it, as `cast_answer` does.

    Raises: WrongInput for no option of the card; NotAllowed for who did not answer that part.
    """
    answer = Answer(option, NOT_SAID)
    check_choice(answer, option_codes)
    before = turn_of(session, voter, chapter.dilemma, chapter.number - 1)
    if before not in ANSWERED:
        raise NotAllowed(NOT_BEFORE)
    cast_answer(
        session,
        voter=voter,
        gemeente_id=gemeente_id,
        dilemma=chapter.dilemma,
        edition=chapter.number,
        answer=answer,
        today=today,
        mac_keys=mac_keys,
    )
