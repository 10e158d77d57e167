"""The forms of reminders. What is sent that was never offered is refused with a sentence."""

from wtforms import HiddenField, StringField, ValidationError

from kopkrakers.base.typed import whole_number
from kopkrakers.reminders.rules import FRIDAY, MONDAY, TIMES, time_in_words
from kopkrakers.reminders.service import Wish
from kopkrakers.web.forms import Form

NO_MAIL = "-"
DAYS = (
    (NO_MAIL, "Geen mail"),
    (str(MONDAY), "Elke maandag: wat er deze week komt"),
    (str(FRIDAY), "Elke vrijdag: wat er deze week was"),
)
TIME_CHOICES = tuple((str(at), time_in_words(at)) for at in TIMES)


def _is_offered_day(_form: Form, field: StringField) -> None:
    if field.data not in dict(DAYS):
        raise ValidationError("Kies geen mail, maandag of vrijdag.")


def is_offered_time(_form: Form, field: StringField) -> None:
    """Refuse a time that is not among the choices, with a sentence."""
    if field.data not in dict(TIME_CHOICES):
        raise ValidationError(
            f"Kies een tijd van {time_in_words(TIMES[0])} tot en met {time_in_words(TIMES[-1])}."
        )


class TeamHookForm(Form):
    """The address of a channel, and the time."""

    adres = StringField()
    tijd = StringField(validators=[is_offered_time])


class PushForm(Form):
    """The time of the push message, and the subscription of the device that the script filled in.

    Without a subscription only the time changes.
    """

    melding_tijd = StringField(validators=[is_offered_time])
    adres = HiddenField()
    sleutel = HiddenField()
    geheim = HiddenField()


class MailForm(Form):
    """On which day the weekly mail comes, or that none comes; and at what time."""

    dag = StringField(validators=[_is_offered_day])
    tijd = StringField(validators=[is_offered_time])

    @property
    def wish(self) -> Wish | None:
        """Return what was chosen; None for no mail. Only of a form that is right."""
        day = whole_number(self.dag.data)
        if day is None:
            return None
        return Wish(int(self.tijd.data), day)
