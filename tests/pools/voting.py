"""People of any gemeente who answer, and what a tick does with boxes, for tests of pools."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.daily import wanted_boxes
from kopkrakers.counter.moving import move_unwanted
from kopkrakers.counter.totals import recalled_numbers
from kopkrakers.pools.service import assign_pools
from tests.support.polling import KEYS, SLUG, TURN_KEYS, Polling


def vote(
    polling: Polling, gemeente: int, people: Sequence[int], options: str, slug: str = SLUG
) -> None:
    """These people of a gemeente answer, each with one of the options."""
    with polling.database.transaction() as session:
        for user_id, option in zip(people, options, strict=True):
            cast_answer(
                session,
                Vote(
                    voter=Voter(user_id, TURN_KEYS),
                    gemeente_id=gemeente,
                    dilemma=slug,
                    edition=1,
                    answer=Answer(option, "w"),
                ),
                today=polling.today,
                mac_keys=KEYS,
            )


def make_and_move(polling: Polling) -> int:
    """Make the boxes that are wanted, and empty the others. Return how many were emptied."""
    with polling.database.reading() as session:
        wanted = wanted_boxes(session, KEYS, polling.today)
    polling.counter.make_boxes(wanted, polling.now)
    return move_unwanted(polling.counter, wanted, polling.today)


def next_edition(polling: Polling, **first: bool) -> None:
    """End the first edition and open a second of the same dilemma."""
    with polling.database.transaction() as session:
        session.execute(
            update(EDITION).values(
                closes_on=polling.today, opens_on=polling.today - timedelta(days=1), **first
            )
        )
        row = dict(session.execute(select(EDITION)).mappings().one())
        again = {
            "number": 2,
            "opens_on": polling.today,
            "closes_on": polling.today + timedelta(weeks=26),
            "frozen": False,
            "settled": False,
            "pools": None,
            "pools_mac": None,
        }
        session.execute(EDITION.insert(), row | again)
        counted = recalled_numbers(polling.counter.folder)
        assign_pools(session, KEYS, polling.today, counted=counted)
