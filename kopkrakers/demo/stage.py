"""The demo's parts together: who is there, and casting answers for them by the one real path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from kopkrakers.accounts.models import USER, VOTING_ROLES, Gemeente, UserRole
from kopkrakers.accounts.personas import PERSONAS
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import PARTICIPATION, Turn, Vote, cast_answer, turns_of
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import PublishedEdition, card_of_edition, last_editions
from kopkrakers.catalogue.library import Library, library_of
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.demo.choices import answer_of
from kopkrakers.demo.people import Colleague


@dataclass(frozen=True)
class Stage:
    """Everything a simulated day needs."""

    settings: Settings
    database: Database
    library: Library
    counter: Counter

    @classmethod
    def of(cls, settings: Settings) -> "Stage":
        """The stage of a demo whose tables stand."""
        database = Database(settings.database_url)
        library = library_of(settings.cards_dir, database)
        return cls(settings, database, library, make_counter(settings, database, library))

    def voter(self, user_id: int) -> Voter:
        """Return a person as the tables of answers know them."""
        return Voter(user_id, self.counter.turn_keys)

    def card(self, edition: PublishedEdition) -> Card:
        """The card of an edition."""
        return card_of_edition(self.library, edition)

    def everyone(self) -> list[Colleague]:
        """Everyone who votes, in a fixed order."""
        voters = select(col(UserRole.user_id)).where(col(UserRole.role).in_(VOTING_ROLES))
        statement = (
            select(USER.c.id, USER.c.gemeente_id, col(Gemeente.name), USER.c.email, USER.c.since)
            .join(Gemeente, col(Gemeente.id) == USER.c.gemeente_id)
            .where(USER.c.id.in_(voters))
            .order_by(USER.c.id)
        )
        played = {persona.email for persona in PERSONAS}
        with self.database.reading() as session:
            rows = session.connection().execute(statement).all()
        colleagues = []
        for row in rows:
            # who came in later is a visitor, with an invitation that a visitor made
            is_visitor = row.email in played or row.since is not None
            colleagues.append(Colleague(row.id, row.gemeente_id, row.name, is_visitor))
        return colleagues

    def colleagues(self) -> list[Colleague]:
        """Everyone who votes and whom no visitor plays."""
        return [one for one in self.everyone() if not one.played]

    def not_yet(self, edition: PublishedEdition, people: Iterable[Colleague]) -> list[Colleague]:
        """Those of `people` whose turn on this edition is unused."""
        statement = select(PARTICIPATION.c.pseudonym).where(
            PARTICIPATION.c.dilemma == edition.dilemma, PARTICIPATION.c.edition == edition.number
        )
        with self.database.reading() as session:
            used = set(session.connection().execute(statement).scalars())
        free = []
        for one in people:
            if self.voter(one.user_id).on(edition.dilemma, edition.number) not in used:
                free.append(one)
        return free

    def waiting(self, edition: PublishedEdition, people: Iterable[Colleague]) -> list[Colleague]:
        """Return those of `people` whose envelope waits on this edition and was not tried yet."""
        statement = select(ENVELOPE.c.voter).where(
            ENVELOPE.c.subject == edition.dilemma,
            ENVELOPE.c.edition == edition.number,
            ENVELOPE.c.tried.is_(False),
        )
        with self.database.reading() as session:
            waiting = set(session.connection().execute(statement).scalars())
        still_waiting = []
        for one in people:
            if self.voter(one.user_id).on(edition.dilemma, edition.number) in waiting:
                still_waiting.append(one)
        return still_waiting

    def waiting_editions(self, user_id: int, today: date) -> list[PublishedEdition]:
        """Return the open editions in whose box this person's envelope waits."""
        with self.database.reading() as session:
            editions = last_editions(session).values()
            asked = {}
            for one in editions:
                if one.is_open(today):
                    asked[one.dilemma, one.number] = one
            turns = turns_of(session, self.voter(user_id), asked)
        waiting = []
        for place, turn in turns.items():
            if turn is Turn.IN_BOX:
                waiting.append(asked[place])
        return waiting

    def cast(
        self,
        edition: PublishedEdition,
        people: Sequence[Colleague],
        today: date,
        agreed: Sequence[str] = (),
    ) -> None:
        """Let these people answer, in one transaction. The first few choose what is `agreed`."""
        card = self.card(edition)
        answers = []
        for place, colleague in enumerate(people):
            if place < len(agreed):
                option = agreed[place]
            else:
                option = None
            answers.append((edition, colleague, answer_of(colleague, card, option=option)))
        self.cast_answers(answers, today)

    def cast_answers(
        self, answers: Iterable[tuple[PublishedEdition, Colleague, Answer]], today: date
    ) -> None:
        """Put these answers in the box, in one transaction."""
        with self.database.transaction() as session:
            for edition, colleague, answer in answers:
                self._cast_one(session, edition, colleague, answer, today)

    def _cast_one(
        self,
        session: Session,
        edition: PublishedEdition,
        colleague: Colleague,
        answer: Answer,
        today: date,
    ) -> None:
        cast_answer(
            session,
            Vote(
                voter=self.voter(colleague.user_id),
                gemeente_id=colleague.gemeente_id,
                dilemma=edition.dilemma,
                edition=edition.number,
                answer=answer,
            ),
            today=today,
            mac_keys=self.counter.keys,
        )

    def look_twice(self, now: datetime) -> None:
        """The real counter, twice: what has not lived through a look cannot be counted in it."""
        with self.counter.folder.locked():
            mark_lived(self.counter)
            look_into_boxes(self.counter, now, at_least=0)
