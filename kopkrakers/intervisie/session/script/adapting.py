"""A werkvorm as one session has it: with its stellingen or chapters, looking back, or by hand."""

from functools import lru_cache

from kopkrakers.catalogue.cards.card import Chapter
from kopkrakers.intervisie.werkvormen.reading import (
    FIRST_CHAPTER,
    FIRST_STELLING,
    Action,
    Werkvorm,
    WerkvormStep,
    every_werkvorm,
)


class StellingStep(WerkvormStep):
    """The step of one stelling in a session: it is voted on and revealed in it."""

    number: int
    text: str

    @property
    def opens(self) -> int | None:
        """Return the vote on the stelling."""
        return self.number

    @property
    def reveals(self) -> int | None:
        """Return the vote on the stelling."""
        return self.number


class ChapterStep(WerkvormStep):
    """The step of one chapter in a session: it is told and voted on, and revealed with the rest."""

    number: int
    chapter: Chapter

    @property
    def text(self) -> str:
        """Return who brings the new fact, for the list of steps."""
        return self.chapter.voice

    @property
    def opens(self) -> int | None:
        """Return the vote after the chapter."""
        return self.number


LOOKING_BACK = WerkvormStep(
    titel="Kijk terug",
    doel="Weten wat er van de afspraken kwam, voordat je nieuwe maakt.",
    doe="Lees elke afspraak voor. Zeg samen: is het gedaan, deels of niet?",
    voorbeeld="Het lukte ons een paar keer. Lastig was…",
    nu_niet="Niet zoeken wie het deed of liet. De afspraak was van jullie samen.",
    minuten=5,
    wie="de hele groep",
    actie=Action.LOOK_BACK,
    overslaan=True,
)
"""The first step of a session that has werkafspraken to look back at."""


BY_HAND = {
    Action.VOTE: "Lees ze voor. Kies eerst zelf. Steek dan bij jouw werkwijze je hand op.",
    Action.REVOTE: "Kies nog een keer, eerst zelf. Steek dan bij jouw werkwijze je hand op.",
    Action.STELLING: "Lees de stelling voor. Kies eerst zelf. Steek dan je hand op.",
    Action.ARGUMENTS: "Zoek bij elke werkwijze het beste argument, ook bij wat jij niet koos.",
}
"""The instruction of a step in which phones do something, for a session without them."""
ON_PAPER = "Schrijf het ieder voor zich op een briefje, zonder naam. Lees daarna alles voor: {}."


@lru_cache(maxsize=64)
def adapted(
    slug: str,
    *,
    looks_back: bool,
    by_hand: bool,
    stellingen: tuple[str, ...] = (),
    chapters: tuple[Chapter, ...] = (),
) -> Werkvorm:
    """Return a werkvorm as a session has it.

    `looks_back`: it begins with looking back, if it does not do so anyway. `by_hand`: no phones.
    `stellingen`: the sentences that are voted on, each in a step of its own; `chapters`: of the
    card, likewise.
    """
    form = every_werkvorm()[slug]
    steps = _one_for_each(form.stappen, stellingen) if stellingen else form.stappen
    if chapters:
        steps = _one_for_each_chapter(steps, chapters)
    if by_hand:
        steps = tuple(map(_without_phones, steps))
    if looks_back and not form.looks_back:
        steps = (LOOKING_BACK, *steps)
    return form.model_copy(update={"stappen": steps}) if steps != form.stappen else form


def _one_for_each(
    steps: tuple[WerkvormStep, ...], stellingen: tuple[str, ...]
) -> tuple[WerkvormStep, ...]:
    """Return steps with that of the stelling once for each of these."""
    made: list[WerkvormStep] = []
    for step in steps:
        if step.actie != Action.STELLING:
            made.append(step)
            continue
        for place, text in enumerate(stellingen):
            words = step.model_dump(exclude_unset=True) | {"titel": f"Stelling {place + 1}"}
            made.append(StellingStep(**words, number=FIRST_STELLING + place, text=text))
    return tuple(made)


def _one_for_each_chapter(
    steps: tuple[WerkvormStep, ...], chapters: tuple[Chapter, ...]
) -> tuple[WerkvormStep, ...]:
    """Return steps with that of the chapter once for each of these."""
    made: list[WerkvormStep] = []
    for step in steps:
        if step.actie != Action.CHAPTER:
            made.append(step)
            continue
        for place, chapter in enumerate(chapters):
            words = step.model_dump(exclude_unset=True) | {"titel": f"Nieuw feit {place + 1}"}
            made.append(ChapterStep(**words, number=FIRST_CHAPTER + place, chapter=chapter))
    return tuple(made)


def _without_phones(step: WerkvormStep) -> WerkvormStep:
    words = BY_HAND.get(step.actie, step.doe)
    if step.tabel:
        words = ON_PAPER.format(" – ".join(step.tabel))
    return step.model_copy(update={"doe": words, "tabel": (), "beginwoorden": ()})
