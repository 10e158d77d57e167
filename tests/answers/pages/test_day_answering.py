"""Sending an answer: by a plain form and by htmx, twice, too late, wrong, forged, in a failure."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from kopkrakers.ballots.models import BallotBox, Envelope
from kopkrakers.catalogue.editions.models import Edition
from tests.support.clock import StoppedClock
from tests.support.pages import ANSWER, Fields, Site, give, send, words
from tests.support.world import World


def envelopes(site: Site) -> int:
    with site.state.database.reading() as session:
        return len(session.exec(select(Envelope)).all())


def test_a_plain_form_leads_to_the_result(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    answer = give(site, browser)
    assert answer.status_code == 303 and answer.location == site.url("uitslag")
    assert "Om samen te kraken" in words(browser.get(answer.location))
    assert envelopes(site) == 1


def test_htmx_gets_the_result_to_put_in_place(site: Site, world: World) -> None:
    answer = give(site, site.browser(world.anna), htmx=True)
    assert answer.status_code == 200 and answer.headers["HX-Push-Url"] == site.url("uitslag")
    page = answer.get_data(as_text=True)
    assert f'<section class="kk-result" data-uitslag data-sleutel="{site.slug}.1"' in page
    assert "<!doctype" not in page


def test_what_may_be_skipped_can_be_left_out(site: Site, world: World) -> None:
    answer = send(site.browser(world.anna), site.url("antwoord"), optie="x", doorslag="b")
    assert answer.status_code == 303 and envelopes(site) == 1


def test_an_unknown_experience_from_a_device_counts_as_not_said(site: Site, world: World) -> None:
    assert give(site, site.browser(world.anna), ervaring="skip").status_code == 303


def test_a_second_choice_is_too_late_and_shows_the_way_to_the_result(
    site: Site, world: World
) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    for htmx in (False, True):
        again = give(site, browser, optie="c", htmx=htmx)
        assert again.status_code == 409
        assert "Je eerste antwoord blijft staan." in words(again)
        assert f'href="{site.url("uitslag")}"' in again.get_data(as_text=True)
        assert ("<!doctype" in again.get_data(as_text=True)) is not htmx
    assert envelopes(site) == 1


def test_who_took_an_answer_back_cannot_choose_again(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    send(browser, site.url("terugnemen"))
    assert give(site, browser).status_code == 409 and envelopes(site) == 0


def test_a_closed_edition_takes_no_answer_but_can_be_practised(site: Site, world: World) -> None:
    with site.state.database.transaction() as session:
        edition = session.get(Edition, (site.slug, 1))
        assert edition is not None
        edition.frozen = True
    answer = give(site, site.browser(world.anna))
    assert answer.status_code == 409 and "Dit dilemma is gesloten." in words(answer)
    assert f'href="/dilemma/{site.slug}/1"' in answer.get_data(as_text=True)


def test_an_edition_past_its_weeks_takes_no_answer(
    site: Site, world: World, clock: StoppedClock
) -> None:
    clock.move(weeks=26)
    assert give(site, site.browser(world.anna)).status_code == 409


WRONG: tuple[Fields, ...] = (
    {"optie": ""},
    {"optie": "d"},
    {"optie": "ab"},
    {"optie": "\0"},
    {"optie": "😀"},
    {"optie": "a\0"},
    {"doorslag": ""},
    {"doorslag": "z"},
    {"zeker": "9"},
    {"zeker": "<script>"},
    {"verwacht": "x"},
    {"verwacht": "d"},
    {"verwacht": "a" * 2000},
)


def test_wrong_input_gives_the_form_back_with_nothing_lost(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for change in WRONG:
        answer = give(site, browser, **change)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, change
        assert "Er klopt iets niet" in words(answer)
        kept = ANSWER | change
        for name in ("optie", "doorslag", "zeker", "verwacht"):
            if name not in change:
                assert checked(page, name, kept[name]), (change, name)
    assert envelopes(site) == 0


def checked(page: str, name: str, value: str) -> bool:
    control = page.split(f'name="{name}" value="{value}"', 1)[1].split(">", 1)[0]
    return " checked" in control


def test_the_form_that_comes_back_is_never_kept_nor_compressed(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    answer = browser.post(
        site.url("antwoord"),
        data=ANSWER | {"optie": "d"},
        headers={"Accept-Encoding": "gzip", "HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Encoding" not in answer.headers and "<!doctype" not in answer.get_data(
        as_text=True
    )


def test_every_fault_names_a_place_on_the_page(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    changes: tuple[Fields, ...] = (
        {"optie": ""},
        {"doorslag": ""},
        {"zeker": "9"},
        {"verwacht": "x"},
    )
    for change in changes:
        page = give(site, browser, **change).get_data(as_text=True)
        target = page.split('<a href="#', 2)[2 if "kk-skip" not in page else -1].split('"', 1)[0]
        assert f'id="{target}"' in page


def test_a_stale_token_keeps_the_choice_and_asks_again(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for token in ({}, {"csrf_token": "oud"}):
        answer = browser.post(site.url("antwoord"), data=ANSWER | token)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422 and "Deze pagina stond lang open." in words(answer)
        assert checked(page, "optie", "a") and checked(page, "verwacht", "b")
    assert envelopes(site) == 0


def test_without_a_box_the_choice_is_kept_and_nothing_half_written(
    site: Site, world: World
) -> None:
    with site.state.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM ballot_box")
    browser = site.browser(world.anna)
    answer = give(site, browser)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "Antwoorden kan nu even niet." in words(answer)
    assert checked(answer.get_data(as_text=True), "optie", "a")
    site.tick()
    with site.state.database.reading() as session:
        assert session.exec(select(BallotBox)).first() is not None
    assert give(site, browser).status_code == 303


def test_who_sends_too_often_gets_the_form_back_with_nothing_lost(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for _ in range(30):
        give(site, browser)
        give(site, browser, htmx=True)
    for htmx in (False, True):
        answer = give(site, browser, optie="b", htmx=htmx)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "600"
        assert answer.headers["Cache-Control"] == "no-store, no-transform"
        assert "Je keuze staat hieronder nog." in words(answer)
        assert all(
            checked(page, *pair) for pair in (("optie", "b"), ("doorslag", "w"), ("verwacht", "b"))
        )
    assert envelopes(site) == 1


def test_who_does_not_vote_is_refused_with_a_sentence(site: Site, world: World) -> None:
    for visitor in (world.dewi, world.farid):
        answer = give(site, site.browser(visitor))
        assert answer.status_code == 403 and "Met jouw rol kies je niet mee." in words(answer)
    assert envelopes(site) == 0


def test_nobody_cannot_answer(site: Site) -> None:
    assert site.app.test_client().post(site.url("antwoord"), data=ANSWER).status_code in (302, 403)
    assert envelopes(site) == 0


def test_an_answer_to_an_unknown_edition_or_dilemma_is_not_found(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for url in (
        site.url("antwoord", 2),
        "/dilemma/bestaat-niet/1/antwoord",
        "/dilemma/een%00/1/antwoord",
    ):
        assert send(browser, url, **ANSWER).status_code == 404


def test_a_huge_body_is_refused(site: Site, world: World) -> None:
    answer = site.browser(world.anna).post(site.url("antwoord"), data={"optie": "a" * 1_000_000})
    assert answer.status_code == 413


def test_the_choice_is_in_no_address_cookie_or_header(site: Site, world: World) -> None:
    for htmx, visitor in ((False, world.anna), (True, world.bram)):
        answer = give(site, site.browser(visitor), htmx=htmx)
        assert "Set-Cookie" not in answer.headers
        assert not {"a", "optie=a"} & set(str(answer.headers).replace("&", "?").split("?"))


def test_twenty_taps_at_once_give_one_envelope(site: Site, world: World) -> None:
    browsers = [site.browser(world.anna) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda browser: give(site, browser).status_code, browsers))
    assert sorted(answers) == [303] + [409] * 19
    assert envelopes(site) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_locked_meanwhile_keeps_the_choice(site: Site, world: World) -> None:
    """On SQLite, where writers wait for the whole database."""
    anna = site.browser(world.anna)
    with site.state.database.transaction() as session:
        session.connection()
        answer = give(site, anna)
    assert answer.status_code == 503 and checked(answer.get_data(as_text=True), "optie", "a")
    assert envelopes(site) == 0
