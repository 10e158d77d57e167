"""The pages of the team and of live sessions, a module for each page."""

from flask import Flask

from kopkrakers.intervisie.pages import memory, phone, regie, scherm, takeover, team
from kopkrakers.intervisie.pages.planning import routes as plan
from kopkrakers.intervisie.pages.report import routes as report
from kopkrakers.web.errors import begin_at

BLUEPRINTS = (
    team.blueprint,
    plan.blueprint,
    regie.blueprint,
    scherm.blueprint,
    takeover.blueprint,
    phone.blueprint,
    report.blueprint,
)


def install(app: Flask) -> None:
    """Add the pages, and the memory they share."""
    memory.install(app)
    begin_at(app, "/m", "Typ de code van de sessie")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
