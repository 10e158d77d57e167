"""Forms: one way to read what people send, with the rules' own sentences where it cannot be.

A form is a `Form` whose fields name their rule; a view that asks by address reads a `Query`.
A service that refuses what a form let through is shown in the same form, by `Form.refuse`.
"""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from kopkrakers.base.errors import KopkrakersError, WrongInput
from kopkrakers.base.paging import page_number
from kopkrakers.web.csrf import TOKEN, FormToken, why_refused

STALE = "Deze pagina stond te lang open. Kijk na wat je invulde en druk nog een keer op de knop."


def by_rule(rule: Callable[[str], Any]) -> Callable[[FlaskForm, Field], None]:
    """Return a validator that puts the rule's value in the field, or shows the rule's sentence."""

    def check(_form: FlaskForm, field: Field) -> None:
        try:
            field.data = rule(field.data or "")
        except WrongInput as error:
            raise ValidationError(error.sentence) from None

    return check


def required(sentence: str) -> Callable[[FlaskForm, Field], None]:
    """Return a validator that shows this sentence where nothing was filled in."""

    def check(_form: FlaskForm, field: Field) -> None:
        if not field.data:
            raise ValidationError(sentence)

    return check


class Form(FlaskForm):  # type: ignore[misc]
    """A form that tells each field's first fault, also those that a service found."""

    stale = STALE
    """Said when the form's token is only old; what was filled in comes back with it."""

    class Meta:
        """Settings of WTForms."""

        csrf_class = FormToken

    @property
    def faults(self) -> dict[str, str]:
        """Return a sentence by field name, for the fields and for the list above them.

        What is about no field stands under the empty name.
        """
        faults = {name or "": str(messages[0]) for name, messages in self.errors.items()}
        if TOKEN in faults:
            faults[TOKEN] = why_refused(self.stale)
        return faults

    def refuse(self, error: KopkrakersError) -> None:
        """Show a refusal at its field, or above the form when it is about none."""
        if error.field in self:
            self[error.field].errors = [*self[error.field].errors, error.sentence]
        else:
            self.form_errors.append(error.sentence)


def asked_page(name: str) -> int:
    """Return the number of the page of a list that the address asks for; else of the first."""
    return page_number(request.args.get(name))


class Query(Form):
    """A search in the address of a page. It changes nothing, so it carries no token."""

    class Meta:
        """Settings of WTForms."""

        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    def check(self) -> None:
        """Validate. Raises: WrongInput with the first fault."""
        if not self.validate():
            field, sentence = next(iter(self.faults.items()))
            raise WrongInput(sentence, field)
