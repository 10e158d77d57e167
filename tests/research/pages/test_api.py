"""The API: keys, problems, forms, ETags, limits, and what it gives."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import User, UserRole
from kopkrakers.base.db import Database
from kopkrakers.research.pages.api import A_MINUTE
from kopkrakers.research.pages.terms import accept
from kopkrakers.research.pages.tokens import KeyScope, make_token, revoke
from kopkrakers.research.release import releases
from kopkrakers.research.release.identity import AGREEMENT
from kopkrakers.research.release.models import ApiToken, ResearchTerms
from kopkrakers.research.release.releases import Release
from tests.research.small import TODAY, bytes_of, files_in
from tests.support.clock import StoppedClock
from tests.support.pages import Fields, send, words
from tests.support.world import World, browser_of

Ask = Callable[..., TestResponse]
ONE = "/api/v1/releases/1"


def key_of(
    database: Database, world: World, scope: str = KeyScope.DATASET, days: str = "30"
) -> str:
    with database.transaction() as session:
        accept(session, world.dewi.id)
        return make_token(session, world.dewi.id, scope, days, TODAY)


@pytest.fixture
def ask(app: Flask, database: Database, world: World) -> Ask:
    key = key_of(database, world)
    client = app.test_client()

    def get(path: str, key: str = key, **headers: str) -> TestResponse:
        return client.get(path, headers={"Authorization": f"Bearer {key}", **headers})

    return get


def is_problem(answer: TestResponse, status: int) -> bool:
    body = answer.get_json(force=True)
    assert answer.status_code == status == body["status"]
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["API-Version"] == "1.0.0"
    assert "no-store" in answer.headers["Cache-Control"]
    return bool(
        body["title"] and body["detail"].endswith((".", "sleutel>. Je maakt er een bij Onderzoek."))
    )


def test_a_release_of_before_has_the_tables_that_it_was_made_with(
    ask: Ask, released: Release, database: Database
) -> None:
    about = {**released.about, "tables": dict(released.about["tables"])}
    del about["tables"]["changes"], about["identity"]
    with database.transaction() as session:
        session.execute(releases.RELEASE.update().values(tables=json.dumps(about)))
    assert set(ask(ONE).get_json()) == {"number", "month", "sha256", "size"}
    assert "changes" not in {table["id"] for table in ask(f"{ONE}/tables").get_json()}
    assert is_problem(ask(f"{ONE}/tables/changes"), 404)
    assert ask(f"{ONE}/tables/choice").status_code == 200


def test_releases_and_tables_are_listed(ask: Ask, released: Release) -> None:
    [one] = ask("/api/v1/releases").get_json()
    assert released.identity is not None
    assert one == {
        "number": 1,
        "month": "2026-11",
        "sha256": released.sha256,
        "size": released.size,
        "title": released.identity.title,
        "identifier": released.identity.urn,
        "instance": released.identity.origin.instance.urn,
        "publisher": "Gemeente Zaanstad",
        "contact": "mailto:data@zaanstad.example",
        "license": AGREEMENT,
        "invented": False,
    }
    assert ask(ONE).get_json() == one
    tables = {table["id"]: table for table in ask(f"{ONE}/tables").get_json()}
    assert tables["choice_by_consideration"]["below"] == 4
    assert tables["shift"]["rows"] == 0


def test_a_table_comes_as_json_or_as_the_csv_of_the_dataset(
    ask: Ask, released: Release, database: Database
) -> None:
    body = ask(f"{ONE}/tables/choice").get_json()
    assert body["month"] == "2026-11"
    assert body["rows"][0] == {
        "dilemma": "een-plek",
        "edition": 1,
        "option": "a",
        "n": 55,
        "percent": 48,
        "top": False,
        "rounded": False,
        "label": "Ik doe het zo",
    }
    files = files_in(bytes_of(database))
    for table in released.about["tables"]:
        answer = ask(f"{ONE}/tables/{table}", Accept="text/csv")
        assert answer.get_data() == files[f"csv/{table}.csv"], table
    assert ask(f"{ONE}/codebook", Accept="text/markdown").get_data() == files["codebook.md"]


def test_a_table_can_be_asked_by_theme_and_dilemma(ask: Ask, released: Release) -> None:
    path = f"{ONE}/tables/dilemmas?theme=Werk%20en%20verdringing&dilemma=tweede-kans"
    assert [row["dilemma"] for row in ask(path).get_json()["rows"]] == ["tweede-kans"]
    assert [one["title"] for one in ask(f"{ONE}/dilemmas").get_json()] == [
        "Eén plek, twee mensen",
        "Een tweede kans",
    ]


def test_the_dataset_is_the_same_bytes(ask: Ask, released: Release, database: Database) -> None:
    assert ask(f"{ONE}/dataset").get_data() == bytes_of(database)


def test_what_did_not_change_is_not_sent_again(ask: Ask, released: Release) -> None:
    first = ask(f"{ONE}/tables/choice")
    again = ask(f"{ONE}/tables/choice", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


WRONG = [
    ("/api/v1/releases/7", 404),
    ("/api/v1/releases/0", 404),
    ("/api/v1/releases/x", 404),
    ("/api/v1/releases/01", 404),
    (f"{ONE}/tables/nietes", 404),
    (f"{ONE}/tables/choice?theme=nietes", 400),
    (f"{ONE}/tables/choice?theme=", 400),
    (f"{ONE}/tables/choice?dilemma=%00", 400),
    (f"{ONE}/tables/choice?maand=2026-11", 400),
    (f"{ONE}/tables/response?theme=Werk%20en%20verdringing", 400),
    (f"{ONE}/dilemmas?theme=nietes", 400),
    (f"{ONE}/dataset?maand=2026-11", 400),
    ("/api/v1/releases?page=2", 400),
    ("/api/v1/nietes", 404),
    ("/api/v1/releases/", 404),
    ("/api/v1/", 404),
    ("/api/v1", 404),
    ("/api/v2/releases", 404),
    ("/api", 404),
]


def test_what_is_asked_wrong_is_a_problem(ask: Ask, released: Release) -> None:
    for path, status in WRONG:
        assert is_problem(ask(path), status), path


def test_only_api_addresses_answer_with_a_problem(app: Flask) -> None:
    for path in ("/apiarist", "/nietes"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "API-Version" not in answer.headers


def test_a_page_runs_no_hook_of_the_api(app: Flask) -> None:
    hooks = [*app.before_request_funcs[None], *app.after_request_funcs[None]]
    assert hooks and not [hook for hook in hooks if "research" in hook.__module__]


def test_what_was_asked_is_repeated_only_in_short(ask: Ask, released: Release) -> None:
    for path in ("tables/{}", "tables/choice?theme={}", "tables/choice?{}=1"):
        assert len(ask(f"{ONE}/{path.format('x' * 5000)}").get_data()) < 400, path


def test_a_form_that_is_not_there_is_said(ask: Ask, released: Release) -> None:
    for path in ("tables/choice", "tables", "dilemmas", "codebook", "dataset", ""):
        answer = ask(f"{ONE}/{path}".rstrip("/"), Accept="application/xml")
        assert is_problem(answer, 406), path


def test_it_only_reads(app: Flask) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "MAAK"):
        answer = app.test_client().open("/api/v1/releases", method=method)
        assert is_problem(answer, 405), method
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_can_be_asked_is_told_and_looked_at_without_the_body(
    ask: Ask, app: Flask, released: Release
) -> None:
    told = app.test_client().options("/api/v1/releases")
    assert set(told.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert told.headers["API-Version"] == "1.0.0"
    full = ask("/api/v1/releases")
    head = app.test_client().head(
        "/api/v1/releases", headers={"Authorization": full.request.headers["Authorization"]}
    )
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["ETag"] == full.headers["ETag"]


def test_pages_of_others_may_read_the_description_and_nothing_else(
    ask: Ask, released: Release
) -> None:
    assert ask("/api/v1/openapi.json").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in ask("/api/v1/releases").headers


def test_without_a_working_key_nothing_is_said(app: Flask, released: Release) -> None:
    for header in (None, "", "Bearer", "Bearer ", "Basic abc", "Bearer kkr_onzin", "Bearer é"):
        headers = {} if header is None else {"Authorization": header}
        answer = app.test_client().get("/api/v1/releases", headers=headers)
        assert is_problem(answer, 401), header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_stops_when_it_expires(ask: Ask, released: Release, clock: StoppedClock) -> None:
    clock.move(days=30)
    assert ask("/api/v1/releases").status_code == 200
    clock.move(days=1)
    assert is_problem(ask("/api/v1/releases"), 401)


def test_a_key_stops_when_it_is_withdrawn(ask: Ask, database: Database, world: World) -> None:
    with database.transaction() as session:
        revoke(session, world.dewi.id, session.exec(select(ApiToken.id)).one() or 0)
    assert is_problem(ask("/api/v1/releases"), 401)


@pytest.mark.parametrize("change", ["role", "blocked", "terms"])
def test_a_key_stops_with_its_owner(
    ask: Ask, database: Database, world: World, change: str
) -> None:
    with database.transaction() as session:
        if change == "role":
            session.delete(session.get_one(UserRole, (world.dewi.id, "onderzoeker")))
        elif change == "blocked":
            session.execute(update(User).where(User.id == world.dewi.id).values(status="blocked"))  # type: ignore[arg-type]
        else:
            session.delete(session.exec(select(ResearchTerms)).one())
    assert is_problem(ask("/api/v1/releases"), 401)


def test_a_key_for_tables_does_not_open_the_dataset(
    ask: Ask, released: Release, database: Database, world: World
) -> None:
    small = key_of(database, world, KeyScope.TABLES)
    assert ask(f"{ONE}/tables/choice", key=small).status_code == 200
    assert is_problem(ask(f"{ONE}/dataset", key=small), 403)


def test_too_many_questions_are_refused_per_key(ask: Ask, database: Database, world: World) -> None:
    for _ in range(A_MINUTE):
        assert ask("/api/v1/releases").status_code == 200
    refused = ask("/api/v1/releases")
    assert is_problem(refused, 429)
    assert refused.headers["Retry-After"] == "60"
    assert "Probeer het over een minuut weer." in refused.get_json(force=True)["detail"]
    assert ask("/api/v1/releases", key=key_of(database, world)).status_code == 200


def test_a_key_is_shown_once_and_kept_as_a_hash(
    app: Flask, world: World, database: Database
) -> None:
    browser = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    made = send(browser, "/onderzoek/sleutels", bereik="tables", dagen="90")
    key = next(word for word in words(made).split() if word.startswith("kkr_"))
    assert "no-store" in made.headers["Cache-Control"]
    assert (
        "Dit is sleutel 1, voor tabellen en het codeboek. Hij werkt tot en met 21 februari 2027."
        in words(made)
    )
    assert key not in browser.get("/onderzoek/sleutels").get_data(as_text=True)
    with database.reading() as session:
        [kept] = session.exec(select(ApiToken)).all()
    assert key not in str(kept)
    assert kept.expires_on == date(2027, 2, 21)
    answer = app.test_client().get("/api/v1/releases", headers={"Authorization": f"Bearer {key}"})
    assert answer.get_json() == []


def test_keys_are_withdrawn_by_their_owner_alone(
    app: Flask, world: World, database: Database
) -> None:
    browser = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    send(browser, "/onderzoek/sleutels", bereik="tables", dagen="90")
    assert send(browser, "/onderzoek/sleutels/999/intrekken").status_code == 404
    assert send(browser_of(app, world.anna), "/onderzoek/sleutels/1/intrekken").status_code == 403
    assert send(browser, "/onderzoek/sleutels/1/intrekken").status_code == 303
    assert "Je hebt nog geen sleutel" in words(browser.get("/onderzoek/sleutels"))


def test_one_key_too_many_is_refused_beside_the_keys_there_are(app: Flask, world: World) -> None:
    browser = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    for _ in range(10):
        assert send(browser, "/onderzoek/sleutels", bereik="tables", dagen="90").status_code == 200
    refused = send(browser, "/onderzoek/sleutels", bereik="tables", dagen="90")
    assert refused.status_code == 422
    assert "Je hebt al 10 sleutels. Trek er eerst een in." in words(refused)
    assert "Trek sleutel 10 in" in words(refused)


@pytest.mark.parametrize(
    "wrong", [{"bereik": "alles"}, {"dagen": "4000"}, {"bereik": ""}, {"dagen": "x"}]
)
def test_a_key_that_cannot_be_is_refused(app: Flask, world: World, wrong: Fields) -> None:
    browser: FlaskClient = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    fields: Fields = {"bereik": "tables", "dagen": "30"} | wrong
    assert send(browser, "/onderzoek/sleutels", **fields).status_code == 422
