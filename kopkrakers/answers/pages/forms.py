"""The forms of the day."""

from typing import Any

from wtforms import StringField

from kopkrakers.answers.rules import Answer, asks_choice_only, check_answer, check_choice
from kopkrakers.base.errors import WrongInput
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import EXPERIENCES
from kopkrakers.web.csrf import TOKEN
from kopkrakers.web.forms import Form

STALE = "Deze pagina stond lang open. Kijk je keuze nog even na en doe hem opnieuw in de bus."


class AnswerForm(Form):
    """A choice, what tipped it, and what may be skipped: codes of one character."""

    stale = STALE
    optie = StringField()
    doorslag = StringField()
    zeker = StringField(default=NOT_SAID)
    verwacht = StringField(default=NOT_SAID)
    ervaring = StringField(default=NOT_SAID)

    def __init__(self, option_codes: tuple[str, ...]) -> None:
        super().__init__()
        self._option_codes = option_codes

    def answer(self) -> Answer:
        """Return what was sent, still unchecked; empty where nothing was.

        The experience comes from the device and not from the page: what is unknown there counts
        as not said.
        """
        experience = self.ervaring.data
        if experience not in EXPERIENCES:
            experience = NOT_SAID
        if asks_choice_only(self._option_codes):
            return Answer(self.optie.data or "", NOT_SAID, experience=experience)
        return Answer(
            option=self.optie.data or "",
            consideration=self.doorslag.data or "",
            certainty=self.zeker.data or NOT_SAID,
            expected=self.verwacht.data or NOT_SAID,
            experience=experience,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the token is valid and the answer fits the card with these options."""
        is_valid = bool(super().validate(extra_validators))
        try:
            check_answer(self.answer(), self._option_codes)
        except WrongInput as error:
            self.refuse(error)
            return False
        return is_valid

    @property
    def alert(self) -> str:
        """Return what is said above the form: that its token is no longer valid."""
        return self.faults.get(TOKEN, "")

    @property
    def faults_by_anchor(self) -> dict[str, str]:
        """Return a sentence by the id of the place on the page that it is about.

        The options are such a place themselves; the other questions have a line for their fault.
        """
        by_anchor = {}
        for name, sentence in self.faults.items():
            if name == "optie":
                by_anchor[name] = sentence
            elif name != TOKEN:
                by_anchor[f"{name}-fout"] = sentence
        return by_anchor


class ChoiceForm(Form):
    """A choice after a chapter, and nothing beside it."""

    stale = STALE
    optie = StringField()

    def __init__(self, option_codes: tuple[str, ...]) -> None:
        super().__init__()
        self._option_codes = option_codes

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the token is valid and the choice is an option of the card."""
        is_valid = bool(super().validate(extra_validators))
        try:
            check_choice(Answer(self.optie.data or "", NOT_SAID), self._option_codes)
        except WrongInput as error:
            self.refuse(error)
            return False
        return is_valid
