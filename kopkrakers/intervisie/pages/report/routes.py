"""The report of a session, and a sheet to print for each werkvorm."""

from contextlib import suppress

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.errors import KopkrakersError, NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages.drawing import slope_of_report
from kopkrakers.intervisie.pages.forms import TextsForm, day_in
from kopkrakers.intervisie.pages.planning import choosing
from kopkrakers.intervisie.pages.report import report_files
from kopkrakers.intervisie.pages.shown.lines import fields_of
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.reporting.mending import ReportChanges, may_mend, mend_report
from kopkrakers.intervisie.session.reporting.reports import ReportView
from kopkrakers.intervisie.werkvormen.reading import every_werkvorm
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("verslag", __name__)


@blueprint.get("/verslag/<report_id>")
@access.public
def page(report_id: str) -> ResponseReturnValue:
    """Show a report to anyone who has its link."""
    return _page(report_id)


@blueprint.get("/verslag/<report_id>.md")
@access.public
def markdown(report_id: str) -> ResponseReturnValue:
    """Download a report as Markdown."""
    text = report_files.as_markdown(_report(report_id), _address(report_id))
    return _download(text.encode(), "text/markdown; charset=utf-8", "verslag.md")


@blueprint.get("/verslag/<report_id>.ics")
@access.public
def calendar(report_id: str) -> ResponseReturnValue:
    """Download the day of looking back, for a calendar."""
    content = report_files.as_calendar(_report(report_id), _address(report_id), now=state().now())
    if content is None:
        raise NotYours("Bij dit verslag is geen dag gekozen om terug te kijken.")
    return _download(content, "text/calendar; charset=utf-8", "terugkijken.ics")


@blueprint.post("/verslag/<report_id>/afspraken")
@access.role(Role.BEGELEIDER)
def mend(report_id: str) -> ResponseReturnValue:
    """Change werkafspraken and boards, for a day. Refused, nothing that was typed is lost."""
    form = TextsForm()
    try:
        with state().database.transaction() as session:
            name = None
            if form.naam.is_changed:
                name = form.naam.data
            mend_report(
                session,
                report_id=report_id,
                user_id=current_user.id,
                mending=ReportChanges(
                    name=name,
                    agreements=dict(form.agreements()),
                    boards=dict(form.boards()),
                    look_back_on=day_in(form.terugkijken),
                ),
                today=state().today(),
            )
    except (TooLate, WrongInput) as refused:
        return _page(report_id, refused)
    return redirect(url_for("verslag.page", report_id=report_id, _anchor="afspraken"), 303)


@blueprint.post("/verslag/<report_id>/verwijderen")
@access.role(Role.BEGELEIDER)
def delete(report_id: str) -> ResponseReturnValue:
    """Delete a report."""
    with state().database.transaction() as session:
        team_id = reports.delete_report(session, report_id=report_id, user_id=current_user.id)
    return redirect(url_for("intervisie.one_team", team_id=team_id, _anchor="intervisie"), 303)


@blueprint.get("/werkvormen")
@access.public
def all_werkvormen() -> ResponseReturnValue:
    """List the werkvormen."""
    return render_template("intervisie/werkvorm/list.html", forms=choosing.werkvorm_lines())


@blueprint.get("/werkvormen/<slug>")
@access.public
def one_werkvorm(slug: str) -> ResponseReturnValue:
    """Show the sheet of one werkvorm, for when the wifi fails."""
    form = every_werkvorm().get(slug)
    if form is None:
        raise NotYours("Deze werkvorm is er niet. Kies er een uit de lijst.")
    return render_template("intervisie/werkvorm/sheet.html", form=form)


def _page(report_id: str, refused: KopkrakersError | None = None) -> Response:
    view = _report(report_id)
    leads = _leads_team(view)
    html = render_template(
        "intervisie/report/page.html",
        report=view,
        slope=slope_of_report(view),
        leads=leads,
        may_mend=leads and may_mend(view.held_on, state().today()),
        lines=fields_of(dict(enumerate(view.agreements, start=1))),
        refused=refused,
        again=refused is not None,
        sent=TextsForm().data,
    )
    status = 200
    if refused:
        status = refused.status
    return make_response(html, status)


def _report(report_id: str) -> ReportView:
    with state().database.reading() as session:
        return reports.read_report(session, report_id)


def _leads_team(view: ReportView) -> bool:
    if not current_user.is_authenticated or Role.BEGELEIDER not in current_user.roles:
        return False
    # a link is for everybody, so who is of another team reads on without the buttons
    with suppress(NotYours), state().database.reading() as session:
        return own_team(teams_of(session, current_user.id), view.team_id) is not None
    return False


def _address(report_id: str) -> str:
    return f"{state().settings.base_url.rstrip('/')}{url_for('verslag.page', report_id=report_id)}"


def _download(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
