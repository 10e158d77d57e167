"""Forms of accounts: what may be typed, with the rules' own sentences when it may not."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from kopkrakers.accounts import passwords, rules
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import KopkrakersError, WrongInput
from kopkrakers.base.typed import clean_address

STALE = "Deze pagina stond te lang open. Kijk na wat je invulde en druk nog een keer op de knop."


def by_rule(rule: Callable[[str], Any]) -> Callable[[FlaskForm, Field], None]:
    """A validator that puts the rule's cleaned value in the field, or shows the rule's sentence."""

    def check(_form: FlaskForm, field: Field) -> None:
        try:
            field.data = rule(field.data or "")
        except WrongInput as error:
            raise ValidationError(error.sentence) from None

    return check


def typed(_form: FlaskForm, field: Field) -> None:
    """Something stands there."""
    if not field.data:
        raise ValidationError("Vul je wachtwoord in.")


def team_number(value: Any) -> int | None:
    """The id of a chosen team; None for "geen team" and for what is no id."""
    return (
        int(value)
        if str(value).isascii() and str(value).isdigit() and int(value) <= LARGEST_ID
        else None
    )


class Form(FlaskForm):  # type: ignore[misc]
    """A form that tells each field's first fault, also those that a service found."""

    @property
    def faults(self) -> dict[str, str]:
        """Field name to sentence, for the fields and for the list above them."""
        found = {name or "": str(messages[0]) for name, messages in self.errors.items()}
        return {
            name: STALE if name == "csrf_token" else sentence for name, sentence in found.items()
        }

    def refuse(self, error: KopkrakersError) -> None:
        """Show a refusal at its field, or above the form when it is about none."""
        field = error.field if isinstance(error, WrongInput) else None
        if field in self:
            self[field].errors = [*self[field].errors, error.sentence]
        else:
            self.form_errors.append(error.sentence)

    def suits(self, *about: str) -> bool:
        """Whether the typed password may be used by someone with this name, address and gemeente."""
        try:
            passwords.check_password(self["wachtwoord"].data or "", *about)
        except WrongInput as error:
            self.refuse(error)
            return False
        return True


class SignInForm(Form):
    """Address and password."""

    adres = StringField(validators=[by_rule(clean_address)])
    wachtwoord = PasswordField(validators=[typed])
    volgende = HiddenField()


class AddressForm(Form):
    """Only an address: to be mailed a link."""

    adres = StringField(validators=[by_rule(clean_address)])


class BeginForm(Form):
    """What someone adds to an invitation."""

    naam = StringField(validators=[by_rule(rules.clean_name)])
    wachtwoord = PasswordField()


class PasswordForm(Form):
    """A new password, by a link."""

    wachtwoord = PasswordField()


class ChangePasswordForm(Form):
    """The old password and a new one."""

    huidig = PasswordField(validators=[typed])
    wachtwoord = PasswordField()


class TeamForm(Form):
    """A team's name."""

    naam = StringField(validators=[by_rule(rules.clean_name)])


class FindForm(Form):
    """Words to find people by."""

    zoek = StringField()


class RhythmForm(Form):
    """One dilemma a day, or one a week."""

    wekelijks = BooleanField()


class InviteForm(Form):
    """Whom to invite, for what, and how the link travels. `wijze` is `mail` or `papier`."""

    naam = StringField(validators=[by_rule(rules.clean_name)])
    adres = StringField(validators=[by_rule(clean_address)])
    rollen = SelectMultipleField(validate_choice=False, validators=[])
    team = SelectField(coerce=team_number, validate_choice=False)
    wijze = RadioField(validate_choice=False)


class MembershipForm(Form):
    """The teams someone is in."""

    teams = SelectMultipleField(coerce=team_number, validate_choice=False)


class RolesForm(Form):
    """The roles someone has."""

    rollen = SelectMultipleField(validate_choice=False)
