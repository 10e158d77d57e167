"""People of any gemeente who answer, and what a tick does with boxes, for tests of pools."""

from collections.abc import Sequence

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import cast_answer
from kopkrakers.counter.daily import wanted_boxes
from kopkrakers.counter.moving import move_unwanted
from tests.support.polling import KEYS, SLUG, TURN_KEYS, Polling


def vote(
    polling: Polling, gemeente: int, people: Sequence[int], options: str, slug: str = SLUG
) -> None:
    """These people of a gemeente answer, each with one of the options."""
    with polling.database.transaction() as session:
        for user_id, option in zip(people, options, strict=True):
            cast_answer(
                session,
                voter=Voter(user_id, TURN_KEYS),
                gemeente_id=gemeente,
                dilemma=slug,
                edition=1,
                answer=Answer(option, "w"),
                today=polling.today,
                mac_keys=KEYS,
            )


def make_and_move(polling: Polling) -> int:
    """Make the boxes that are wanted, and empty the others. Return how many were emptied."""
    with polling.database.reading() as session:
        wanted = wanted_boxes(session, KEYS, polling.today)
    polling.counter.make_boxes(wanted, polling.now)
    return move_unwanted(polling.counter, wanted, polling.today)
