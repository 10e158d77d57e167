"""What a session cracks: a dilemma in the wording of its edition, or an eigen casus. The wording stays fixed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlmodel import Session

from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import clean_line, fold
from kopkrakers.catalogue.cards.card import LETTERS, Card
from kopkrakers.catalogue.editions.editions import (
    PublishedEdition,
    card_of_edition,
    latest_edition,
    numbered_edition,
    open_edition,
    shown_card,
)
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.store import SessionRow
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL


@dataclass(frozen=True)
class CaseOption:
    """A werkwijze of the dilemma or the eigen casus; "x" is "Ik zou iets anders doen"."""

    code: str
    letter: str
    label: str
    line: str = ""


@dataclass(frozen=True)
class Case:
    """What is cracked. An eigen casus has a `question` and no `card`; a dilemma has its card and story."""

    title: str
    question: str
    options: tuple[CaseOption, ...]
    dilemma: str | None = None
    edition: int | None = None
    card: Card | None = None
    story: Markup | None = None

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes a vote can hold, in order."""
        return tuple(option.code for option in self.options)

    def option(self, code: str) -> CaseOption:
        """The werkwijze with this code."""
        return next(option for option in self.options if option.code == code)


QUESTION = "Wat doe jij?"
OWN_TITLE = "Eigen casus"
LONGEST_TITLE = 80
LONGEST_QUESTION = 600
LONGEST_OPTION = 120
FEWEST_OPTIONS = 2
ELSE = CaseOption(SOMETHING_ELSE, "–", SOMETHING_ELSE_LABEL)


@dataclass(frozen=True)
class Dilemma:
    """A card to crack."""

    slug: str


@dataclass(frozen=True)
class OwnCase:
    """A case of the team's own: it lives and dies with the session. `options`: two to four werkwijzen."""

    title: str
    question: str
    options: tuple[str, ...]


def new_case(session: Session, library: Library, subject: Dilemma | OwnCase, today: date) -> Case:
    """What will be cracked.

    Raises: WrongInput naming the field; NotYours for a dilemma that is not there.
    """
    if isinstance(subject, OwnCase):
        return _own_case(subject)
    edition = published(session, subject.slug, today)
    return case_of_card(shown_card(library, edition), edition.number)


def published(session: Session, slug: str, today: date) -> PublishedEdition:
    """The open edition of a dilemma, else its last.

    Raises: NotYours when it was never published.
    """
    edition = open_edition(session, slug, today) or latest_edition(session, slug, today)
    if edition is None:
        raise NotYours("Dit dilemma is er (nog) niet. Kies een ander.")
    return edition


def case_of_card(card: Card, edition: int) -> Case:
    """A card as a case."""
    options = tuple(
        CaseOption(option.code, option.letter, option.label, option.line) for option in card.options
    )
    return Case(
        title=card.title,
        question=QUESTION,
        options=(*options, ELSE),
        dilemma=card.slug,
        edition=edition,
        card=card,
        story=card.story_html,
    )


def wording_of(case: Case) -> str:
    """What is kept of a case while its session lives."""
    options = [[option.code, option.letter, option.label, option.line] for option in case.options]
    return json.dumps(
        {"title": case.title, "question": case.question, "options": options}, ensure_ascii=False
    )


def plain_case(live_session: SessionRow) -> Case:
    """The case of a session, without its card; an empty one when the session was cleared."""
    kept = json.loads(live_session.wording)
    return Case(
        title=kept.get("title", ""),
        question=kept.get("question", ""),
        options=tuple(CaseOption(*option) for option in kept.get("options", [])),
        dilemma=live_session.dilemma,
        edition=live_session.edition,
    )


def full_case(session: Session, library: Library, live_session: SessionRow) -> Case:
    """The case of a session with its card, in the wording of the session's edition."""
    plain = plain_case(live_session)
    edition = (
        numbered_edition(session, live_session.dilemma, live_session.edition)
        if live_session.dilemma
        else None
    )
    if edition is None or not plain.options:
        return plain
    card = card_of_edition(library, edition)
    return Case(
        title=plain.title,
        question=plain.question,
        options=plain.options,
        dilemma=plain.dilemma,
        edition=plain.edition,
        card=card,
        story=card.story_html,
    )


def _own_case(own: OwnCase) -> Case:
    title, question = clean_line(own.title), clean_line(own.question)
    _hold_length(title, LONGEST_TITLE, "titel", "Geef de casus een titel")
    _hold_length(question, LONGEST_QUESTION, "vraag", "Schrijf de vraag van de casus op")
    lines = [line for line in map(clean_line, own.options) if line]
    _hold_options(lines)
    options = tuple(
        CaseOption(letter, letter.upper(), line)
        for letter, line in zip(LETTERS, lines, strict=False)
    )
    return Case(title=title, question=question, options=(*options, ELSE))


def _hold_length(text: str, longest: int, field: str, sentence: str) -> None:
    if not 0 < len(text) <= longest:
        raise WrongInput(f"{sentence}, in hoogstens {longest} tekens.", field)


def _hold_options(lines: Sequence[str]) -> None:
    if not FEWEST_OPTIONS <= len(lines) <= len(LETTERS):
        raise WrongInput("Noem twee, drie of vier werkwijzen.", "werkwijzen")
    if len({fold(line) for line in lines}) != len(lines):
        raise WrongInput("Twee werkwijzen zijn gelijk. Maak ze verschillend.", "werkwijzen")
    if any(len(line) > LONGEST_OPTION for line in lines):
        raise WrongInput(
            f"Maak elke werkwijze hoogstens {LONGEST_OPTION} tekens lang.", "werkwijzen"
        )
