"""Forms of the research pages."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from kopkrakers.base.errors import WrongInput
from kopkrakers.research.pages.page import ResearchQuery
from kopkrakers.research.pages.selection import shortened

LONGEST_NUMBER = 9


class TermsForm(FlaskForm):  # type: ignore[misc]
    """The promise not to trace anyone."""

    beloofd = BooleanField()


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A new key: its scope and for how long it works."""

    bereik = StringField()
    dagen = StringField()


def research_query() -> ResearchQuery:
    """Return the question in the address.

    Raises: WrongInput for a release or page that is no number.
    """
    return ResearchQuery(
        release=_number("uitgave", None),
        table=request.args.get("tabel") or "choice",
        themes=tuple(request.args.getlist("thema")),
        dilemmas=tuple(filter(None, request.args.getlist("dilemma"))),
        page=_number("pagina", 1) or 1,
    )


def _number(name: str, otherwise: int | None) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER or int(text) < 1:
        raise WrongInput(
            f"‘{shortened(text)}’ is geen nummer van een {name}. Kies er een uit de lijst.", name
        )
    return int(text)
