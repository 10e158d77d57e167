"""Chapters of the card of a `Polling`: their editions, and people who choose again."""

from collections.abc import Iterable
from datetime import date

from kopkrakers.answers.chapters import cast_choice
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, take_back
from kopkrakers.catalogue.editions.chapters import chapters_of
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.privacy.bundles import NOT_SAID
from tests.support.polling import KEYS, OPTIONS, SLUG, TURN_KEYS, Polling, prepare


def add_chapters(polling: Polling, how_many: int = 1, *, opens_on: date | None = None) -> None:
    """Let the card have chapters that are open, with their boxes."""
    with polling.database.transaction() as session:
        first = session.get_one(Edition, (SLUG, polling.edition))
        row = first.model_dump(exclude={"pools", "pools_digest", "pools_mac"})
        for chapter in range(1, how_many + 1):
            more = {"number": first.number + chapter, "chapter": chapter}
            session.add(Edition(**row | more | {"opens_on": opens_on or first.opens_on}))
    prepare(polling)


def choose(polling: Polling, user_id: int, option: str, chapter: int = 1) -> None:
    """One person chooses after a chapter."""
    is_other = user_id in polling.others
    with polling.database.transaction() as session:
        edition = chapters_of(session, SLUG, polling.edition)[chapter - 1]
        cast_choice(
            session,
            Vote(
                voter=Voter(user_id, TURN_KEYS),
                gemeente_id=polling.other_gemeente if is_other else polling.gemeente,
                dilemma=edition.dilemma,
                edition=edition.number,
                answer=Answer(option, NOT_SAID),
            ),
            option_codes=OPTIONS,
            today=polling.today,
            mac_keys=KEYS,
        )


def choose_all(polling: Polling, people: Iterable[int], options: str, chapter: int = 1) -> None:
    """These people choose after a chapter, one option each."""
    for user_id, option in zip(people, options, strict=True):
        choose(polling, user_id, option, chapter)


def undo(polling: Polling, user_id: int, chapter: int = 1) -> None:
    """One person takes a choice after a chapter out of the box."""
    voter = Voter(user_id, TURN_KEYS)
    with polling.database.transaction() as session:
        take_back(session, voter=voter, dilemma=SLUG, edition=polling.edition + chapter)
