"""Nothing about others before the own answer is in: every route and persona, however asked."""

from collections.abc import Iterator

from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support.pages import OF_OTHERS, Site, give, token_of
from tests.support.world import World

PERSONAS = ("anna", "bram", "gerda", "chris", "dewi", "farid")
READING, SENDING = "GET", "POST"
NOT_ASKED = (
    "static",
    "accounts.sign_out",
    "accounts.sign_out_everywhere",
    "accounts.remove_own_account",
)
"""Files, and what would sign this browser out so that the rest is asked by nobody."""
SHOWS_FOR_A_TURN = ("plannen.use_turn",)
"""The begeleider's "Toon cijfers": shows figures and uses up the own turn, said beforehand."""


def addresses(site: Site, world: World, rule: Rule) -> Iterator[str]:
    """Addresses of a route, with today's dilemma and the personas' team where it asks for one."""
    known = {"slug": site.slug, "number": 1, "edition": 1, "team_id": world.team_noord}
    others = known | {"number": 2, "edition": 2, "team_id": world.team_almere}
    for given in (known, others) if rule.arguments else (known,):
        values = {name: given.get(name, 1) for name in rule.arguments}
        with site.app.test_request_context():
            built = site.app.url_map.bind("localhost").build(
                rule.endpoint, values, force_external=False
            )
        yield built


def ask(
    site: Site, world: World, browser: FlaskClient, method: str
) -> Iterator[tuple[str, TestResponse]]:
    """Ask all that this browser can by one method, and follow redirects.

    Only sending differs with htmx.
    """
    sent = {
        "csrf_token": token_of(browser),
        "dilemma": site.slug,
        "team": str(world.team_noord),
        "optie": "a",
    }
    for rule in list(site.app.url_map.iter_rules()):
        if method not in (rule.methods or ()) or rule.endpoint in (*NOT_ASKED, *SHOWS_FOR_A_TURN):
            continue
        for address in addresses(site, world, rule):
            for headers in ({}, {"HX-Request": "true"}):
                data = sent if method == SENDING else None
                yield (
                    address,
                    browser.open(
                        address, method=method, data=data, headers=headers, follow_redirects=True
                    ),
                )


def leaks(response: TestResponse) -> list[str]:
    # pictures are asked too: what is not text holds none of these words
    page = response.get_data().decode(errors="replace")
    return [marker for marker in OF_OTHERS if marker in page]


def test_no_page_shows_anything_of_others_before_the_own_answer(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad), str(world.almere))
    site.add_reasons(w=(7777, 7777, 7777, 7777))
    for name in PERSONAS:
        for address, response in ask(site, world, site.browser(getattr(world, name)), READING):
            assert not leaks(response), (name, address)


def test_nothing_that_is_sent_is_answered_with_anything_of_others(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad), str(world.almere))
    for name in PERSONAS:
        browser = site.browser(getattr(world, name))
        for address, response in ask(site, world, browser, SENDING):
            assert not leaks(response), (name, address)
        assert browser.get("/").status_code == 200


def test_a_visitor_without_an_account_is_shown_nothing_of_others(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    nobody = site.app.test_client()
    for rule in site.app.url_map.iter_rules():
        if READING in (rule.methods or ()) and rule.endpoint != "static":
            for address in addresses(site, world, rule):
                assert not leaks(nobody.get(address, follow_redirects=True)), address


def test_the_markers_are_what_the_result_holds(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    browser = site.browser(world.anna)
    give(site, browser)
    assert leaks(browser.get(site.url("uitslag"))) == list(OF_OTHERS)


def test_the_answer_of_one_opens_nothing_for_another(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    give(site, site.browser(world.anna))
    response = site.browser(world.bram).get(site.url("uitslag"), follow_redirects=True)
    assert response.request.path == f"/dilemma/{site.slug}" and not leaks(response)


def test_the_begeleider_who_looks_beforehand_pays_with_the_turn(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    browser = site.browser(world.gerda)
    address = f"/team/{world.team_noord}/intervisie/cijfers/{site.slug}"
    assert not leaks(browser.get(address))
    assert "7.777" in leaks(
        browser.post(address, data={"csrf_token": token_of(browser)}, follow_redirects=True)
    )
    assert give(site, browser).status_code == 409
