"""All that is of one gemeente, to take along: never a vote, an envelope or a turn.

Figures are in it as the pages show them, of dilemmas that are over: neither this file nor who reads
it in a meeting may tell somebody what colleagues chose before they answered.
"""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.accounts.invitations import open_invitations
from kopkrakers.accounts.models import GEMEENTE, TEAM, USER
from kopkrakers.accounts.people import people
from kopkrakers.accounts.trail.reading import as_dict, every_action_of_gemeente
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.stellingen.daily import kept_options
from kopkrakers.intervisie.agenda.service import WISH
from kopkrakers.intervisie.session.store import REPORT
from kopkrakers.pools.models import REGIO
from kopkrakers.privacy.release import ReleasedTop, release_local
from kopkrakers.privacy.rules import TOP_SHARE
from kopkrakers.tallies.reading import read_verified_scopes_of

Json = dict[str, Any]
FORMAT = 1
"""Rises when a field changes; docs/beheer.md describes them."""
_OVER = select(EDITION.c.dilemma, EDITION.c.number, EDITION.c.source, EDITION.c.opens_on).where(
    EDITION.c.settled
)


def everything_of(session: Session, gemeente_id: int, keys: Keys, now: datetime) -> Json:
    """Return all that is kept of a gemeente and may leave. `keys` verify the totals."""
    gemeente = session.execute(select(GEMEENTE).where(GEMEENTE.c.id == gemeente_id)).one()
    regio = None
    if gemeente.regio_id is not None:
        named = select(REGIO.c.name).where(REGIO.c.id == gemeente.regio_id)
        regio = session.execute(named).scalar_one()
    return {
        "vorm": FORMAT,
        "gemaakt_op": amsterdam_day(now).isoformat(),
        "gemeente": gemeente.name,
        "sinds": _day(gemeente.since),
        "regio": regio,
        "teams": _teams(session, gemeente_id),
        "mensen": _people(session, gemeente_id),
        "uitnodigingen": _invitations(session, gemeente_id, now),
        "handelingen": list(map(as_dict, every_action_of_gemeente(session, gemeente_id))),
        "uitslagen": _figures(session, gemeente_id, keys),
    }


def _teams(session: Session, gemeente_id: int) -> list[Json]:
    """Return the teams, each with its reports and the dilemmas on its agenda: not by whom."""
    teams = []
    her_teams = select(TEAM).where(TEAM.c.gemeente_id == gemeente_id).order_by(TEAM.c.id)
    for team in session.execute(her_teams).all():
        reports = select(REPORT).where(REPORT.c.team_id == team.id)
        wishes = select(WISH.c.dilemma).distinct().where(WISH.c.team_id == team.id)
        # by dilemma and not by wish: their order would tell who wished first
        agenda = sorted(session.execute(wishes).scalars())
        kept = []
        for row in session.execute(reports.order_by(REPORT.c.held_on, REPORT.c.id)):
            report = {
                "titel": row.title,
                "gehouden_op": _day(row.held_on),
                "terugkijken_op": _day(row.look_back_on),
                "inhoud": json.loads(row.body),
            }
            kept.append(report)
        teams.append({"naam": team.name, "ritme": team.rhythm, "agenda": agenda, "verslagen": kept})
    return teams


def _people(session: Session, gemeente_id: int) -> list[Json]:
    days = select(USER.c.id, USER.c.since).where(USER.c.gemeente_id == gemeente_id)
    since = dict(session.execute(days).all())
    exported = []
    for person in people(session, gemeente_id):
        line = {
            "naam": person.name,
            "adres": person.email,
            "rollen": list(person.roles),
            "teams": list(person.teams),
            "staat_stil": person.blocked,
            "sinds": _day(since[person.id]),
        }
        exported.append(line)
    return exported


def _invitations(session: Session, gemeente_id: int, now: datetime) -> list[Json]:
    exported = []
    for invitation in open_invitations(session, gemeente_id, now):
        line = {
            "naam": invitation.name,
            "adres": invitation.email,
            "team": invitation.team,
            "verloopt_op": _day(amsterdam_day(invitation.expires_at)),
        }
        exported.append(line)
    return exported


def _figures(session: Session, gemeente_id: int, keys: Keys) -> list[Json]:
    """Return the figures of her own of every round that is over, as a page shows them."""
    scope = str(gemeente_id)
    editions = session.execute(_OVER.order_by(EDITION.c.opens_on, EDITION.c.dilemma)).all()
    totals = read_verified_scopes_of(session, keys, sorted({row.dilemma for row in editions}))
    figures = []
    for edition in editions:
        verified = totals.get((edition.dilemma, edition.number))
        # nothing was counted, or somebody changed the totals in the database
        if verified is None or scope not in verified.counts:
            continue
        codes = kept_options(edition.dilemma, edition.source)
        released = release_local(scope, codes, verified.counts[scope])
        if released is not None:
            round_ = {
                "dilemma": edition.dilemma,
                "ronde": edition.number,
                "open_vanaf": _day(edition.opens_on),
            }
            figures.append(round_ | _shown(released))
    return figures


def _shown(released: Any) -> Json:
    if isinstance(released, ReleasedTop):
        return {"meest_gekozen": released.option, "aandeel": f"ruim {TOP_SHARE}%"}
    options = {}
    for option, n, share in released.cells:
        options[option] = {"mensen": n, "procent": share}
    return {"mensen": released.total, "opties": options}


def _day(day: date | None) -> str | None:
    if day is None:
        return None
    return day.isoformat()
