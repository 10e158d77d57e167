"""Whoever asks for a page of a dilemma, the edition they ask for, and the answer they give."""

from flask_login import current_user

from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.answers.pages import reading
from kopkrakers.answers.pages.reading import DayEdition, Person
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import cast_answer
from kopkrakers.catalogue.editions.moments import next_moment, opening_in_words
from kopkrakers.web.state import state

EDITION = "<slug>/<int(max=99999):number>"
NO_VOTE = "Met jouw rol kies je niet mee. Lezen kan wel: het dilemma van vandaag en het archief."
NOT_NOW = "Antwoorden kan nu even niet. Probeer het over een paar minuten opnieuw."


def person_here() -> Person:
    """Return who asks."""
    # plain, for the proxy looks for whoever is signed in at every use
    visitor = current_user._get_current_object()
    return Person(
        voter=Voter(visitor.id, state().turn_keys),
        gemeente_id=visitor.gemeente_id,
        votes=bool(visitor.roles & VOTING_ROLES),
    )


def find(person: Person, slug: str, number: int | None = None) -> DayEdition:
    """Return an edition, the last published without a number. Raises: NotYours."""
    with state().database.reading_rows() as session:
        return reading.find_edition(
            session, state().library, person, slug, state().today(), number=number
        )


def find_with_permission(person: Person, slug: str, number: int) -> tuple[DayEdition, bool]:
    """Return an edition, and whether this person may see its result."""
    with state().database.reading_rows() as session:
        edition = reading.find_edition(
            session, state().library, person, slug, state().today(), number=number
        )
        return edition, reading.may_see_result(session, person, edition, state().today())


def put_in_box(person: Person, edition: DayEdition, answer: Answer) -> None:
    """Cast an answer in a transaction of its own. Raises: as `cast_answer` does."""
    with state().database.writing_rows() as rows:
        cast_answer(
            rows,
            person.vote(edition.dilemma, edition.number, answer),
            today=state().today(),
            mac_keys=state().row_keys,
        )


def opens_in_words() -> str:
    """Return when the bus is opened next, as a sentence."""
    now = state().now()
    return opening_in_words(next_moment(state().settings.moments, now), now)
