"""Choosing what to crack: the agenda, the archive, the werkvormen, and figures to prepare with."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from kopkrakers.accounts.models import Gemeente
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.editions.editions import shown_card
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.agenda.service import WISH
from kopkrakers.intervisie.pages.views import PlanPage, Preparation, Subject, WerkvormLine
from kopkrakers.intervisie.session.cases import case_of_card, published
from kopkrakers.intervisie.session.figures import figures_of, use_turn
from kopkrakers.intervisie.session.planning import seconds
from kopkrakers.intervisie.session.reports import last_agreements
from kopkrakers.intervisie.werkvormen.reading import werkvormen

_GEMEENTE = select(col(Gemeente.name)).where(col(Gemeente.id) == bindparam("gemeente_id"))
_WISHED = select(WISH.c.dilemma).where(WISH.c.team_id == bindparam("team_id")).distinct()


def plan_page(
    session: Session, library: Library, *, user_id: int, team_id: int, today: date
) -> PlanPage:
    """What a begeleider chooses from: first what colleagues asked for, then the archive, newest first.

    Raises: NotYours for a team of others.
    """
    team = own_team(teams_of(session, user_id), team_id)
    wished = set(session.connection().execute(_WISHED, {"team_id": team.id}).scalars())
    cards = [entry.card for entry in archive(session, library, today)]
    subjects = [Subject(card.slug, card.title, card.theme, card.slug in wished) for card in cards]
    return PlanPage(
        team_id=team.id,
        team=team.name,
        subjects=tuple(sorted(subjects, key=lambda subject: not subject.on_agenda)),
        werkvormen=werkvorm_lines(),
        seconds=seconds(session, user_id=user_id, team_id=team.id),
        look_back=last_agreements(session, team.id),
    )


def werkvorm_lines() -> tuple[WerkvormLine, ...]:
    """The werkvormen to choose from, the default first."""
    return tuple(
        WerkvormLine(
            slug=slug,
            name=form.naam,
            purpose=form.doel,
            for_whom=form.voor_wie,
            minutes=form.minuten,
            group=form.groep,
            warning=form.waarschuwing,
            is_default=form.standaard,
        )
        for slug, form in werkvormen().items()
    )


def figures_beforehand(
    session: Session, library: Library, *, user_id: int, gemeente_id: int, slug: str, today: date
) -> Preparation:
    """The figures of land and gemeente, for whoever has used their own turn; else only the dilemma.

    Raises: NotYours for a dilemma that is not there.
    """
    edition = published(session, slug, today)
    case = case_of_card(shown_card(library, edition), edition.number)
    unused = turn_of(session, user_id, slug, edition.number) == Turn.NONE
    if unused and not edition.settled:
        return Preparation(case, None)
    gemeente = session.connection().execute(_GEMEENTE, {"gemeente_id": gemeente_id}).scalar_one()
    return Preparation(case, figures_of(session, case, gemeente_id, gemeente))


def use_turn_for_figures(session: Session, *, user_id: int, slug: str, today: date) -> None:
    """ "Toon cijfers": use up this person's own turn, which was said beforehand.

    Raises: NotYours for a dilemma that is not there.
    """
    edition = published(session, slug, today)
    use_turn(session, user_id=user_id, dilemma=slug, edition=edition.number)
