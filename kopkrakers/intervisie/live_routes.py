"""The pages of live sessions, by page: planning, regie, scherm, deelnemer, verslag."""

from kopkrakers.intervisie import phone_routes, plan_routes, regie_routes, report_routes, screen_routes

BLUEPRINTS = (
    plan_routes.blueprint,
    regie_routes.blueprint,
    screen_routes.blueprint,
    phone_routes.blueprint,
    report_routes.blueprint,
)
