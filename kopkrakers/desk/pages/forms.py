"""The forms of the desk."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from kopkrakers.base.dutch import number
from kopkrakers.base.typed import clean_line, clean_text, whole_number
from kopkrakers.desk.editor.draft import write_draft
from kopkrakers.desk.editor.service import cleaned_card
from kopkrakers.desk.pages.fields import by_their_words, values_from
from kopkrakers.desk.sending.reports import CardPart
from kopkrakers.web.forms import Form, required

FIELDS = "velden"
"""The value by which a form says that it sends the fields of a card."""
MOST_WORDS = 150
LONGEST = 2000
"""Characters of one field, at most."""


def cleaned_text(text: str | None) -> str:
    """Return a text of several lines as it is kept."""
    return clean_text(text or "")


def at_most_words(most: int) -> Callable[[FlaskForm, Field], None]:
    """Return a validator that says how many words there are, and how many may be."""

    def check(_form: FlaskForm, field: Field) -> None:
        words = len((field.data or "").split())
        if words > most:
            raise ValidationError(
                f"Dit zijn {number(words)} woorden. Houd het bij {most}. Alles staat er nog."
            )

    return check


def at_most_characters(most: int) -> Callable[[FlaskForm, Field], None]:
    """Return a validator that says how many characters there are, and how many may be."""

    def check(_form: FlaskForm, field: Field) -> None:
        length = len(field.data or "")
        if length > most:
            raise ValidationError(
                f"Dit zijn {number(length)} tekens. Houd het bij {number(most)}. "
                "Alles staat er nog."
            )

    return check


class SendForm(Form):
    """A case from practice."""

    eenmalig = HiddenField()
    gebeurde = TextAreaField(
        filters=[cleaned_text],
        validators=[
            required("Schrijf op wat er gebeurde."),
            at_most_words(MOST_WORDS),
            at_most_characters(LONGEST),
        ],
    )
    kon = TextAreaField(
        filters=[cleaned_text],
        validators=[
            required("Schrijf twee of drie dingen op die je kon doen."),
            at_most_characters(LONGEST),
        ],
    )
    lastig = TextAreaField(
        filters=[cleaned_text],
        validators=[required("Schrijf op wat het lastig maakte."), at_most_characters(LONGEST)],
    )
    thema = SelectField(validate_choice=False)
    met_naam = BooleanField()
    met_gemeente = BooleanField()
    gekeken = BooleanField()

    def offer(self, themes: tuple[str, ...]) -> None:
        """Offer these themes."""
        self.thema.choices = [("", "Kies een thema"), *by_their_words(themes)]

    def validate_thema(self, field: SelectField) -> None:
        """Refuse what is no theme."""
        if not field.data or field.data not in dict(field.choices):
            raise ValidationError("Kies een thema. Twijfel je? Neem het dichtstbijzijnde.")

    def whole(self) -> str:
        """Return all that was written, to be looked at for marks."""
        return "\n".join((self.gebeurde.data, self.kon.data, self.lastig.data))


class ReportForm(Form):
    """A mistake, and the part of the card it is in."""

    onderdeel = SelectField(validate_choice=False)
    uitleg = TextAreaField(
        filters=[cleaned_text],
        validators=[required("Schrijf op wat er niet klopt."), at_most_characters(LONGEST)],
    )
    met_naam = BooleanField()
    gekeken = BooleanField()

    @classmethod
    def about(cls, parts: tuple[CardPart, ...], code: str | None) -> "ReportForm":
        """Return the form for a card; `code` is of the part that the reader came from."""
        choices = [(part.code, part.label) for part in parts]
        chosen = "verhaal"
        if code in dict(choices):
            chosen = code
        form = cls(data={"onderdeel": chosen})
        form.onderdeel.choices = choices
        return form

    def validate_onderdeel(self, field: SelectField) -> None:
        """Refuse a part that this card does not have."""
        if field.data not in dict(field.choices):
            raise ValidationError("Kies een onderdeel van deze kaart.")


class FollowForm(Form):
    """A code, to hear what became of a case."""

    code = StringField(
        filters=[lambda typed: clean_line(typed or "")],
        validators=[required("Typ de code die je kreeg.")],
    )


class ReasonForm(Form):
    """The words of a redacteur to who sent something in."""

    tekst = TextAreaField(filters=[cleaned_text], validators=[at_most_characters(LONGEST)])

    def __init__(self, *, needed: str = "", **kwargs: Any) -> None:
        """`needed`: the sentence where nothing was filled in; empty where it may stay empty."""
        super().__init__(**kwargs)
        self._needed = needed

    def validate_tekst(self, field: TextAreaField) -> None:
        """Ask for a text where one is needed."""
        if self._needed and not field.data:
            raise ValidationError(self._needed)


class NewCardForm(Form):
    """The beginning of a card. `verhaal`: the sent case that it comes from."""

    naam = StringField(
        filters=[lambda typed: clean_line(typed or "").lower()],
        validators=[required("Geef de kaart een naam.")],
    )
    verhaal = HiddenField()


class TakeForm(Form):
    """Taking something up. `had`: who had it when the page was made, if anybody."""

    had = HiddenField(filters=[lambda typed: whole_number(typed or "")])


class DayForm(Form):
    """The card of a day. `stond`: the one that stood there when the page was made."""

    kaart = HiddenField(filters=[lambda typed: typed or ""])
    stond = HiddenField(filters=[lambda typed: typed or ""])


class RemarkForm(Form):
    """A remark on a card, about one of its parts or all of it. `wat`: the button."""

    deel = SelectField(validate_choice=False)
    opmerking = TextAreaField(filters=[cleaned_text])
    wat = HiddenField()

    @property
    def sends_back(self) -> bool:
        """Whether the card goes back with it."""
        return bool(self.wat.data == "terug")


class CardForm(Form):
    """A card, made from a version: as its fields, or as the whole text. `wat`: the button."""

    tekst = TextAreaField()
    versie = IntegerField(validators=[required("Deze pagina is niet heel. Open haar opnieuw.")])
    vorm = HiddenField()
    wat = HiddenField()

    @property
    def only_checks(self) -> bool:
        """Whether it is to be checked and not to be saved."""
        return bool(self.wat.data == "kijk-na")

    @property
    def as_text(self) -> bool:
        """Whether the whole text was sent, and not the fields."""
        return bool(self.vorm.data != FIELDS)

    @property
    def text(self) -> str:
        """Return the text of the card that was sent, as it is kept."""
        if self.as_text:
            return cleaned_card(self.tekst.data or "")
        return cleaned_card(write_draft(values_from(request.form)))

    def validate_tekst(self, field: TextAreaField) -> None:
        """Refuse an empty text."""
        if self.as_text and not (field.data or "").strip():
            raise ValidationError("De kaart is leeg. Wil je haar weg hebben? Trek haar dan in.")
