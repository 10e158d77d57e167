"""Forms of the research pages."""

from collections.abc import Callable

from wtforms import BooleanField, SelectMultipleField, StringField

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import whole_number
from kopkrakers.catalogue.editions.archive import LONGEST_SEARCH
from kopkrakers.research.pages.page import ORDERS, TITLE, ResearchQuery
from kopkrakers.research.selection import shortened
from kopkrakers.web.forms import Form, Query, by_rule


class TermsForm(Form):
    """The promise not to trace anyone."""

    beloofd = BooleanField()


class TokenForm(Form):
    """A new key: its name, its scope and for how long it works."""

    naam = StringField()
    bereik = StringField()
    dagen = StringField()


def number_of(name: str) -> Callable[[str], int | None]:
    """Return the rule for the number of a `name`: None where nothing was asked."""

    def number(text: str) -> int | None:
        """Raises: WrongInput for what is no number."""
        if not text:
            return None
        asked = whole_number(text)
        if not asked:
            raise WrongInput(
                f"‘{shortened(text)}’ is geen nummer van een {name}. Kies er een uit de lijst.",
                name,
            )
        return asked

    return number


def order_of(text: str) -> str:
    """Return the order in which dilemmas stand; by title where none was asked.

    Raises: WrongInput for one that is not there.
    """
    if not text:
        return TITLE
    if text not in ORDERS:
        raise WrongInput(f"Kies een volgorde: {', '.join(ORDERS)}.", "volgorde")
    return text


class TableForm(Query):
    """The choice of a table: its release and its dilemmas."""

    uitgave = StringField(validators=[by_rule(number_of("uitgave"))])
    pagina = StringField(validators=[by_rule(number_of("pagina"))])
    tabel = StringField()
    zoek = StringField()
    volgorde = StringField(validators=[by_rule(order_of)])
    thema = SelectMultipleField(validate_choice=False)
    dilemma = SelectMultipleField(validate_choice=False)


def research_query() -> ResearchQuery:
    """Return the question in the address.

    Raises: WrongInput for a release or page that is no number.
    """
    form = TableForm()
    form.check()
    return ResearchQuery(
        release=form.uitgave.data,
        table=form.tabel.data or "choice",
        themes=tuple(form.thema.data),
        dilemmas=tuple(filter(None, form.dilemma.data)),
        page=form.pagina.data or 1,
        words=(form.zoek.data or "")[:LONGEST_SEARCH],
        order=form.volgorde.data,
    )
