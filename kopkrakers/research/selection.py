"""The part of a release that was asked for: its dilemmas and tables, by theme and dilemma."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.privacy.card_columns import OPTION_TEXTS
from kopkrakers.privacy.columns import BY_ID
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.rules import TOP_SHARE
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.release.releases import Release, parts_of

LONGEST_ECHO = 40
"""Characters of what was asked that a sentence repeats, at most."""
Texts = Mapping[tuple[str, int], Mapping[str, str]]
"""The words of the werkwijzen of each edition, by their code."""


@dataclass(frozen=True)
class ReleasedDilemma:
    """An edition of a dilemma in a release. `options`: (code, people, percent, nearly all).

    What may not be told is None. `exact`: whether the numbers of people are.
    """

    dilemma: str
    edition: int
    title: str
    theme: str
    total: int | None
    options: tuple[tuple[str, int | None, int | None, bool], ...]
    exact: bool = True

    @property
    def key(self) -> str:
        """Return dilemma and edition as they stand in addresses: `timo-of-kevin.1`."""
        return f"{self.dilemma}.{self.edition}"

    @property
    def is_stelling(self) -> bool:
        """Whether it is a stelling, whose answers have words and no letters."""
        return is_stelling_slug(self.dilemma)

    def short_name(self, option: str, labels: Mapping[str, str]) -> str:
        """Return an option as it is called where there is little room: by its letter or its word.

        `labels`: the texts of the options.
        """
        if self.is_stelling:
            return labels.get(option, option)
        if option == SOMETHING_ELSE:
            return "Iets anders"
        return option.upper()

    @property
    def largest(self) -> int:
        """Return the share of the largest group in percents: the smaller, the more divided.

        Of a share that is only told to be large, it is the limit.
        """
        return max(map(share_of, self.options), default=0)

    @property
    def largest_in_words(self) -> str:
        """Return the same as a page tells it."""
        for *_, is_top in self.options:
            if is_top:
                return f"ruim {TOP_SHARE}%"
        return f"{self.largest}%"


def share_of(option: tuple[str, int | None, int | None, bool]) -> int:
    """Return a share in percents, as far as it is told."""
    _, _, percent, is_top = option
    if is_top:
        return TOP_SHARE
    return percent or 0


def shortened(text: str) -> str:
    """Return what was asked for, as far as a sentence can repeat it."""
    if len(text) <= LONGEST_ECHO:
        return text
    return f"{text[:LONGEST_ECHO]}…"


def spec_of(table_id: str) -> TableSpec:
    """Return the description of a table.

    Raises: NotYours when there is none.
    """
    if table_id not in BY_ID:
        raise NotYours(
            f"De tabel ‘{shortened(table_id)}’ bestaat niet. Kies uit: {', '.join(BY_ID)}."
        )
    return BY_ID[table_id]


def table_in(release: Release, table_id: str) -> TableSpec:
    """Return the description of a table that this release has.

    Raises: NotYours when it has none.
    """
    spec = spec_of(table_id)
    # releases of before have fewer tables
    if spec.id not in release.about["tables"]:
        raise NotYours(f"Deze uitgave heeft de tabel ‘{spec.id}’ nog niet. Kies een latere.")
    return spec


def dilemmas_in(release: Release) -> list[ReleasedDilemma]:
    """Return every edition in a release, by title."""
    dilemmas = []
    for row in release.about["overview"]:
        # releases of before did not tell of any option that it has nearly all (D-62)
        options = tuple((*option, False)[:4] for option in row["options"])
        dilemmas.append(ReleasedDilemma(**{**row, "options": options}))
    # sorting is stable: dilemmas of one title, and editions of one dilemma, keep this order
    dilemmas.sort(key=lambda one: (one.dilemma, one.edition))
    return by_name(dilemmas, lambda one: one.title)


def themes_of(release: Release) -> list[str]:
    """Return the themes in a release."""
    return by_name({one.theme for one in dilemmas_in(release)}, str)


def chosen_dilemmas(
    release: Release, themes: Collection[str], slugs: Collection[str]
) -> set[str] | None:
    """Return the slugs of the dilemmas that a filter leaves; None when nothing is filtered.

    Raises: WrongInput for a theme or a dilemma that is not in this release.
    """
    dilemmas = dilemmas_in(release)
    _check(themes, {one.theme for one in dilemmas}, "thema", "Het thema")
    _check(slugs, {one.dilemma for one in dilemmas}, "dilemma", "Het dilemma")
    if not themes and not slugs:
        return None
    chosen = set()
    for one in dilemmas:
        is_of_theme = not themes or one.theme in themes
        is_named = not slugs or one.dilemma in slugs
        if is_of_theme and is_named:
            chosen.add(one.dilemma)
    return chosen


def chosen_rows(
    session: Session, release: Release, spec: TableSpec, dilemmas: Collection[str] | None
) -> list[list[Any]]:
    """Return the rows of a table, of these dilemmas or, with None, of all."""
    # who takes part is told of all people together, whatever dilemmas were chosen
    if "dilemma" not in spec.names:
        dilemmas = None
    rows: list[list[Any]] = []
    for part in parts_of(session, release.name.number, spec.id, dilemmas):
        rows += part.rows
    return rows


def option_texts(
    session: Session, release: Release, dilemmas: Collection[str] | None = None
) -> Texts:
    """Return the words of the werkwijzen in a release, of these dilemmas or, with None, of all."""
    texts = {}
    for part in parts_of(session, release.name.number, OPTION_TEXTS.id, dilemmas):
        of_edition = {}
        for _dilemma, _edition, option, label, *_ in part.rows:
            of_edition[option] = label
        texts[part.dilemma, part.edition] = of_edition
    return texts


def _check(asked: Collection[str], known: Collection[str], field: str, noun: str) -> None:
    for value in asked:
        if value not in known:
            raise WrongInput(
                f"{noun} ‘{shortened(value)}’ staat niet in deze uitgave. Kies een ander.", field
            )
