"""The form of "Er klopt iets niet"."""

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from kopkrakers.base.typed import clean_text
from kopkrakers.catalogue.pages.telling import LONGEST_REPORT, CardPart
from kopkrakers.web.forms import Form


class WrongForm(Form):
    """A mistake, and the part of the card it is in."""

    onderdeel = SelectField(validate_choice=False)
    uitleg = TextAreaField(
        filters=[lambda text: clean_text(text or "")],
        validators=[
            DataRequired("Schrijf op wat er niet klopt."),
            Length(max=LONGEST_REPORT, message=f"Houd het bij {LONGEST_REPORT} tekens."),
        ],
    )

    @classmethod
    def about(cls, parts: tuple[CardPart, ...], code: str | None) -> "WrongForm":
        """Return the form for a card; `code` is of the part that the reader came from."""
        choices = [(part.code, part.label) for part in parts]
        if code in dict(choices):
            chosen = code
        else:
            chosen = "verhaal"
        form = cls(data={"onderdeel": chosen})
        form.onderdeel.choices = choices
        return form

    def validate_onderdeel(self, field: SelectField) -> None:
        """Refuse a part that this card does not have."""
        if field.data not in {code for code, _label in field.choices}:
            raise ValidationError("Kies een onderdeel van deze kaart.")
