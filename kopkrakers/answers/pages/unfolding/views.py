"""What the page of a card that unfolds shows: new facts, and how often each option was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kopkrakers.answers.kraakvraag import most_chosen
from kopkrakers.answers.pages.outcome_parts import labels_of
from kopkrakers.answers.pages.reading import DayEdition
from kopkrakers.answers.pages.views import STANDINGS, AnswerWords
from kopkrakers.answers.service import Turn
from kopkrakers.base.dutch import near_day
from kopkrakers.catalogue.cards.card import Card, Chapter
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.release import ReleasedNational, ReleasedShares, ReleasedTop, coarser
from kopkrakers.privacy.rules import COMES_BACK_SHARES, TOP_SHARE

AT_FIRST = "Eerst"
NO_FIGURE = (
    f"Cijfers over een vervolg tonen we pas vanaf {COMES_BACK_SHARES} antwoorden uit het land, en "
    "alleen als ze genoeg verschillen van wat mensen eerder kozen. Ook dan zie je nooit wie van "
    "keuze veranderde."
)
"""The same whether too few answered, too many agreed, or nobody or one person moved."""


@dataclass(frozen=True)
class ToldChapter:
    """A chapter that this person may read. `place` counts from 1."""

    place: int
    chapter: Chapter

    @property
    def name(self) -> str:
        """Return the name of the choice after it."""
        return f"{self.place}. {self.chapter.voice}"


@dataclass(frozen=True)
class PartFigures:
    """The national figures of one part, by its name. `is_doubtful`: somebody changed them."""

    name: str
    national: ReleasedNational | None
    is_doubtful: bool = False


@dataclass(frozen=True)
class ShareCell:
    """One option in one part: its share in words and the width of its bar, 0 to 100.

    No words where only the largest share is told.
    """

    part: str
    share: str
    width: int


@dataclass(frozen=True)
class ShareRow:
    """One option in all parts with figures."""

    code: str
    label: str
    cells: tuple[ShareCell, ...]


@dataclass(frozen=True)
class SharesBesideEachOther:
    """The parts with figures as columns, an option a row; and one sentence on each part.

    Never who went from one option to another: only totals stand beside each other. `in_tens`: all
    shares are, because those of one part are, and others would seem to have grown or shrunk.
    """

    parts: tuple[str, ...]
    rows: tuple[ShareRow, ...]
    sentences: tuple[str, ...]
    missing: tuple[str, ...]
    doubtful: tuple[str, ...]
    in_tens: bool


@dataclass(frozen=True)
class Unfolding:
    """A card with its chapters, for one person.

    `told`: the chapters they may read. `asked`: the last of these, while it waits for their choice;
    until then no figures stand there. `turn`: on the last chapter they chose after, `last`, 0 for
    none. `next_on`: the day on which another chapter comes.
    """

    edition: DayEdition
    told: tuple[ToldChapter, ...]
    asked: ToldChapter | None
    last: int
    turn: Turn
    of: int
    figures: SharesBesideEachOther | None = None
    next_on: date | None = None

    @property
    def card(self) -> Card:
        """Return the card."""
        return self.edition.card

    @property
    def before(self) -> tuple[ToldChapter, ...]:
        """Return the chapters that were told before what is asked now."""
        if self.asked is None:
            return self.told
        return self.told[:-1]

    @property
    def next_when(self) -> str:
        """Return when another chapter comes, as people say it; empty where none does."""
        if self.next_on is None:
            return ""
        return near_day(self.next_on, self.edition.today).capitalize()

    @property
    def standing(self) -> AnswerWords:
        """Return the words for what became of the last choice."""
        return STANDINGS[self.turn]

    @property
    def takes_back(self) -> bool:
        """Whether the last choice can still be taken back."""
        return self.turn is Turn.IN_BOX

    @property
    def page_title(self) -> str:
        """Return the title of the page, with what is to be done or became of the choice."""
        if self.asked is not None:
            return f"Nieuw feit: {self.card.title}"
        if self.turn is Turn.NONE:
            return f"Het vervolg: {self.card.title}"
        return f"{self.standing.title}: het vervolg van {self.card.title}"


def beside_each_other(card: Card, parts: Sequence[PartFigures]) -> SharesBesideEachOther:
    """Return the figures of the parts of a card beside each other."""
    counted: list[tuple[str, ReleasedNational]] = []
    missing, doubtful = [], []
    for part in parts:
        if part.is_doubtful:
            doubtful.append(part.name)
        elif part.national is None:
            missing.append(part.name)
        if part.national is not None:
            counted.append((part.name, part.national))
    in_tens = any(isinstance(national, ReleasedShares) for _, national in counted)
    if in_tens:
        counted = [(name, coarser(national)) for name, national in counted]
    labels = labels_of(card)
    rows = []
    for code, label in labels.items():
        cells = [_cell(name, code, national) for name, national in counted]
        rows.append(ShareRow(code, label, tuple(cells)))
    return SharesBesideEachOther(
        parts=tuple(name for name, _ in counted),
        rows=tuple(rows),
        sentences=tuple(_in_words(name, national, labels) for name, national in counted),
        missing=tuple(missing),
        doubtful=tuple(doubtful),
        in_tens=in_tens,
    )


def told_chapters(
    card: Card, editions: Sequence[PublishedEdition], today: date
) -> list[ToldChapter]:
    """Return the chapters whose edition was opened by a day."""
    told = []
    for edition in editions:
        if edition.opens_on <= today:
            told.append(ToldChapter(edition.chapter, card.chapters[edition.chapter - 1]))
    return told


def _cell(part: str, code: str, national: ReleasedNational) -> ShareCell:
    if isinstance(national, ReleasedTop):
        if code == national.option:
            return ShareCell(part, national.share, TOP_SHARE)
        return ShareCell(part, "", 0)
    percent = national.percent_of(code)
    return ShareCell(part, f"{percent}%", percent)


def _in_words(name: str, national: ReleasedNational, labels: dict[str, str]) -> str:
    """Return which option was chosen most in one part, as a sentence."""
    most = most_chosen(national)
    if most is None:
        return f"{name}: geen werkwijze steekt erbovenuit."
    if isinstance(national, ReleasedTop):
        share = national.share
    else:
        share = f"{national.percent_of(most)}%"
    letter = "" if most == SOMETHING_ELSE else f"{most.upper()}, "
    return f"{name}: het vaakst {letter}‘{labels[most]}’ ({share})."
