"""The pages of live sessions, by page: planning, regie, scherm, deelnemer, verslag."""

from kopkrakers.intervisie.pages import phone as phone_routes
from kopkrakers.intervisie.pages import plan as plan_routes
from kopkrakers.intervisie.pages import regie as regie_routes
from kopkrakers.intervisie.pages import report as report_routes
from kopkrakers.intervisie.pages import scherm as screen_routes

BLUEPRINTS = (
    plan_routes.blueprint,
    regie_routes.blueprint,
    screen_routes.blueprint,
    phone_routes.blueprint,
    report_routes.blueprint,
)
