"""Questions to the API with a working key, and what a refusal looks like."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from kopkrakers.base.db import Database
from kopkrakers.research.pages.api.description import VERSION
from kopkrakers.research.pages.terms import accept
from kopkrakers.research.pages.tokens import KeyScope, make_token
from tests.research.small import TODAY
from tests.support.world import World

Ask = Callable[..., TestResponse]
ONE = "/api/v1/releases/1"


def key_of(
    database: Database, world: World, scope: str = KeyScope.DATASET, days: str = "30"
) -> str:
    with database.transaction() as session:
        accept(session, world.dewi.id)
        return make_token(session, world.dewi.id, scope, days, TODAY)


def is_problem(answer: TestResponse, status: int) -> bool:
    body = answer.get_json(force=True)
    assert answer.status_code == status == body["status"]
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["API-Version"] == VERSION
    assert "no-store" in answer.headers["Cache-Control"]
    return bool(
        body["title"] and body["detail"].endswith((".", "sleutel>. Je maakt er een bij Onderzoek."))
    )
