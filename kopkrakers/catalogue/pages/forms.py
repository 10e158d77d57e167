"""The form of "Klopt dit niet?"."""

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from kopkrakers.accounts.pages.forms import Form
from kopkrakers.base.typed import clean_text
from kopkrakers.catalogue.pages.telling import LONGEST_REPORT, Item


class WrongForm(Form):
    """What is wrong, and where on the card."""

    onderdeel = SelectField(validate_choice=False)
    uitleg = TextAreaField(
        filters=[lambda text: clean_text(text or "")],
        validators=[
            DataRequired("Schrijf op wat er niet klopt."),
            Length(max=LONGEST_REPORT, message=f"Houd het bij {LONGEST_REPORT} tekens."),
        ],
    )

    @classmethod
    def about(cls, items: tuple[Item, ...], wanted: str | None) -> "WrongForm":
        """The form for a card; `wanted` is the part that the reader came from."""
        form = cls(
            data={"onderdeel": wanted if wanted in {item.code for item in items} else "verhaal"}
        )
        form.onderdeel.choices = [(item.code, item.label) for item in items]
        return form

    def validate_onderdeel(self, field: SelectField) -> None:
        """A part of this card, not of another."""
        if field.data not in {code for code, _label in field.choices}:
            raise ValidationError("Kies een onderdeel van deze kaart.")
