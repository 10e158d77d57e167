"""A dilemma card, as it is read from a file in `dilemmas/` without a fault."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup
from pydantic import ValidationError

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.faults import CardFaults, Fault, unreadable
from kopkrakers.catalogue.cards.front_matter import (
    Client,
    FrontMatter,
    Hoofdstuk,
    Onderzoek,
    Werkwijze,
    Wet,
)
from kopkrakers.catalogue.cards.seasons import is_in_season
from kopkrakers.catalogue.cards.story import Story, read_story
from kopkrakers.catalogue.cards.themes import CHANGING_THEMES
from kopkrakers.catalogue.cards.yaml_lines import faults_of, line_of, read_yaml
from kopkrakers.privacy.labels import SOMETHING_ELSE

LETTERS = "abcd"
LEADER = "leidinggevende"
"""The chair, in the `doelgroep` of a card, of whoever leads a team."""
LONGEST_FILE = 40_000
"""Characters in a card file, at most: far more than a finished card has."""
STELLING_PREFIX = "stelling-"
"""Before the code of a stelling in its slug; no dilemma begins with it."""
FROM_PRACTICE = "Uit de praktijk van een klantmanager"
"""Begins the `herkomst` of a card that somebody sent in; readers see that sentence under it."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PRACTICE = re.compile(rf"{FROM_PRACTICE}(?: in [^.]+)?\.")
_FRONT = re.compile(
    r"\A---[ ]*\n(?P<front>.*?)^---[ ]*\n?(?P<story>.*)\Z", re.DOTALL | re.MULTILINE
)
_NAME_OF_A_STELLING = (
    f"Een naam die met ‘{STELLING_PREFIX}’ begint, is van een stelling. Geef de kaart een andere."
)
# also in a file that is no card any more: who takes a dilemma away need not mend the rest first
_WITHDRAWN = re.compile(r"^ingetrokken\s*:\s*['\"]?(ja|true)\b", re.IGNORECASE | re.MULTILINE)


class CardKind(StrEnum):
    """Kinds of card. Where it is counted, a stelling differs in its answers alone."""

    DILEMMA = "dilemma"
    STELLING = "stelling"


@dataclass(frozen=True)
class Option:
    """A werkwijze. A vote holds its `code` ("a"), a page shows its `letter` ("A")."""

    code: str
    letter: str
    label: str
    line: str
    leans_on: tuple[str, ...]
    arguments_for: tuple[str, ...]
    arguments_against: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """A claim with its source, which `url` or `place` leads to.

    `kind` is onderzoek, wet or client; `date` a year or a date as text; `not_shown` names the
    limits of research.
    """

    kind: str
    heading: str
    text: str
    source: str
    date: str
    strength: str
    url: str | None
    place: str | None
    not_shown: str | None


@dataclass(frozen=True)
class Safety:
    """The place to turn to in danger, and whether a specialist has read the card."""

    where_to_turn: str
    specialist_seen: bool


@dataclass(frozen=True)
class Chapter:
    """A new fact after the choice: the `voice` that brings it, and the `question` it ends in."""

    voice: str
    text: str
    question: str


@dataclass(frozen=True)
class Card:
    """A dilemma. `cover` is the file name of a drawing; `cover_svg` is drawn or generated."""

    slug: str
    title: str
    theme: str
    audience: tuple[str, ...]
    edition: int
    checked_on: date
    recheck_on: date | None
    touches_choice: bool
    season: str | None
    estimate: tuple[int, ...]
    origin: str
    cover: str | None
    options: tuple[Option, ...]
    research: tuple[Knowledge, ...]
    law: tuple[Knowledge, ...]
    client: tuple[Knowledge, ...]
    questions: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    safety: Safety | None
    withdrawn: bool
    story_html: Markup
    story_text: str
    source: str = field(repr=False)
    digest: str
    search_text: str = field(repr=False)
    cover_svg: Markup = field(default=Markup(""), repr=False)
    kind: CardKind = CardKind.DILEMMA
    keywords: tuple[str, ...] = ()

    @property
    def is_stelling(self) -> bool:
        """Whether it is one sentence to agree with or not."""
        return self.kind is CardKind.STELLING

    @property
    def practice(self) -> str:
        """Return the sentence that it comes from practice, with a gemeente where the sender said
        so; empty for a card that was made up.
        """
        practice = _PRACTICE.match(self.origin)
        return practice[0] if practice else ""

    @property
    def title_in_list(self) -> str:
        """Return the title as it stands alone in a list: that of a stelling says that it is one."""
        if self.is_stelling:
            return f"Stelling: {self.title}"
        return self.title

    @property
    def option_codes(self) -> tuple[str, ...]:
        """Return the codes a vote can hold, in the card's order.

        Of a dilemma "x" (iets anders) comes last; a stelling has no such answer.
        """
        codes = tuple(option.code for option in self.options)
        if self.is_stelling:
            return codes
        return (*codes, SOMETHING_ELSE)

    @property
    def has_two_chairs(self) -> bool:
        """Whether it is told from the chair of a leidinggevende, so that two chairs answer it."""
        return LEADER in self.audience and not self.is_stelling

    @property
    def is_of_leaders(self) -> bool:
        """Whether it is told from no other chair than that of a leidinggevende."""
        return self.audience == (LEADER,) and not self.is_stelling

    def is_due(self, today: date) -> bool:
        """Whether the facts should have been checked again by this day."""
        return self.recheck_on is not None and self.recheck_on <= today

    def is_unsure(self, today: date) -> bool:
        """Whether it is due, and what may have changed touches the choice itself."""
        return self.touches_choice and self.is_due(today)

    def can_be_planned(self, day: date, shown_until: date) -> bool:
        """Whether the calendar may give this card to a day, and show it until another.

        Not outside its season, nor once a change of the law may have changed the choice itself.
        """
        if self.season is not None and not is_in_season(self.season, day):
            return False
        return not self.is_unsure(shown_until)

    def unchecked_since(self, item: Knowledge, day: date) -> date | None:
        """Return since when a piece of law was not checked; None when that need not be said."""
        if item.kind == "wet" and self.is_due(day):
            return self.recheck_on
        return None

    def option(self, code: str) -> Option | None:
        """Return the werkwijze with this code; None for "x" and for a code of another card."""
        for option in self.options:
            if option.code == code:
                return option
        return None


def parse_card(slug: str, text: str, themes: Collection[str] | None) -> Card:
    """Return the card in `text`. With `themes` None any theme is taken, as for a stored wording.

    Raises: CardFaults, every fault with its line.
    """
    # as Windows may save it: its mark of UTF-8 and its line ends are no part of a wording
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return _parse(slug, text, None if themes is None else tuple(themes))
    except CardFaults:
        raise
    except Exception as error:  # noqa: BLE001  a fault of this file, and of no other
        raise unreadable(error) from None


# a folder is read again when one of its files changes, and then only that one is parsed
@lru_cache(maxsize=1024)
def _parse(slug: str, text: str, themes: tuple[str, ...] | None) -> Card:
    faults: list[Fault] = []
    story = fields = None
    if not is_slug(slug):
        sentence = (
            f"De bestandsnaam ‘{slug}.md’ kan niet in een adres. "
            "Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld timo-of-kevin.md."
        )
        faults.append(Fault(0, sentence))
    if is_stelling_slug(slug):
        faults.append(Fault(0, _NAME_OF_A_STELLING))
    parts = split_card(text)
    # the faults of both halves at once, so that a writer does not meet them one after another
    try:
        story = read_story(parts.story, parts.story_line)
    except CardFaults as error:
        faults += error.faults
    try:
        fields = _read_fields(parts.front, themes)
    except CardFaults as error:
        faults += error.faults
    if faults or story is None or fields is None:
        raise CardFaults(faults)
    return _card(slug, text, fields, story)


def is_slug(name: str) -> bool:
    """Whether a name can stand in an address: small letters, digits, single hyphens."""
    return len(name) <= 80 and _SLUG.fullmatch(name) is not None


def is_stelling_slug(slug: str) -> bool:
    """Whether a slug is that of a stelling."""
    return slug.startswith(STELLING_PREFIX)


def says_withdrawn(text: str) -> bool:
    """Whether a file withdraws its card; read loosely, so that a faulty file withdraws too."""
    return _WITHDRAWN.search(text) is not None


def wording_digest(
    title: str, story: str, options: Sequence[Option], chapters: Sequence[Chapter]
) -> str:
    """Return the SHA-256 of all that could change a choice: title, story, options and chapters.

    Of options the labels and lines. A card without chapters has the digest of title to options.
    """
    # arguments and knowledge are read after the choice, so they may be improved while it is counted
    parts: list[object] = [title, story.split(), [[one.label, one.line] for one in options]]
    if chapters:
        parts.append([[one.voice, one.text, one.question] for one in chapters])
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class Halves(NamedTuple):
    """The fields of a file, and its story with the line on which that begins."""

    front: str
    story: str
    story_line: int


def split_card(text: str) -> Halves:
    """Return the two halves of a card file. Raises: CardFaults when it is too long or not two."""
    if len(text) > LONGEST_FILE:
        raise CardFaults([Fault(0, f"Dit bestand is te lang: hoogstens {LONGEST_FILE} tekens.")])
    match = _FRONT.match(text)
    if match is None:
        sentence = (
            "Begin het bestand met een regel --- "
            "en zet ook tussen de velden en het verhaal een regel ---."
        )
        raise CardFaults([Fault(1, sentence)])
    story = match["story"].lstrip("\n")
    before_story = text[: len(text) - len(story)]
    return Halves(match["front"], story, 1 + before_story.count("\n"))


def _read_fields(front: str, themes: Collection[str] | None) -> FrontMatter:
    raw = read_yaml(front, first_line=2)
    try:
        fields = FrontMatter.model_validate(raw)
    except ValidationError as error:
        raise CardFaults(faults_of(error, raw, 2, FrontMatter)) from None
    if themes is not None and fields.theme not in themes:
        line = 2 + line_of(raw, ("thema",))
        sentence = f"thema: ‘{fields.theme}’ is onbekend. Kies uit: {', '.join(themes)}."
        raise CardFaults([Fault(line, sentence)])
    return fields


def _card(slug: str, text: str, fields: FrontMatter, story: Story) -> Card:
    options = tuple(_option(index, option) for index, option in enumerate(fields.options))
    lines = [f"{option.label} {option.line}" for option in options]
    keywords = tuple(fields.keywords or ())
    chapters = tuple(map(_chapter, fields.chapters))
    safety = None
    if fields.safety:
        safety = Safety(fields.safety.where, fields.safety.specialist_seen)
    touches_choice = fields.touches_choice
    if touches_choice is None:
        touches_choice = fields.theme in CHANGING_THEMES
    return Card(
        slug=slug,
        title=fields.title,
        theme=fields.theme,
        audience=tuple(fields.audience),
        edition=fields.edition,
        checked_on=fields.checked_on,
        recheck_on=fields.recheck_on,
        touches_choice=touches_choice,
        season=fields.season,
        estimate=tuple(fields.estimate or ()),
        origin=fields.origin,
        cover=fields.cover,
        options=options,
        research=_knowledge("onderzoek", fields.knowledge.research),
        law=_knowledge("wet", fields.knowledge.law),
        client=_knowledge("client", fields.knowledge.client),
        questions=tuple(fields.questions),
        chapters=chapters,
        safety=safety,
        withdrawn=fields.withdrawn,
        story_html=story.html,
        story_text=story.text,
        source=text,
        digest=wording_digest(fields.title, story.text, options, chapters),
        search_text=fold(" ".join((fields.title, fields.theme, story.text, *lines, *keywords))),
        keywords=keywords,
    )


def _option(index: int, option: Werkwijze) -> Option:
    return Option(
        code=LETTERS[index],
        letter=LETTERS[index].upper(),
        label=option.label,
        line=option.line,
        leans_on=tuple(option.leans_on),
        arguments_for=tuple(option.arguments_for),
        arguments_against=tuple(option.arguments_against),
    )


def _chapter(chapter: Hoofdstuk) -> Chapter:
    return Chapter(chapter.voice, chapter.text, chapter.question)


def _knowledge(kind: str, items: Iterable[Onderzoek | Wet | Client]) -> tuple[Knowledge, ...]:
    pieces = []
    for item in items:
        not_shown = None
        if isinstance(item, Onderzoek):
            not_shown = item.not_shown
        piece = Knowledge(
            kind=kind,
            heading=item.heading,
            text=item.text,
            source=item.source,
            date=item.date,
            strength=item.strength,
            url=item.address,
            place=item.place,
            not_shown=not_shown,
        )
        pieces.append(piece)
    return tuple(pieces)
