"""The dilemmas, werkvormen and figures from which a begeleider chooses."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import shown_card
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.pages.planning.subjects import SubjectList, SubjectSearch, subject_list
from kopkrakers.intervisie.session.cases import Case, case_of_card, published
from kopkrakers.intervisie.session.figures import CaseFigures, figures_of, use_turn
from kopkrakers.intervisie.session.group.retrospect import LookBack, last_agreements
from kopkrakers.intervisie.session.planning import other_begeleiders
from kopkrakers.intervisie.werkvormen.reading import UNFOLDING, every_werkvorm, werkvormen


@dataclass(frozen=True)
class WerkvormLine:
    """A werkvorm that can be chosen."""

    slug: str
    name: str
    purpose: str
    minutes: int
    group: tuple[int, int]
    warning: str | None
    is_default: bool


@dataclass(frozen=True)
class PlanPage:
    """The page to plan a session on. `candidates`: other begeleiders, as (user id, name)."""

    team_id: int
    team: str
    subjects: SubjectList
    werkvormen: tuple[WerkvormLine, ...]
    candidates: tuple[tuple[int, str], ...]
    look_back: LookBack | None


@dataclass(frozen=True)
class Preparation:
    """A dilemma to choose by its figures, which are None while the begeleider's turn is unused."""

    case: Case
    figures: CaseFigures | None


def plan_page(
    session: Session,
    library: Library,
    wanted: SubjectSearch,
    *,
    user_id: int,
    team_id: int,
    today: date,
) -> PlanPage:
    """Return what a begeleider chooses from, the default werkvorm first.

    Raises: NotYours for a team of others.
    """
    team = own_team(teams_of(session, user_id), team_id)
    return PlanPage(
        team_id=team.id,
        team=team.name,
        subjects=subject_list(session, library, wanted, team_id=team.id, today=today),
        werkvormen=werkvorm_lines(),
        candidates=other_begeleiders(session, user_id=user_id, team_id=team.id),
        look_back=last_agreements(session, team.id),
    )


def werkvorm_lines() -> tuple[WerkvormLine, ...]:
    """Return the werkvormen to choose from, the default first, `vervolg` last."""
    forms = {**werkvormen(), UNFOLDING: every_werkvorm()[UNFOLDING]}
    lines = []
    for slug, form in forms.items():
        lines.append(
            WerkvormLine(
                slug=slug,
                name=form.naam,
                purpose=form.doel,
                minutes=form.minuten,
                group=form.groep,
                warning=form.waarschuwing,
                is_default=form.standaard,
            )
        )
    return tuple(lines)


def figures_beforehand(
    session: Session,
    library: Library,
    *,
    voter: Voter,
    row_keys: Keys,
    gemeente_id: int,
    slug: str,
    today: date,
) -> Preparation:
    """Return a dilemma, with figures for someone whose own turn is used.

    `row_keys` verify the totals.
    Raises: NotYours for a dilemma that is not there.
    """
    edition = published(session, slug, today)
    case = case_of_card(shown_card(library, edition), edition.number)
    # of a settled edition nothing is kept of who took part, so there is no turn to use up
    unused = turn_of(session, voter, slug, edition.number) == Turn.NONE
    if unused and not edition.settled:
        return Preparation(case, None)
    return Preparation(case, figures_of(session, row_keys, case, gemeente_id))


def use_turn_for_figures(session: Session, *, voter: Voter, slug: str, today: date) -> None:
    """Use up this person's own turn to see figures, as the page said beforehand.

    Raises: NotYours for a dilemma that is not there.
    """
    # of the edition that a session would be about, whichever this person answered before
    edition = published(session, slug, today)
    use_turn(session, voter=voter, dilemma=slug, edition=edition.number)
