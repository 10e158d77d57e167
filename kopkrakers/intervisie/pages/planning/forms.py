"""The form on which a session is planned, and what its address may have chosen before."""

from wtforms import StringField

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_text, whole_number
from kopkrakers.intervisie.pages.forms import Lines, OneLine, SecondForm, day_in
from kopkrakers.intervisie.pages.planning.subjects import MOST_SHOWN, PORTION, SubjectSearch
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase, Subject
from kopkrakers.intervisie.session.planning import SessionPlan
from kopkrakers.intervisie.session.wording.stellingen import Stellingen
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN
from kopkrakers.web.forms import Query

OWN, STELLINGEN_KIND = "eigen", "stellingen"
"""Subjects of a session beside a dilemma, as the field `soort` has them."""
START, PLAN, FIGURES = "start", "plan", "cijfers"
"""The values of the form's three buttons that go on."""
SEARCH, MORE = "zoek", "meer"
"""Of the two that only change what there is to choose from."""


class PlanQuery(Query):
    """A dilemma that was chosen on another page."""

    dilemma = OneLine()


class PlanForm(SecondForm):
    """The subject, werkvorm and moment of a plan; and a search among the dilemmas.

    `stelling`: the codes of those that were chosen, of whatever set.
    """

    doe = OneLine()
    soort = OneLine()
    dilemma = OneLine()
    zoek = OneLine()
    thema = OneLine()
    getoond = OneLine()
    meer = OneLine()
    titel = OneLine()
    vraag = StringField(filters=[lambda text: clean_text(text or "")])
    werkwijze_1 = OneLine()
    werkwijze_2 = OneLine()
    werkwijze_3 = OneLine()
    werkwijze_4 = OneLine()
    set = OneLine()
    stelling = Lines()
    werkvorm = OneLine()
    zonder_telefoons = OneLine()
    datum = OneLine()
    oefenen = OneLine()

    def plan(self, team_id: int) -> SessionPlan:
        """Return what is asked for.

        Raises: WrongInput naming the field.
        """
        werkvorm, planned_for = self.werkvorm.data, None
        # both stay in the form when somebody chooses otherwise, so they may hold something
        if self.soort.data == STELLINGEN_KIND:
            werkvorm = STELLINGEN
        if self.doe.data != START:
            planned_for = day_in(self.datum)
        return SessionPlan(
            team_id=team_id,
            subject=self._subject(),
            werkvorm=werkvorm,
            planned_for=planned_for,
            rehearsal=bool(self.oefenen.data),
            without_phones=bool(self.zonder_telefoons.data),
        )

    def wanted(self) -> SubjectSearch:
        """Return what to look for. A new search begins at its first portion."""
        shown = None
        if self.doe.data == MORE:
            shown = whole_number(self.meer.data)
        elif self.doe.data != SEARCH:
            shown = whole_number(self.getoond.data)
        return SubjectSearch(
            words=self.zoek.data,
            theme=self.thema.data,
            shown=min(max(shown or PORTION, PORTION), MOST_SHOWN),
            chosen=self.dilemma.data,
            is_asked=self.doe.data in (SEARCH, MORE),
        )

    def _subject(self) -> Subject:
        if self.soort.data == STELLINGEN_KIND:
            return Stellingen(self.set.data, self.stelling.data)
        if self.soort.data == OWN:
            options = (self.werkwijze_1, self.werkwijze_2, self.werkwijze_3, self.werkwijze_4)
            labels = tuple(option.data for option in options)
            return OwnCase(self.titel.data, self.vraag.data, labels)
        if not self.dilemma.data:
            raise WrongInput("Kies een dilemma.", "dilemma")
        return Dilemma(self.dilemma.data)
