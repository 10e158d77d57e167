"""Turns of a settled edition go, all of them and no others, without holding up who writes."""

from sqlalchemy import event, insert, select, update

from kopkrakers.answers.forgetting import forget_settled_turns
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.base.db import IN_ONE_STATEMENT
from kopkrakers.catalogue.editions.editions import EDITION
from tests.support.polling import SLUG, Polling

MANY = 2 * IN_ONE_STATEMENT + 1


def test_turns_of_a_settled_edition_are_forgotten(polling: Polling) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.close()
    assert turns(polling) == []


def test_turns_that_were_left_half_way_go_with_the_next(polling: Polling) -> None:
    """A process that was ended after it settled an edition leaves them; they are not counted."""
    polling.cast_all("aaaaabbbcc")
    with polling.database.transaction() as session:
        session.execute(update(EDITION).where(EDITION.c.dilemma == SLUG).values(settled=True))
    forget_settled_turns(polling.database)
    assert turns(polling) == []


def test_turns_of_an_edition_that_is_not_settled_stay(polling: Polling) -> None:
    people = polling.cast_all("aaaaabbbcc")
    forget_settled_turns(polling.database)
    assert len(turns(polling)) == len(people)


def test_others_write_between_some_hundreds(polling: Polling) -> None:
    gone = {"dilemma": SLUG, "edition": 1, "state": Turn.IN_BOX}
    with polling.database.transaction() as session:
        session.execute(update(EDITION).where(EDITION.c.dilemma == SLUG).values(settled=True))
        rows = [gone | {"pseudonym": f"{number:032x}"} for number in range(MANY)]
        session.execute(insert(PARTICIPATION), rows)
    commits: list[object] = []
    event.listen(polling.database.writer, "commit", commits.append)
    forget_settled_turns(polling.database)
    assert len(commits) == 3
    assert turns(polling) == []


def turns(polling: Polling) -> list[str]:
    """Return the pseudonyms of everyone whose turn is used."""
    with polling.database.reading() as session:
        return list(session.execute(select(PARTICIPATION.c.pseudonym)).scalars())
