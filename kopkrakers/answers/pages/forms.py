"""The one form of the day: codes of one character, which `rules.check_answer` holds against the card."""

from flask_wtf import FlaskForm
from wtforms import StringField

from kopkrakers.answers.rules import Answer, check_answer
from kopkrakers.base.errors import WrongInput
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import EXPERIENCES

STALE = "Deze pagina stond lang open. Kijk je keuze nog even na en doe hem opnieuw in de bus."
"""Said when the form's own proof is no longer valid; the choice comes back with it."""


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """A choice, what tipped it, and what may be skipped. Names are those of the page."""

    optie = StringField()
    doorslag = StringField()
    zeker = StringField(default=NOT_SAID)
    verwacht = StringField(default=NOT_SAID)
    ervaring = StringField(default=NOT_SAID)

    def answer(self) -> Answer:
        """What was sent, still unchecked; empty where nothing was.

        The experience comes from the device and not from the page: what is unknown there counts as not said.
        """
        return Answer(
            option=self.optie.data or "",
            consideration=self.doorslag.data or "",
            certainty=self.zeker.data or NOT_SAID,
            expected=self.verwacht.data or NOT_SAID,
            experience=self.ervaring.data if self.ervaring.data in EXPERIENCES else NOT_SAID,
        )


def faults_of(answer: Answer, option_codes: tuple[str, ...]) -> dict[str, str]:
    """What is wrong with an answer to this card: a sentence by the id of what it is about."""
    try:
        check_answer(answer, option_codes)
    except WrongInput as wrong:
        return {"optie" if wrong.field == "optie" else f"{wrong.field}-fout": wrong.sentence}
    return {}
