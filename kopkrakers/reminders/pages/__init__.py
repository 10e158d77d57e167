"""The pages of reminders: what somebody chooses under Account, the link that ends it, a team's."""

from flask import Flask

from kopkrakers.reminders.pages.feed import blueprint as feed_pages
from kopkrakers.reminders.pages.push import blueprint as own_pages
from kopkrakers.reminders.pages.team import blueprint as team_pages
from kopkrakers.web.state import AppState

BLUEPRINTS = (own_pages, team_pages, feed_pages)


def install(app: Flask) -> None:
    """Add the pages; tell templates whether a team can hear of its dilemma at all."""
    state: AppState = app.extensions["kopkrakers"]
    app.jinja_env.globals["teams_can_hear"] = bool(state.settings.webhook_hosts)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
