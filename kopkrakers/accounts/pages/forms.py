"""Forms of accounts: what may be typed, with the rules' own sentences when it may not."""

import re
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)

from kopkrakers.accounts import passwords, rules
from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.paging import page_number
from kopkrakers.base.typed import clean_address, whole_number
from kopkrakers.web.forms import Form, by_rule, required

PASSWORD_MISSING = "Vul je wachtwoord in."  # noqa: S105


def id_number(value: Any) -> int | None:
    """Return a number that was sent; None for "geen team" and for what is no number."""
    return whole_number(str(value))


def _hash(value: str | None) -> str:
    """Return a hash in hexadecimal; nothing for what is none."""
    if value and re.fullmatch("[0-9a-f]{64}", value):
        return value
    return ""


def _rhythm(value: str) -> Rhythm:
    """Return a rhythm by its name. Raises: WrongInput."""
    try:
        return Rhythm(value)
    except ValueError:
        raise WrongInput("Kies hoe vaak het team een dilemma krijgt.", "ritme") from None


class NewPasswordForm(Form):
    """A form in which a new password is chosen."""

    wachtwoord = PasswordField()

    def suits(self, *about: str) -> bool:
        """Whether someone with this name, address and gemeente may use the typed password."""
        try:
            passwords.check_password(self.wachtwoord.data or "", *about)
        except WrongInput as error:
            self.refuse(error)
            return False
        return True


class SignInForm(Form):
    """Address and password, and the page that was asked for."""

    adres = StringField(validators=[by_rule(clean_address)])
    wachtwoord = PasswordField(validators=[required(PASSWORD_MISSING)])
    volgende = HiddenField()


class AddressForm(Form):
    """Only an address: to be mailed a link."""

    adres = StringField(validators=[by_rule(clean_address)])


class BeginForm(NewPasswordForm):
    """The fields that someone adds to an invitation."""

    naam = StringField(validators=[by_rule(rules.clean_name)])


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    huidig = PasswordField(validators=[required(PASSWORD_MISSING)])


class ProveForm(Form):
    """The own password once more."""

    huidig = PasswordField(validators=[required(PASSWORD_MISSING)])


class ForwardForm(Form):
    """A button after which someone goes on to another page of this site."""

    volgende = HiddenField()


class CodeForm(Form):
    """A code of an app, or of paper."""

    code = StringField(validators=[required("Typ de code.")])


class WorkAddressForm(ForwardForm):
    """A work address, to find the provider that knows it."""

    adres = StringField(validators=[by_rule(clean_address)])


class BrowserForm(Form):
    """One of the own browser sessions, by the hash of its id."""

    toestel = HiddenField(filters=[_hash])


class PersonaForm(ForwardForm):
    """One of the demo's people."""

    persona = HiddenField()


class TeamForm(Form):
    """A team's name."""

    naam = StringField(validators=[by_rule(rules.clean_name)])


class FindForm(Form):
    """Words to find people by, and which page of them."""

    zoek = StringField()
    pagina = StringField()

    def page(self) -> int:
        """Return the number of the page asked for; the first when it is no number."""
        return page_number(self.pagina.data)


class RhythmForm(Form):
    """The rhythm in which a team gets a dilemma."""

    ritme = StringField(validators=[by_rule(_rhythm)])


class InviteForm(Form):
    """Whom to invite, for what, and how the link travels. `wijze` is `mail` or `papier`.

    `buiten`: an address outside the domains of the gemeente is meant.
    """

    naam = StringField(validators=[by_rule(rules.clean_name)])
    adres = StringField(validators=[by_rule(clean_address)])
    rollen = SelectMultipleField(validate_choice=False, validators=[])
    team = SelectField(coerce=id_number, validate_choice=False)
    wijze = RadioField(validate_choice=False)
    buiten = BooleanField()


class ListForm(Form):
    """A list of people to invite, as it was pasted."""

    mensen = StringField()


class MembershipForm(Form):
    """The teams someone is in."""

    teams = SelectMultipleField(coerce=id_number, validate_choice=False)


class RolesForm(Form):
    """The roles someone has."""

    rollen = SelectMultipleField(validate_choice=False)
