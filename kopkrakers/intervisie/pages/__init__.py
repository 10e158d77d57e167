"""The pages of the team and of live sessions, a module for each page."""

from kopkrakers.intervisie.pages import phone, plan, regie, report, scherm, team

BLUEPRINTS = (
    team.blueprint,
    plan.blueprint,
    regie.blueprint,
    scherm.blueprint,
    phone.blueprint,
    report.blueprint,
)
