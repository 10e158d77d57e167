"""The search in the archive."""

from collections.abc import Callable, Collection

from wtforms import StringField

from kopkrakers.answers.pages.archive.shelf import EDITIONS, TURNS, ArchiveQuery
from kopkrakers.base.paging import page_number
from kopkrakers.base.typed import clean_line
from kopkrakers.catalogue.editions.archive import LONGEST_SEARCH
from kopkrakers.web.forms import Query


def _search_text(typed: str | None) -> str:
    return clean_line(typed or "")[:LONGEST_SEARCH]


def _one_of(values: Collection[str]) -> Callable[[str | None], str]:
    """Return a filter that takes anything but these values as empty."""

    def known_value(typed: str | None) -> str:
        text = _search_text(typed)
        if text in values:
            return text
        return ""

    return known_value


class ArchiveForm(Query):
    """The search in the archive as typed; unknown values are taken as empty."""

    thema = StringField(filters=[_search_text])
    zoek = StringField(filters=[_search_text])
    beurt = StringField(filters=[_one_of(TURNS)])
    editie = StringField(filters=[_one_of(EDITIONS)])
    pagina = StringField()

    def query(self) -> ArchiveQuery:
        """Return what is looked for."""
        return ArchiveQuery(
            theme=self.thema.data,
            words=self.zoek.data,
            turn=self.beurt.data,
            edition=self.editie.data,
            page=page_number(self.pagina.data),
        )
