"""Smoke."""

import pytest
from flask import Flask

from tests.answers.pages import Site, give, open_site
from tests.world import World


@pytest.fixture
def site(app: Flask, world: World) -> Site:
    return open_site(app)


def test_anna_answers_and_sees_the_result(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    site.add_reasons(w=(50, 40, 10, 5), r=(40, 3, 1, 0))
    browser = site.browser(world.anna)
    page = browser.get("/")
    assert page.status_code == 200, page.get_data(as_text=True)
    answer = give(site, browser)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    result = browser.get(answer.location)
    open("/tmp/kk/uitslag.html","w").write(result.get_data(as_text=True))
    assert result.status_code == 200
    for url in ("/", "/archief", "/archief/lijst", "/team", f"/dilemma/{site.slug}"):
        r = browser.get(url)
        print(url, r.status_code, len(r.data))
        open("/tmp/kk/p" + url.replace("/", "_") + ".html","w").write(r.get_data(as_text=True))
