"""The beheerder's page and the teams on it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import invitations, mails, people, teams
from kopkrakers.accounts.bulk.mail_state import mail_state
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.forms import FindForm, RhythmForm, TeamForm
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.pages.words import RHYTHM_CHOICES, RHYTHMS, ROLE_NAMES
from kopkrakers.accounts.places import places_of
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.accounts.sso.providers import provider_of
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.paging import list_page
from kopkrakers.base.processes.last_look import Process, is_at_work
from kopkrakers.base.typed import whole_number
from kopkrakers.web import access
from kopkrakers.web.assets.qr import qr_code
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state

AT_A_GLANCE = 10
"""Up to this number of people there is no form to search them."""
NEWEST_SHOWN = 5
"""Open invitations that are not folded, so that the people do not stand a long way down."""
TEAM = f"/beheer/teams/<int(max={LARGEST_ID}):team_id>"


@blueprint.get("/beheer")
@access.role(Role.BEHEERDER)
def beheer() -> str:
    """Return the teams, people and open invitations of the own gemeente."""
    return _beheer_page(TeamForm())


@blueprint.post("/beheer/teams")
@access.role(Role.BEHEERDER)
def add_team() -> ResponseReturnValue:
    """Add a team."""
    form = TeamForm()
    if not form.validate():
        return _beheer_page(form), 422
    try:
        with state().database.transaction() as session:
            team_id = teams.add_team(session, current_user.gemeente_id, form.naam.data)
            note(session, Deed.TEAM_MADE, detail=form.naam.data)
    except WrongInput as error:
        form.refuse(error)
        return _beheer_page(form), 422
    flash(f"{form.naam.data} staat klaar.", "ok")
    return redirect(url_for("accounts.team", team_id=team_id), 303)


# D-42
@blueprint.post("/beheer/mensen")
@access.role(Role.BEHEERDER)
def find_people() -> ResponseReturnValue:
    """Return a page of the people who have these words in their name, address or team.

    By POST: a name belongs in no address.
    """
    form = FindForm()
    words, number = form.zoek.data or "", form.page()
    if "HX-Request" not in request.headers:
        return _beheer_page(TeamForm(formdata=None), words, number)
    with state().database.reading() as session:
        matches = people.find_people(session, current_user.gemeente_id, words, number)
    return render_template(
        "accounts/teams/_people.html", found=matches, words=words, names=ROLE_NAMES
    )


@blueprint.get(TEAM)
@access.role(Role.BEHEERDER)
def team(team_id: int) -> str:
    """Return the page of one team: its name, rhythm, link and members."""
    return _team_page(team_id, None)


@blueprint.post(TEAM)
@access.role(Role.BEHEERDER)
def rename_team(team_id: int) -> ResponseReturnValue:
    """Give a team another name."""
    form = TeamForm()
    if not form.validate():
        return _team_page(team_id, form), 422
    try:
        with state().database.transaction() as session:
            teams.rename_team(session, current_user.gemeente_id, team_id, form.naam.data)
            note(session, Deed.TEAM_RENAMED, detail=form.naam.data)
    except WrongInput as error:
        form.refuse(error)
        return _team_page(team_id, form), 422
    flash("De naam is veranderd.", "ok")
    return redirect(url_for("accounts.team", team_id=team_id), 303)


@blueprint.post(f"{TEAM}/ritme")
@access.role(Role.BEHEERDER)
def set_rhythm(team_id: int) -> ResponseReturnValue:
    """Say how often a team gets a dilemma."""
    _save_rhythm(team_id)
    return redirect(url_for("accounts.team", team_id=team_id), 303)


@blueprint.post(f"/team/<int(max={LARGEST_ID}):team_id>/ritme")
@access.role(Role.BEGELEIDER)
def set_rhythm_of_own(team_id: int) -> ResponseReturnValue:
    """Say how often a team that the begeleider is in gets a dilemma."""
    with state().database.reading() as session:
        own_team(teams_of(session, current_user.id), team_id)
    _save_rhythm(team_id)
    return redirect(f"/team/{team_id}", 303)


@blueprint.post(f"{TEAM}/link")
@access.role(Role.BEHEERDER)
def renew_link(team_id: int) -> ResponseReturnValue:
    """Make a new team link and show it this once, with a QR code to print."""
    settings, gemeente_id = state().settings, current_user.gemeente_id
    if not settings.sends_mail:
        raise NotYours
    with state().database.transaction() as session:
        token = teams.renew_link(session, gemeente_id, team_id)
        line = teams.team(session, gemeente_id, team_id)
        note(session, Deed.LINK_MADE, detail=line.name)
    link = mails.team_link_to(settings, token)
    return render_template(
        "accounts/teams/team_link.html", team=line, link=link, code=qr_code(link)
    )


@blueprint.post(f"{TEAM}/link/intrekken")
@access.role(Role.BEHEERDER)
def revoke_link(team_id: int) -> ResponseReturnValue:
    """Take the link of a team away."""
    with state().database.transaction() as session:
        teams.revoke_link(session, current_user.gemeente_id, team_id)
        line = teams.team(session, current_user.gemeente_id, team_id)
        note(session, Deed.LINK_REVOKED, detail=line.name)
    flash("De teamlink werkt niet meer.", "ok")
    return redirect(url_for("accounts.team", team_id=team_id), 303)


def _save_rhythm(team_id: int) -> None:
    form = RhythmForm()
    with state().database.transaction() as session:
        line = teams.team(session, current_user.gemeente_id, team_id)
        if not form.validate():
            raise WrongInput(*form.faults.values())
        teams.set_rhythm(session, current_user.gemeente_id, team_id, form.ritme.data)
        note(session, Deed.RHYTHM, detail=line.name)
    flash(f"Dit team krijgt nu {RHYTHMS[form.ritme.data]}.", "ok")


def _beheer_page(form: TeamForm, words: str = "", number: int = 1) -> str:
    gemeente_id = current_user.gemeente_id
    with state().database.reading() as session:
        matches = people.find_people(session, gemeente_id, words, number)
        own_teams = teams.teams(session, gemeente_id)
        now = state().now()
        waiting = invitations.invitations_page(
            session, gemeente_id, now, asked_page("uitnodigingen")
        )
        mailing = mail_state(session, gemeente_id, now)
        # the one that was just mailed, told by its number alone: a name belongs in no address
        asked = whole_number(request.args.get("nieuw", ""))
        invited = invitations.open_invitation(session, gemeente_id, asked, now)
        provider = provider_of(session, gemeente_id, state().row_keys)
        taken = places_of(session, gemeente_id, now)
    provider_to_show = None
    if provider:
        provider_to_show = provider.to_show()
    return render_template(
        "accounts/teams/beheer.html",
        form=form,
        teams=list_page(own_teams, asked_page("teams"), people.PAGE),
        found=matches,
        words=words,
        searches=bool(words) or matches.total > AT_A_GLANCE,
        mailing=mailing,
        courier_works=not mailing.waiting or is_at_work(state().database, Process.COURIER, now),
        invited=invited,
        by_mail=state().settings.sends_mail,
        invitations=waiting,
        at_a_glance=NEWEST_SHOWN,
        provider=provider_to_show,
        places=taken,
        base_url=state().settings.base_url,
        names=ROLE_NAMES,
        rhythms=RHYTHMS,
    )


def _team_page(team_id: int, form: TeamForm | None) -> str:
    gemeente_id = current_user.gemeente_id
    with state().database.reading() as session:
        line = teams.team(session, gemeente_id, team_id)
        members = people.members(session, gemeente_id, team_id)
    return render_template(
        "accounts/teams/team.html",
        form=form or TeamForm(naam=line.name),
        team=line,
        members=list_page(members, asked_page("leden"), people.PAGE),
        by_mail=state().settings.sends_mail,
        rhythms=RHYTHM_CHOICES,
    )
