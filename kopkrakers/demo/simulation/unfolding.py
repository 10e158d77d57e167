"""Colleagues who choose again after a chapter, the working day after the card."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from kopkrakers.answers.rules import Answer
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.chapters import chapters_of
from kopkrakers.catalogue.editions.editions import PublishedEdition, last_editions
from kopkrakers.catalogue.editions.working_days import last_working_day
from kopkrakers.demo.choices import answer_of
from kopkrakers.demo.people import Colleague
from kopkrakers.demo.simulation.living import PlannedAnswer, answer_time
from kopkrakers.demo.stage import Stage
from kopkrakers.privacy.bundles import NOT_SAID

JOINING = 0.92
"""The part of the colleagues that answers a card with chapters: figures begin at 80 answers."""
GO_ON = 0.9
"""The part of them that chooses again."""
STAY = 0.55
"""The part of these that chooses the same."""
DRAWN = 0.7
"""The part of the others that a new fact draws to one option; the rest scatters."""


def choosing_again(
    stage: Stage, people: list[Colleague], day: date, chance: Random
) -> Iterator[PlannedAnswer]:
    """Yield the choices after the chapters that open on a day, each at a time of its own."""
    for chapter, colleagues in _who_go_on(stage, people, day):
        card = stage.card(chapter)
        for colleague in colleagues:
            at = answer_time(chance, day)
            yield PlannedAnswer(at, chapter, colleague, _choice(colleague, card, chapter.chapter))


def choose_again_at_once(stage: Stage, people: list[Colleague], day: date) -> bool:
    """Put the choices after the chapters of these days in the box. Return whether any came.

    Of the working day before a weekend as well. Nothing where somebody of them chose already.
    """
    answers = []
    for chapter, colleagues in _who_go_on(stage, people, day, since=last_working_day(day)):
        card = stage.card(chapter)
        if len(stage.not_yet(chapter, colleagues)) == len(colleagues):
            for colleague in colleagues:
                answers.append((chapter, colleague, _choice(colleague, card, chapter.chapter)))
    stage.cast_answers(answers, day)
    return bool(answers)


def _who_go_on(
    stage: Stage, people: list[Colleague], day: date, *, since: date | None = None
) -> Iterator[tuple[PublishedEdition, list[Colleague]]]:
    """Yield each chapter that opens on a day, or since another; and who choose again after it."""
    with stage.database.reading() as session:
        chapters = []
        for edition in last_editions(session).values():
            chapters += chapters_of(session, edition.dilemma, edition.number)
    for chapter in chapters:
        if not (since or day) <= chapter.opens_on <= day or not chapter.is_open(day):
            continue
        part_before = replace(chapter, number=chapter.number - 1)
        not_before = set(stage.not_yet(part_before, people))
        going_on = []
        for colleague in people:
            mind = Random(f"{chapter.dilemma} {chapter.chapter} {colleague.user_id}")
            # a persona chooses when a visitor does so for them
            if colleague.played or colleague in not_before or mind.random() >= GO_ON:
                continue
            going_on.append(colleague)
        yield chapter, going_on


def _choice(colleague: Colleague, card: Card, chapter: int) -> Answer:
    """Return the choice of a colleague after a chapter, always the same."""
    mind = Random(f"{card.slug} {chapter} {colleague.user_id} again")
    drawn_to = Random(f"{card.slug} {chapter}").choice(card.options).code
    option = answer_of(colleague, card).option
    if mind.random() >= STAY:
        option = drawn_to
        if mind.random() >= DRAWN:
            option = mind.choice(card.option_codes)
    return Answer(option, NOT_SAID)
