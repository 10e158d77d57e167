"""Werkvormen: one data file each, checked like a card. Adding one is adding a file."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kopkrakers.catalogue.cards.yaml_lines import read_model

FOLDER = Path(__file__).parent / "scripts"
APART = FOLDER / "apart"
"""The folder of those that go with one kind of subject alone."""
UNFOLDING = "vervolg"
"""The werkvorm of a card with chapters: its step `chapter` is there once for each of them."""
LONGEST_STEP = 40
"""Minutes of a step, at most."""


def _yes_or_no(value: object) -> object:
    if value == "ja":
        return True
    if value == "nee":
        return False
    return value


def _minutes(value: int) -> int:
    if not 1 <= value <= LONGEST_STEP:
        raise PydanticCustomError("zin", f"Kies 1 tot en met {LONGEST_STEP} minuten.")
    return value


LONGEST_SCRIPT = 14
MOST_STEPS = LONGEST_SCRIPT + 8
"""Of a session: looking back may come first, and a step becomes eight, one for each stelling."""
Short = Annotated[str, Field(min_length=1, max_length=40)]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]


class Action(StrEnum):
    """The actions of the engine, one in each step."""

    LOOK_BACK = "look_back"
    READ = "read"
    VOTE = "vote"
    ARGUMENTS = "arguments"
    TALK = "talk"
    REVEAL = "reveal"
    KNOWLEDGE = "knowledge"
    REVOTE = "revote"
    SHIFT = "shift"
    STELLING = "stelling"
    CHAPTER = "chapter"
    AGREEMENTS = "agreements"
    EVALUATE = "evaluate"


VOTES = {Action.VOTE: 1, Action.REVOTE: 2}
"""The vote that opens in a step."""
REVEALS = {Action.REVEAL: 1, Action.SHIFT: 2}
"""The vote that is revealed in a step."""
AFTER_EACH_OTHER = (
    (Action.VOTE, Action.REVEAL),
    (Action.VOTE, Action.REVOTE),
    (Action.REVOTE, Action.SHIFT),
    (Action.VOTE, Action.CHAPTER),
)
TABLE = 3
"""The number of the round in which phones fill the table: no vote, and never revealed."""
FIRST_STELLING = 11
"""The number of the round of a session's first stelling; the others follow."""
FIRST_CHAPTER = 21
"""The number of the round of a card's first chapter; the others follow."""
STELLINGEN = "stellingen"
"""The werkvorm of a session with stellingen: its step `stelling` is there once for each of them."""
WITH_BOARD = frozenset(
    {Action.READ, Action.TALK, Action.KNOWLEDGE, Action.AGREEMENTS, Action.EVALUATE}
)
"""The actions of steps in which the begeleider can write on the board."""
# a session has two rounds, each opened and revealed in a step of its own
ONCE = (
    Action.LOOK_BACK,
    Action.VOTE,
    Action.REVEAL,
    Action.REVOTE,
    Action.SHIFT,
    Action.STELLING,
    Action.CHAPTER,
    Action.AGREEMENTS,
)


def is_stelling(number: int) -> bool:
    """Whether a round is the vote on a stelling."""
    return FIRST_STELLING <= number < FIRST_CHAPTER


def is_chapter(number: int) -> bool:
    """Whether a round is the vote after a chapter of the card."""
    return number >= FIRST_CHAPTER


def vote_before(number: int) -> int:
    """Return the vote that comes before that of a chapter: of the chapter before, or the first."""
    return 1 if number == FIRST_CHAPTER else number - 1


def has_own_roster(number: int) -> bool:
    """Whether who may vote is settled when this round opens: once, or anew for each stelling."""
    return number == 1 or is_stelling(number)


def _action(value: object) -> object:
    if value not in list(Action):
        raise PydanticCustomError("zin", f"Kies een actie uit: {', '.join(Action)}.")
    return value


class WerkvormStep(BaseModel):
    """One step: an instruction, an example sentence, and what not to do now.

    `bord`: the heading of the text that the begeleider writes in it, for the scherm and the report.
    `keuzes`: in it the group writes what it will choose between. `beginwoorden`: with these each
    phone begins the sentences of its reason. `tabel`: the columns of a table that phones fill.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=str)

    titel: Annotated[str, Field(max_length=40)]
    doel: Annotated[str, Field(max_length=120)]
    doe: Annotated[str, Field(max_length=180)]
    voorbeeld: Annotated[str, Field(max_length=120)]
    nu_niet: Annotated[str, Field(max_length=100)]
    minuten: Annotated[int, AfterValidator(_minutes)]
    wie: Annotated[str, Field(max_length=80)]
    actie: Annotated[Action, BeforeValidator(_action)]
    overslaan: YesOrNo = False
    bord: Annotated[str, Field(max_length=40)] | None = None
    keuzes: YesOrNo = False
    beginwoorden: Annotated[tuple[Short, ...], Field(min_length=2, max_length=5)] = ()
    tabel: Annotated[tuple[Short, ...], Field(min_length=1, max_length=3)] = ()

    @property
    def opens(self) -> int | None:
        """Return the vote that opens in this step; None for a step without one."""
        return VOTES.get(self.actie)

    @property
    def reveals(self) -> int | None:
        """Return the vote that is revealed in this step."""
        return REVEALS.get(self.actie)


class Werkvorm(BaseModel):
    """A script of steps. `groep`: fewest and most people. `waarschuwing`: when not to choose it."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=str)

    naam: Annotated[str, Field(max_length=40)]
    doel: Annotated[str, Field(max_length=160)]
    voor_wie: Annotated[str, Field(max_length=160)]
    groep: tuple[int, int]
    herkomst: str
    waarschuwing: str | None = None
    standaard: YesOrNo = False
    stappen: Annotated[tuple[WerkvormStep, ...], Field(min_length=3, max_length=LONGEST_SCRIPT)]

    @property
    def minuten(self) -> int:
        """Return the minutes of all steps together."""
        return sum(step.minuten for step in self.stappen)

    def votes_at(self, number: int) -> int | None:
        """Return the step, from 0, in which a round opens; None for one that it does not have."""
        for place, step in enumerate(self.stappen):
            is_table = number == TABLE and bool(step.tabel)
            if is_table or step.opens == number:
                return place
        return None

    def reveals_at(self, number: int) -> int:
        """Return the step, from 0, from which a vote may be revealed: at once if it has none."""
        for place, step in enumerate(self.stappen):
            if step.reveals == number:
                return place
        return 0

    @property
    def rounds(self) -> tuple[int, ...]:
        """Return the numbers of all rounds, that of the table among them."""
        numbers = set()
        for step in self.stappen:
            if step.opens is not None:
                numbers.add(step.opens)
        if self.columns:
            numbers.add(TABLE)
        return tuple(sorted(numbers))

    @property
    def has_vote(self) -> bool:
        """Whether phones vote in it."""
        return any(step.opens is not None for step in self.stappen)

    @property
    def stems(self) -> tuple[str, ...]:
        """Return the words with which the sentences of a reason begin; none for one sentence."""
        vote = self.votes_at(1)
        if vote is None:
            return ()
        return self.stappen[vote].beginwoorden

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the table that phones fill; none when there is no table."""
        table = self.votes_at(TABLE)
        if table is None:
            return ()
        return self.stappen[table].tabel

    @property
    def writes_options(self) -> bool:
        """Whether the group has a step to write what it chooses between."""
        return any(step.keuzes for step in self.stappen)

    @property
    def _actions(self) -> list[Action]:
        return [step.actie for step in self.stappen]

    @model_validator(mode="after")
    def _in_order(self) -> "Werkvorm":
        actions = self._actions
        for first, then in AFTER_EACH_OTHER:
            if then in actions and first not in actions[: actions.index(then)]:
                raise PydanticCustomError("zin", f"De stap {then} komt pas na de stap {first}.")
        for once in ONCE:
            if actions.count(once) > 1:
                raise PydanticCustomError("zin", f"De stap {once} mag maar één keer voorkomen.")
        return self

    @property
    def looks_back(self) -> bool:
        """Whether it begins with looking back in a step of its own."""
        return self.stappen[0].actie == Action.LOOK_BACK

    @model_validator(mode="after")
    def _looks_back_first(self) -> "Werkvorm":
        if Action.LOOK_BACK in self._actions[1:]:
            raise PydanticCustomError("zin", "Zet de stap look_back als eerste.")
        return self

    @model_validator(mode="after")
    def _unfolds_before_the_reveal(self) -> "Werkvorm":
        actions = self._actions
        if Action.CHAPTER not in actions:
            return self
        place = actions.index(Action.CHAPTER)
        before, after = actions[:place], actions[place:]
        if Action.REVEAL not in after:
            raise PydanticCustomError("zin", "Zet na de stap chapter een stap reveal.")
        # figures after the first vote would be a fact too: of the group, not of the case
        if Action.REVEAL in before or Action.REVOTE in actions:
            sentence = "Met een stap chapter komt de uitslag één keer, daarna, zonder stap revote."
            raise PydanticCustomError("zin", sentence)
        return self

    @model_validator(mode="after")
    def _boards_where_there_is_room(self) -> "Werkvorm":
        headings = [step.bord for step in self.stappen if step.bord]
        if len(set(headings)) != len(headings):
            raise PydanticCustomError("zin", "Geef elk bord een eigen naam.")
        for step in self.stappen:
            if step.bord and step.actie not in WITH_BOARD:
                sentence = f"In de stap {step.actie} past geen bord. Zet het in een andere stap."
                raise PydanticCustomError("zin", sentence)
        return self

    @model_validator(mode="after")
    def _options_before_the_vote(self) -> "Werkvorm":
        vote = self.votes_at(1) or 0
        places = []
        for place, step in enumerate(self.stappen):
            if step.keuzes:
                places.append(place)
        if len(places) > 1:
            raise PydanticCustomError("zin", "Zet `keuzes: ja` bij één stap.")
        if places and places[0] >= vote:
            raise PydanticCustomError("zin", "Zet `keuzes: ja` bij een stap vóór de stap vote.")
        return self

    @model_validator(mode="after")
    def _phones_write_where_they_can(self) -> "Werkvorm":
        tables = 0
        for step in self.stappen:
            if step.beginwoorden and step.actie != Action.VOTE:
                raise PydanticCustomError("zin", "Zet `beginwoorden` bij de stap vote.")
            if step.tabel and step.actie != Action.TALK:
                raise PydanticCustomError("zin", "Zet `tabel` bij een stap talk.")
            if step.tabel:
                tables += 1
        # its rows have one round, and so one number
        if tables > 1:
            raise PydanticCustomError("zin", "Er past één tabel in een werkvorm.")
        return self


def read_werkvorm(path: Path) -> Werkvorm:
    """Return one werkvorm from its file.

    Raises: CardFaults, every fault with its line.
    """
    return read_model(path, Werkvorm)


# they are part of the product and change with a release only
@lru_cache(maxsize=1)
def werkvormen() -> dict[str, Werkvorm]:
    """Return the werkvormen by slug, the default first, then by how long they take.

    Those that lie apart are not among them.
    """
    # not the folder below it: a werkvorm of stellingen cannot be chosen for a dilemma
    forms = {path.stem: read_werkvorm(path) for path in FOLDER.glob("*.yaml")}

    def place(slug: str) -> tuple[bool, int, str]:
        return not forms[slug].standaard, forms[slug].minuten, slug

    return {slug: forms[slug] for slug in sorted(forms, key=place)}


@lru_cache(maxsize=1)
def every_werkvorm() -> dict[str, Werkvorm]:
    """Return the werkvormen by slug, those that lie apart last."""
    apart = {slug: read_werkvorm(APART / f"{slug}.yaml") for slug in (UNFOLDING, STELLINGEN)}
    return {**werkvormen(), **apart}
