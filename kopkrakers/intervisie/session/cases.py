"""Cases: a dilemma in the wording of its edition, or an eigen casus. The wording stays fixed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import starmap

from markupsafe import Markup
from sqlmodel import Session

from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import clean_line, fold, is_seen
from kopkrakers.catalogue.cards.card import LETTERS, Card, Chapter, is_stelling_slug
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
from kopkrakers.intervisie.session.wording import chapters
from kopkrakers.intervisie.session.wording.stellingen import (
    KEY,
    Item,
    Stellingen,
    as_wording,
    chosen_items,
    items_in,
)
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL, STELLING_ANSWERS


@dataclass(frozen=True)
class CaseOption:
    """A werkwijze of the dilemma or the eigen casus, or "Ik zou iets anders doen"."""

    code: str
    letter: str
    label: str
    line: str = ""

    @property
    def is_something_else(self) -> bool:
        """Whether this is "Ik zou iets anders doen", which every case has."""
        return self.code == SOMETHING_ELSE


@dataclass(frozen=True)
class Case:
    """The subject of a session. An eigen casus has a `question`, a dilemma its card and story.

    `written`: the group wrote the options in the session itself. `items`: the stellingen that it
    votes on with these options, in place of a dilemma. `chapters`: the new facts after which it
    votes again, in a werkvorm that tells them.
    """

    title: str
    question: str
    options: tuple[CaseOption, ...]
    dilemma: str | None = None
    edition: int | None = None
    card: Card | None = None
    story: Markup | None = None
    written: bool = False
    items: tuple[Item, ...] = ()
    chapters: tuple[Chapter, ...] = ()

    @property
    def option_codes(self) -> tuple[str, ...]:
        """Return the codes that a vote can hold, in order."""
        return option_codes_of(self.options)

    @property
    def werkwijzen(self) -> tuple[CaseOption, ...]:
        """Return the options but "Ik zou iets anders doen"."""
        return tuple(option for option in self.options if not option.is_something_else)

    @property
    def can_be_voted_on(self) -> bool:
        """Whether there is something to choose between."""
        return len(self.werkwijzen) >= FEWEST_OPTIONS

    @property
    def mark(self) -> str:
        """Return the mark of options that the group wrote; empty for those of the plan.

        A vote carries it, so that an A of before never counts for another A.
        """
        if not self.written:
            return ""
        # taken of the wording and not of a number: the group may write one thing, and go back to it
        wording = json.dumps(list(map(astuple, self.options)), ensure_ascii=False)
        return sha256(wording.encode()).hexdigest()[:MARK_CHARACTERS]

    def option(self, code: str) -> CaseOption:
        """Return the option with this code."""
        return next(option for option in self.options if option.code == code)


QUESTION = "Wat doe jij?"
OWN_TITLE = "Eigen casus"
LONGEST_TITLE = 80
LONGEST_QUESTION = 600
LONGEST_OPTION = 120
LONGEST_HARM = 120
FEWEST_OPTIONS = 2
MARK_CHARACTERS = 16
ELSE = CaseOption(SOMETHING_ELSE, "–", SOMETHING_ELSE_LABEL)


STELLING_OPTIONS = tuple(
    CaseOption(code, code.upper(), label) for code, label in STELLING_ANSWERS.items()
)
"""The answers to every stelling, as the options of a vote."""
NO_CHAPTERS = "Dit dilemma heeft geen vervolg. Kies een ander dilemma of een andere werkvorm."
NO_DILEMMA = "Dit dilemma is er (nog) niet. Kies een ander."
EACH_TIME = "Ben je het eens, oneens, of hangt het ervan af?"


@dataclass(frozen=True)
class Dilemma:
    """A card to crack."""

    slug: str


@dataclass(frozen=True)
class OwnCase:
    """A case of the team's own, with two to four werkwijzen. It goes when the session goes."""

    title: str
    question: str
    options: tuple[str, ...]


Subject = Dilemma | OwnCase | Stellingen
"""Whatever a session can be about."""


def new_case(session: Session, library: Library, subject: Subject, today: date) -> Case:
    """Return the case that a session will be about.

    Raises: WrongInput naming the field; NotYours for a dilemma that is not there.
    """
    if isinstance(subject, Stellingen):
        name, items = chosen_items(subject)
        return Case(title=name, question=EACH_TIME, options=STELLING_OPTIONS, items=items)
    if isinstance(subject, OwnCase):
        # kept with its session alone, so there is no edition and no card to look up
        title, question = clean_line(subject.title), clean_line(subject.question)
        _check_length(title, LONGEST_TITLE, "titel", "Geef de casus een titel")
        _check_length(question, LONGEST_QUESTION, "vraag", "Schrijf de vraag van de casus op")
        options = options_of([(line, "") for line in subject.options])
        return Case(title=title, question=question, options=options)
    edition = published(session, subject.slug, today)
    return case_of_card(shown_card(library, edition), edition.number)


def published(session: Session, slug: str, today: date) -> PublishedEdition:
    """Return the open edition of a dilemma, else its last.

    Raises: NotYours when it was never published, and for a stelling: those come as a set.
    """
    if is_stelling_slug(slug):
        raise NotYours(NO_DILEMMA)
    edition = open_edition(session, slug, today) or latest_edition(session, slug, today)
    if edition is None:
        raise NotYours(NO_DILEMMA)
    return edition


def option_codes_of(options: Iterable[CaseOption]) -> tuple[str, ...]:
    """Return the codes of options, in order."""
    return tuple(option.code for option in options)


def case_of_card(card: Card, edition: int) -> Case:
    """Return a card as a case."""
    options = []
    for option in card.options:
        options.append(CaseOption(option.code, option.letter, option.label, option.line))
    return Case(
        title=card.title,
        question=QUESTION,
        options=(*options, ELSE),
        dilemma=card.slug,
        edition=edition,
        card=card,
        story=card.story_html,
    )


def unfolded(case: Case) -> Case:
    """Return the case of a dilemma with the chapters of its card.

    Raises: WrongInput when it has none.
    """
    if case.card is None or not case.card.chapters:
        raise WrongInput(NO_CHAPTERS, "werkvorm")
    return replace(case, chapters=case.card.chapters)


def wording_of(case: Case) -> str:
    """Return the wording of a case in JSON, as the session's row holds it."""
    options = list(map(astuple, case.options))
    wording: dict[str, object] = {
        "title": case.title,
        "question": case.question,
        "options": options,
    }
    # only where there is any: the wording of an older session has none of these keys
    if case.written:
        wording["written"] = True
    if case.items:
        wording[KEY] = as_wording(case.items)
    if case.chapters:
        wording[chapters.KEY] = chapters.chapters_as_wording(case.chapters)
    return json.dumps(wording, ensure_ascii=False)


def plain_case(live_session: SessionRow) -> Case:
    """Return the case of a session without its card; an empty one when it was cleared."""
    wording = json.loads(live_session.wording)
    return Case(
        title=wording.get("title", ""),
        question=wording.get("question", ""),
        options=tuple(starmap(CaseOption, wording.get("options", []))),
        dilemma=live_session.dilemma,
        edition=live_session.edition,
        written=wording.get("written", False),
        items=items_in(live_session.wording),
        chapters=chapters.chapters_in(live_session.wording),
    )


def has_daily_figures(live_session: SessionRow) -> bool:
    """Whether a session is about what the daily answers are about.

    Not an eigen casus, nor options that the group wrote itself: nobody else chose between those.
    """
    return live_session.dilemma is not None and not plain_case(live_session).written


def full_case(session: Session, library: Library, live_session: SessionRow) -> Case:
    """Return the case of a session with its card, in the wording of the session's edition.

    Without its card where that cannot be read any more: the group goes on with what it voted on.
    """
    plain = plain_case(live_session)
    if plain.dilemma is None or not plain.options:
        return plain
    edition = numbered_edition(session, plain.dilemma, live_session.edition)
    if edition is None:
        return plain
    try:
        card = card_of_edition(library, edition)
    except NotYours:
        return plain
    return replace(plain, card=card, story=card.story_html)


def options_of(typed: Sequence[tuple[str, str]]) -> tuple[CaseOption, ...]:
    """Return werkwijzen, each with its harm, as options; only "something else" when all is empty.

    Raises: WrongInput for one alone, too many, too long, two alike, or a harm without a werkwijze.
    """
    labels, harms = [], []
    for typed_label, typed_harm in typed:
        label, harm = clean_line(typed_label), clean_line(typed_harm)
        if is_seen(label):
            labels.append(label)
            harms.append(harm)
        elif is_seen(harm):
            raise WrongInput("Schrijf bij elk nadeel ook de werkwijze op.", "werkwijzen")
    if labels:
        _check_options(labels)
    if max(map(len, harms), default=0) > LONGEST_HARM:
        raise WrongInput(f"Maak elk nadeel hoogstens {LONGEST_HARM} tekens lang.", "werkwijzen")
    options = []
    # not strict: there are letters for the most werkwijzen that a case can have
    for letter, label, harm in zip(LETTERS, labels, harms, strict=False):
        options.append(CaseOption(letter, letter.upper(), label, harm))
    return (*options, ELSE)


def _check_length(text: str, longest: int, field: str, sentence: str) -> None:
    if not is_seen(text) or len(text) > longest:
        raise WrongInput(f"{sentence}, in hoogstens {longest} tekens.", field)


def _check_options(lines: Sequence[str]) -> None:
    if not FEWEST_OPTIONS <= len(lines) <= len(LETTERS):
        raise WrongInput("Noem twee, drie of vier werkwijzen.", "werkwijzen")
    # folded: who votes cannot tell two apart that differ in an accent or a capital
    if len(set(map(fold, lines))) != len(lines):
        raise WrongInput("Twee werkwijzen zijn gelijk. Maak ze verschillend.", "werkwijzen")
    if max(map(len, lines)) > LONGEST_OPTION:
        sentence = f"Maak elke werkwijze hoogstens {LONGEST_OPTION} tekens lang."
        raise WrongInput(sentence, "werkwijzen")
