"""A dilemma card: what a file in `dilemmas/` becomes once it has been read and found right."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256

from markupsafe import Markup
from pydantic import ValidationError

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.faults import CardFaults, Fault, unreadable
from kopkrakers.catalogue.cards.front_matter import Client, FrontMatter, Onderzoek, Werkwijze, Wet
from kopkrakers.catalogue.cards.story import Story, read_story
from kopkrakers.catalogue.cards.yaml_lines import faults_of, line_of, read_yaml
from kopkrakers.privacy.labels import SOMETHING_ELSE

LETTERS = "abcd"
LONGEST_FILE = 40_000
"""Signs in a card file, at most: far more than a finished card has."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FRONT = re.compile(
    r"\A---[ ]*\n(?P<front>.*?)^---[ ]*\n?(?P<story>.*)\Z", re.DOTALL | re.MULTILINE
)
_WITHDRAWN = re.compile(r"^ingetrokken\s*:\s*['\"]?(ja|true)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Option:
    """A werkwijze. `code` is what a vote holds ("a"), `letter` what people see ("A")."""

    code: str
    letter: str
    label: str
    line: str
    leans_on: tuple[str, ...]
    arguments_for: tuple[str, ...]
    arguments_against: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """A claim with its source. `kind` is onderzoek, wet or client; `date` is a year or a date as text.

    `url` or `place` tells where it can be found; `not_shown` is what research does not show.
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
    """Where to turn when someone is in danger, and whether a specialist has read the card."""

    where_to_turn: str
    specialist_seen: bool


@dataclass(frozen=True)
class Card:
    """A dilemma. `cover` is the file name of a drawing; `cover_svg` what a page shows, drawn or generated."""

    slug: str
    title: str
    theme: str
    audience: tuple[str, ...]
    edition: int
    checked_on: date
    recheck_on: date | None
    origin: str
    cover: str | None
    options: tuple[Option, ...]
    research: tuple[Knowledge, ...]
    law: tuple[Knowledge, ...]
    client: tuple[Knowledge, ...]
    questions: tuple[str, ...]
    safety: Safety | None
    withdrawn: bool
    story_html: Markup
    story_text: str
    source: str = field(repr=False)
    digest: str
    search_text: str = field(repr=False)
    cover_svg: Markup = field(default=Markup(""), repr=False)

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes a vote can hold, in the card's order, "x" (iets anders) last."""
        return (*(option.code for option in self.options), SOMETHING_ELSE)

    def option(self, code: str) -> Option | None:
        """The werkwijze with this code; None for "x" and for a code of another card."""
        return next((option for option in self.options if option.code == code), None)


def parse_card(slug: str, text: str, themes: Collection[str] | None) -> Card:
    """The card in `text`. With `themes` None any theme is taken, as for a wording kept from earlier.

    Raises: CardFaults, every fault with its line.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return _parse(slug, text, None if themes is None else tuple(themes))
    except CardFaults:
        raise
    except Exception as error:  # noqa: BLE001  a fault of this file, and of no other
        raise unreadable(error) from None


@lru_cache(maxsize=1024)
def _parse(slug: str, text: str, themes: tuple[str, ...] | None) -> Card:
    faults = [] if is_slug(slug) else [Fault(0, _wrong_name(slug))]
    front, story_source, story_line = _halves(text)
    story, story_faults = _story_or_faults(story_source, story_line)
    matter, matter_faults = _matter_or_faults(front, themes)
    faults += [*story_faults, *matter_faults]
    if faults or story is None or matter is None:
        raise CardFaults(faults)
    return _card(slug, text, matter, story)


def is_slug(name: str) -> bool:
    """Whether a name can stand in an address: small letters, digits, single hyphens."""
    return len(name) <= 80 and _SLUG.fullmatch(name) is not None


def says_withdrawn(text: str) -> bool:
    """Whether a file withdraws its card; read loosely, so that a faulty file withdraws too."""
    return _WITHDRAWN.search(text) is not None


def wording_digest(title: str, story: str, options: Sequence[Option]) -> str:
    """SHA-256 over what could change a choice: title, story, and each option's label and line, in order."""
    parts = [title, story.split(), [[option.label, option.line] for option in options]]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _wrong_name(slug: str) -> str:
    return (
        f"De bestandsnaam ‘{slug}.md’ kan niet in een adres. "
        "Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld timo-of-kevin.md."
    )


def _halves(text: str) -> tuple[str, str, int]:
    if len(text) > LONGEST_FILE:
        raise CardFaults([Fault(0, f"Dit bestand is te lang: hoogstens {LONGEST_FILE} tekens.")])
    found = _FRONT.match(text)
    if found is None:
        raise CardFaults(
            [
                Fault(
                    1,
                    "Begin het bestand met een regel --- en zet ook tussen de velden en het verhaal een regel ---.",
                )
            ]
        )
    story = found["story"]
    blank = len(story) - len(story.lstrip("\n"))
    return found["front"], story[blank:], text[: found.start("story")].count("\n") + 1 + blank


def _story_or_faults(source: str, line: int) -> tuple[Story | None, Sequence[Fault]]:
    try:
        return read_story(source, line), ()
    except CardFaults as error:
        return None, error.faults


def _matter_or_faults(
    front: str, themes: Collection[str] | None
) -> tuple[FrontMatter | None, Sequence[Fault]]:
    try:
        raw = read_yaml(front, first_line=2)
        matter = FrontMatter.model_validate(raw)
    except CardFaults as error:
        return None, error.faults
    except ValidationError as error:
        return None, tuple(faults_of(error, raw, 2, FrontMatter))
    if themes is not None and matter.theme not in themes:
        line = 2 + line_of(raw, ("thema",))
        return None, [
            Fault(line, f"thema: ‘{matter.theme}’ is onbekend. Kies uit: {', '.join(themes)}.")
        ]
    return matter, ()


def _card(slug: str, text: str, matter: FrontMatter, story: Story) -> Card:
    options = tuple(_option(index, option) for index, option in enumerate(matter.options))
    lines = (f"{option.label} {option.line}" for option in options)
    return Card(
        slug=slug,
        title=matter.title,
        theme=matter.theme,
        audience=tuple(matter.audience),
        edition=matter.edition,
        checked_on=matter.checked_on,
        recheck_on=matter.recheck_on,
        origin=matter.origin,
        cover=matter.cover,
        options=options,
        research=tuple(_knowledge("onderzoek", item) for item in matter.knowledge.research),
        law=tuple(_knowledge("wet", item) for item in matter.knowledge.law),
        client=tuple(_knowledge("client", item) for item in matter.knowledge.client),
        questions=tuple(matter.questions),
        safety=Safety(matter.safety.where, matter.safety.specialist_seen)
        if matter.safety
        else None,
        withdrawn=matter.withdrawn,
        story_html=story.html,
        story_text=story.text,
        source=text,
        digest=wording_digest(matter.title, story.text, options),
        search_text=fold(" ".join((matter.title, matter.theme, story.text, *lines))),
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


def _knowledge(kind: str, item: Onderzoek | Wet | Client) -> Knowledge:
    return Knowledge(
        kind=kind,
        heading=item.heading,
        text=item.text,
        source=item.source,
        date=item.date,
        strength=item.strength,
        url=item.address,
        place=item.place,
        not_shown=item.not_shown if isinstance(item, Onderzoek) else None,
    )
