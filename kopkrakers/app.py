"""Wires the parts together and decides nothing."""

from flask import Flask
from sqlmodel import Session

from kopkrakers.accounts import pages as accounts_pages
from kopkrakers.accounts.pages.browser import session as browser_session
from kopkrakers.accounts.service import RemovalStep
from kopkrakers.answers import pages as answers_pages
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import take_back_everything
from kopkrakers.base import logs
from kopkrakers.base.clock import Clock, utc_now
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.catalogue.library import library_of
from kopkrakers.desk import pages as desk_pages
from kopkrakers.desk.sending.reports import forget_reporter
from kopkrakers.desk.sending.service import forget_who
from kopkrakers.intervisie import pages as intervisie_pages
from kopkrakers.intervisie.agenda.service import who_want_to_talk
from kopkrakers.pools import pages as pools_pages
from kopkrakers.pools.chairs import forget_chair
from kopkrakers.readiness import READINESS
from kopkrakers.reminders import pages as reminders_pages
from kopkrakers.reminders.service import forget_person
from kopkrakers.research.pages import about as research_about
from kopkrakers.research.pages import mirror as research_mirror
from kopkrakers.research.pages import routes as research_routes
from kopkrakers.research.pages.api import routes as research_api
from kopkrakers.web import access, plumbing


def on_removal(settings: Settings) -> tuple[RemovalStep, ...]:
    """Return the steps that other features add when a person is removed."""
    turn_keys = keys_for(Use.TURNS, settings)

    def take_back_all(session: Session, user_id: int) -> None:
        take_back_everything(session, Voter(user_id, turn_keys))

    return (take_back_all, forget_chair, forget_person, forget_who, forget_reporter)


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Flask:
    """The WSGI application.

    Raises: ConfigurationError when a setting is wrong.
    """
    settings = settings or load_settings()
    logs.configure(settings.log_level)
    database = Database(settings.database_url)
    library = library_of(settings.cards_dir, database)
    app = plumbing.bare_app(
        settings, database=database, library=library, clock=clock, readiness=READINESS
    )
    browser_session.install(app)
    accounts_pages.install(app, on_removal=on_removal(settings))
    pools_pages.install(app)
    answers_pages.install(app, wishes=who_want_to_talk)
    for feature in (research_routes, research_about, research_mirror):
        app.register_blueprint(feature.blueprint)
    intervisie_pages.install(app)
    reminders_pages.install(app)
    desk_pages.install(app)
    research_api.install(app)
    access.require_marks(app)
    return app
