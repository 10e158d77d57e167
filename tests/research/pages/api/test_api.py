"""The API: keys, problems, limits, and what it lists."""

import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import select

from kopkrakers.accounts.models import User, UserRole
from kopkrakers.base.db import Database
from kopkrakers.research.identity import AGREEMENT
from kopkrakers.research.models import ApiToken, ResearchTerms
from kopkrakers.research.pages.api.description import VERSION
from kopkrakers.research.pages.api.guard import A_MINUTE
from kopkrakers.research.pages.tokens import KeyScope, revoke
from kopkrakers.research.release import releases
from kopkrakers.research.release.releases import Release
from tests.research.pages.api.asking import ONE, Ask, is_problem, key_of
from tests.support.clock import StoppedClock
from tests.support.pages import Fields, send, statements, words
from tests.support.world import World, browser_of


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


def test_a_key_is_told_what_is_left(ask: Ask, released: Release, clock: StoppedClock) -> None:
    for left in (A_MINUTE - 1, A_MINUTE - 2):
        answer = ask(ONE)
        assert answer.headers["RateLimit-Policy"] == f'"sleutel";q={A_MINUTE};w=60'
        assert re.fullmatch(rf'"sleutel";r={left};t=\d+', answer.headers["RateLimit"])
    assert "RateLimit" not in ask("/api/v1").headers


def test_the_way_in_is_open_to_everybody(app: Flask) -> None:
    answer = app.test_client().get("/api/v1")
    told = answer.get_json()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert told["version"] == VERSION
    assert told["license"] == AGREEMENT
    # a description can only call the beginning of an API "/", so that is an address as well
    assert app.test_client().get("/api/v1/").get_json() == told
    assert app.test_client().get(urlsplit(told["openapi"]).path).status_code == 200
    assert app.test_client().get(urlsplit(told["releases"]).path).status_code == 401


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
    (f"{ONE}/tables/choice?labels=yes", 400),
    (f"{ONE}/tables/choice?page=0", 400),
    (f"{ONE}/tables/choice?page=-1", 400),
    (f"{ONE}/tables/choice?page=x", 400),
    (f"{ONE}/tables/choice?pageSize=10001", 400),
    (f"{ONE}/tables/choice?pagesize=10", 400),
    (f"{ONE}/tables/response?dilemma=een-plek&page=1", 400),
    (f"{ONE}/files/geheim.txt", 404),
    (f"{ONE}/files/csv/geheim.csv", 404),
    (f"{ONE}/files/../README.md", 404),
    (f"{ONE}/files/csv", 404),
    ("/api/v1/releases/newest", 404),
    (f"{ONE}/dilemmas?theme=nietes", 400),
    (f"{ONE}/dataset?maand=2026-11", 400),
    ("/api/v1/releases?page=2", 400),
    ("/api/v1/nietes", 404),
    ("/api/v1/releases/", 404),
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
        assert len(ask(f"{ONE}/{path.format('x' * 5000)}").get_data()) < 600, path


def test_a_form_that_is_not_there_is_said(ask: Ask, released: Release) -> None:
    paths = ("tables/choice", "tables", "dilemmas", "codebook", "readme", "citation", "files")
    for path in (*paths, "dataset", ""):
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
    assert told.headers["API-Version"] == VERSION
    assert (told.status_code, told.get_data()) == (204, b"")
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
    for path in ("tables/choice", "readme", "citation"):
        assert ask(f"{ONE}/{path}", key=small).status_code == 200, path
    for path in ("dataset", "files", "files/README.md", "files/csv/choice.csv"):
        assert is_problem(ask(f"{ONE}/{path}", key=small), 403), path


def test_too_many_questions_are_refused_per_key(ask: Ask, database: Database, world: World) -> None:
    for _ in range(A_MINUTE):
        assert ask("/api/v1/releases").status_code == 200
    refused = ask("/api/v1/releases")
    assert is_problem(refused, 429)
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit"] == '"sleutel";r=0;t=60'
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


def test_a_key_has_a_name_and_the_month_of_its_last_use_and_nothing_finer(
    app: Flask, world: World, database: Database, clock: StoppedClock
) -> None:
    browser = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    made = send(browser, "/onderzoek/sleutels", naam=" R op  kantoor ", bereik="tables", dagen="90")
    key = next(word for word in words(made).split() if word.startswith("kkr_"))
    page = words(browser.get("/onderzoek/sleutels"))
    assert "R op kantoor" in page and "Nog niet gebruikt." in page
    ask = {"Authorization": f"Bearer {key}"}
    app.test_client().get("/api/v1/releases", headers=ask)
    assert "Laatst gebruikt in november 2026." in words(browser.get("/onderzoek/sleutels"))
    clock.move(days=9)
    app.test_client().get("/api/v1/releases", headers=ask)
    with database.reading() as session:
        [kept] = session.exec(select(ApiToken)).all()
    assert kept.last_month == "2026-12"


def test_a_use_is_written_once_a_month(ask: Ask, released: Release) -> None:
    ask("/api/v1/releases")
    with statements() as seen:
        assert ask("/api/v1/releases").status_code == 200
    assert [one for one in seen if not one.lstrip().upper().startswith("SELECT")] == []


def test_a_name_that_is_too_long_is_refused_and_nothing_typed_is_lost(
    app: Flask, world: World
) -> None:
    browser = browser_of(app, world.dewi)
    send(browser, "/onderzoek/voorwaarden", beloofd="ja")
    refused = send(browser, "/onderzoek/sleutels", naam="x" * 61, bereik="dataset", dagen="30")
    assert refused.status_code == 422
    assert "Noem hem in hoogstens 60 tekens." in words(refused)
    html = refused.get_data(as_text=True)
    assert "x" * 61 in html and '<option value="dataset" selected' in html


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
