"""What a page or the API shows of a release: tables with labels, filtered by theme and dilemma."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import by_name
from kopkrakers.privacy.columns import BY_ID, TableSpec
from kopkrakers.research.release.releases import Release, parts_of

LONGEST_ECHO = 40


@dataclass(frozen=True)
class Known:
    """A dilemma in a release, as the overview holds it. `options`: (code, people, percent)."""

    dilemma: str
    edition: int
    title: str
    theme: str
    total: int
    options: tuple[tuple[str, int, int], ...]

    @property
    def key(self) -> str:
        """Dilemma and edition, as they stand in addresses: `timo-of-kevin.1`."""
        return f"{self.dilemma}.{self.edition}"

    @property
    def largest(self) -> int:
        """The share of the largest group, in percents: the smaller, the more divided."""
        return max((percent for _, _, percent in self.options), default=0)


def shortened(text: str) -> str:
    """What somebody asked for, as far as a sentence can repeat it."""
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"


def spec_of(table_id: str) -> TableSpec:
    """The description of a table.

    Raises: NotYours when there is none.
    """
    if table_id not in BY_ID:
        raise NotYours(
            f"De tabel ‘{shortened(table_id)}’ bestaat niet. Kies uit: {', '.join(BY_ID)}."
        )
    return BY_ID[table_id]


def known_dilemmas(release: Release) -> list[Known]:
    """Every edition in a release, by title."""
    known = [
        Known(**{**one, "options": tuple(tuple(option) for option in one["options"])})
        for one in release.about["overview"]
    ]
    known.sort(key=lambda one: (one.dilemma, one.edition))
    return by_name(known, lambda one: one.title)


def themes_of(release: Release) -> list[str]:
    """The themes in a release."""
    return by_name({one.theme for one in known_dilemmas(release)}, str)


def chosen_dilemmas(
    release: Release, themes: Collection[str], dilemmas: Collection[str]
) -> set[str] | None:
    """The dilemmas that a filter leaves; None when nothing is filtered.

    Raises: WrongInput for a theme or a dilemma that is not in this release.
    """
    known = known_dilemmas(release)
    _check(themes, {one.theme for one in known}, "thema", "Het thema")
    _check(dilemmas, {one.dilemma for one in known}, "dilemma", "Het dilemma")
    if not themes and not dilemmas:
        return None
    return {
        one.dilemma
        for one in known
        if (not themes or one.theme in themes) and (not dilemmas or one.dilemma in dilemmas)
    }


def rows_of(
    session: Session, release: Release, spec: TableSpec, dilemmas: set[str] | None
) -> list[list[Any]]:
    """The rows of a table, of these dilemmas or of all."""
    chosen = None if "dilemma" not in spec.names else dilemmas
    return [
        row
        for *_, rows in parts_of(session, release.name.number, spec.id, _listed(chosen))
        for row in rows
    ]


def _listed(dilemmas: set[str] | None) -> Sequence[str] | None:
    return None if dilemmas is None else sorted(dilemmas)


def _check(given: Collection[str], known: Collection[str], field: str, what: str) -> None:
    for one in given:
        if one not in known:
            raise WrongInput(
                f"{what} ‘{shortened(one)}’ staat niet in deze uitgave. Kies een ander.", field
            )
