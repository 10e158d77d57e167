"""The parts of an answer: codes of one character, so that every answer is equally long."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import StrEnum

from kopkrakers.base.errors import WrongInput
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS, EXPERIENCES, SOMETHING_ELSE


class Attribute(StrEnum):
    """The attributes that go with a choice and are counted apart from it, nationally only."""

    CONSIDERATION = "consideration"
    CERTAINTY = "certainty"
    EXPECTED = "expected"
    EXPERIENCE = "experience"


@dataclass(frozen=True)
class Answer:
    """One answer, each part one character; `-` is not said.

    `expected`: the choice of most colleagues, as this person thinks.
    """

    option: str
    consideration: str
    certainty: str = NOT_SAID
    expected: str = NOT_SAID
    experience: str = NOT_SAID

    @property
    def codes(self) -> str:
        """Return all parts after each other, the five characters that are sealed."""
        return "".join(getattr(self, field.name) for field in fields(self))

    @classmethod
    def read(cls, codes: str) -> "Answer":
        """Return the answer behind five characters.

        Raises: ValueError for another length.
        """
        if len(codes) != len(fields(cls)):
            raise ValueError("not an answer")
        return cls(*codes)

    @property
    def attributes(self) -> dict[Attribute, str]:
        """Return the attributes by name."""
        return {attribute: getattr(self, attribute) for attribute in Attribute}


# D-135
def asks_choice_only(option_codes: Collection[str]) -> bool:
    """Whether these are the answers to a stelling, which asks nothing but a choice.

    Every dilemma has "something else" among its options.
    """
    return SOMETHING_ELSE not in option_codes


def asked_attributes(option_codes: Collection[str]) -> tuple[Attribute, ...]:
    """Return the attributes that go with a choice between these options.

    The experience is not asked with each choice: the device has it.
    """
    if asks_choice_only(option_codes):
        return (Attribute.EXPERIENCE,)
    return tuple(Attribute)


def check_choice(answer: Answer, option_codes: tuple[str, ...]) -> None:
    """Check an answer after a chapter: a choice alone, for more would be counted beside the first.

    Raises: WrongInput.
    """
    if answer.option not in option_codes:
        raise WrongInput("Kies eerst een werkwijze. Daarna kan je antwoord in de bus.", "optie")
    if set(answer.attributes.values()) != {NOT_SAID}:
        raise WrongInput("Na een nieuw feit vragen we alleen wat je kiest.", "optie")


def check_answer(answer: Answer, option_codes: tuple[str, ...]) -> None:
    """Check an answer against the options of its card.

    Raises: WrongInput naming the field that is missing or unknown.
    """
    if asks_choice_only(option_codes):
        _check_choice_only(answer, option_codes)
    else:
        _check_choice(answer, option_codes)
    if answer.experience not in {*EXPERIENCES, NOT_SAID}:
        raise WrongInput(
            "Laat weten hoe lang je dit werk doet, of sla deze vraag over.", "ervaring"
        )


def _check_choice_only(answer: Answer, option_codes: tuple[str, ...]) -> None:
    if answer.option not in option_codes:
        raise WrongInput("Kies eerst een antwoord. Daarna kan het in de bus.", "optie")
    if {answer.consideration, answer.certainty, answer.expected} != {NOT_SAID}:
        raise WrongInput("Bij een stelling kies je een antwoord, en verder niets.", "optie")


def _check_choice(answer: Answer, option_codes: tuple[str, ...]) -> None:
    if answer.option not in option_codes:
        raise WrongInput("Kies eerst een werkwijze. Daarna kan je antwoord in de bus.", "optie")
    if answer.consideration not in CONSIDERATIONS:
        raise WrongInput("Kies wat de doorslag gaf: wet, rendement of betrokkenheid.", "doorslag")
    if answer.certainty not in {*CERTAINTIES, NOT_SAID}:
        raise WrongInput("Kies hoe zeker je bent, of sla deze vraag over.", "zeker")
    if answer.expected not in {*option_codes[:-1], NOT_SAID}:
        raise WrongInput("Kies wat de meesten doen, of sla deze vraag over.", "verwacht")
