"""The parts of a result, made from a card and released figures: rows, sentences, sources."""

from collections.abc import Iterable, Mapping

from kopkrakers.answers.figures import Result
from kopkrakers.answers.kraakvraag import (
    REASONS,
    CountedFigures,
    Variant,
    kraakvragen,
    most_chosen,
    own_question,
    werkwijzen_of,
)
from kopkrakers.answers.pages.outcome import (
    ConsiderationRow,
    DistributionRow,
    ExpectationNote,
    KnowledgeSource,
    ScopeView,
)
from kopkrakers.catalogue.cards.card import Card, Knowledge
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import CONSIDERATIONS, SOMETHING_ELSE, SOMETHING_ELSE_LABEL
from kopkrakers.privacy.release import (
    ReleasedNational,
    ReleasedShares,
    ReleasedTable,
    ReleasedTop,
)
from kopkrakers.privacy.rules import TOP_SHARE

FEWEST_REASONS = 2
"""The doorslagen that must be left to show: one alone would read as everyone's."""


def labels_of(card: Card) -> dict[str, str]:
    """Return the label of each option by its code, in the order of `option_codes`."""
    labels = {option.code: option.label for option in card.options}
    if not card.is_stelling:
        labels[SOMETHING_ELSE] = SOMETHING_ELSE_LABEL
    return labels


def scope_view(
    title: str,
    figures: ReleasedNational | None,
    labels: Mapping[str, str],
    *,
    is_doubtful: bool,
) -> ScopeView:
    """Return the rows of one distribution. `title`: whose, such as "Regio Zaanstreek, 3 gemeenten".

    What stands behind the comma is told beside the figures: a tab has no room for it.
    """
    name, _, members = title.partition(", ")
    if figures is None:
        return ScopeView(name, members, is_doubtful=is_doubtful)
    if isinstance(figures, ReleasedTop):
        top = DistributionRow(figures.option, labels[figures.option], figures.share, TOP_SHARE)
        return ScopeView(name, members, None, (top,), is_top=True)
    rows = []
    for row in figures.rows:
        rows.append(DistributionRow(row.option, labels[row.option], f"{row.percent}%", row.percent))
    if isinstance(figures, ReleasedShares):
        return ScopeView(name, members, None, tuple(rows))
    return ScopeView(name, members, figures.told_total, tuple(rows), is_rounded=figures.rounded)


def expectation_notes(card: Card, result: Result) -> tuple[ExpectationNote, ...]:
    """Return a sentence for every expectation that someone can have had, and for having none.

    A stelling asks none.
    """
    if card.is_stelling:
        return ()
    actual = most_chosen(result.national) if result.national else None
    notes = []
    # for all of them: which one this person expected is known to their browser alone
    for option in card.options:
        text = _expected_beside_actual(option.letter, actual, result)
        notes.append(ExpectationNote(option.code, text))
    # every sentence has its place on the page: a hole for those who skipped the question
    text = "Wat de meesten kiezen, sloeg je over."
    if result.national is not None:
        text = _most_often(actual, result)
    notes.append(ExpectationNote(NOT_SAID, text))
    return tuple(notes)


def _expected_beside_actual(expected: str, actual: str | None, result: Result) -> str:
    if result.national is None:
        return f"Jij verwacht dat de meesten {expected} kiezen."
    if actual is None or actual.upper() != expected:
        return f"Jij verwachtte {expected}. {_most_often(actual, result)}"
    agrees = "Landelijk klopt dat" if result.local else "Dat klopt"
    return f"Jij verwachtte {expected}. {agrees}."


def _most_often(actual: str | None, result: Result) -> str:
    """Return what all gemeenten together chose, named so under the figures of one of them."""
    if actual is None:
        return "Landelijk springt niets eruit." if result.local else "Geen keuze steekt erbovenuit."
    often = "Landelijk het vaakst" if result.local else "Het vaakst gekozen"
    return f"{often}: {actual.upper()}."


def variants_of(card: Card, figures: CountedFigures) -> tuple[Variant, ...]:
    """Return the kraakvragen of a card; of a stelling its own question.

    The patterns are about werkwijzen, which a stelling does not have.
    """
    if card.is_stelling:
        return (own_question(card.questions[0]),)
    return kraakvragen(werkwijzen_of(card), card.questions[0], figures)


def consideration_rows(
    labels: Mapping[str, str], table: ReleasedTable | None
) -> tuple[ConsiderationRow, ...]:
    """Return the doorslag per werkwijze; nothing while fewer than two of them can be told."""
    if table is None:
        return ()
    values = [value for value in REASONS if value in table.cells]
    # with one left, the rest of the total is the other: it would be told by subtracting
    if len(values) < FEWEST_REASONS:
        return ()
    if NOT_SAID in table.cells:
        values.append(NOT_SAID)
    names = {**CONSIDERATIONS, NOT_SAID: "Niet vermeld"}
    rows = []
    for code, label in labels.items():
        cells = []
        for value in values:
            people = _in_words(table.cells[value][code])
            cells.append((names[value], people))
        rows.append(ConsiderationRow(label, tuple(cells)))
    return tuple(rows)


def _in_words(cell: str) -> str:
    """Return a protected number as people read it: `<5` and `0-4` are both "minder dan 5"."""
    if cell.startswith("<"):
        return f"minder dan {cell[1:]}"
    low, _, high = cell.partition("-")
    if not high:
        return low
    if low == "0":
        return f"minder dan {int(high) + 1}"
    return f"{low} tot en met {high}"


def knowledge_view(card: Card) -> tuple[tuple[str, tuple[KnowledgeSource, ...]], ...]:
    """Return the three kinds of knowledge, each under its heading; of a stelling its origin."""
    if card.is_stelling:
        return (("Waar komt deze stelling vandaan?", _sources(card.research)),)
    return (
        ("Onderzoek", _sources(card.research)),
        ("Wet en regels", _sources(card.law)),
        ("Cliënt", _sources(card.client)),
    )


def _sources(items: Iterable[Knowledge]) -> tuple[KnowledgeSource, ...]:
    sources = []
    for place, item in enumerate(items, start=1):
        dated = date_in_words(item.date)
        # a law is cited as it read on a day
        if item.kind == "wet" and item.date[0].isdigit():
            dated = f"tekst van {dated}"
        sources.append(KnowledgeSource(f"{item.kind}-{place}", item, dated))
    return tuple(sources)
