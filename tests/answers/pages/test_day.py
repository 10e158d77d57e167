"""Vandaag, one dilemma, and practising a closed one."""

from sqlmodel import select

from kopkrakers.accounts.models import Rhythm, Team
from kopkrakers.catalogue.editions.models import Edition
from tests.answers.closing import close
from tests.support.clock import StoppedClock
from tests.support.pages import OF_OTHERS, Site, give, send, words
from tests.support.world import World


def open_again(site: Site) -> None:
    """The dilemma takes answers in a next edition."""
    with site.state.database.transaction() as session:
        first = session.get(Edition, (site.slug, 1))
        assert first is not None
        again = first.model_dump() | {"number": 2, "frozen": False, "settled": False}
        session.add(Edition(**again))


def test_today_shows_the_card_with_its_form(site: Site, world: World) -> None:
    page = site.browser(world.anna).get("/")
    assert page.status_code == 200
    assert "Wat doe jij?" in words(page) and "Doe mijn keuze in de bus" in words(page)
    assert "Opnieuw kiezen kan niet, want straks zie je de uitslag." in words(page)
    assert f'action="{site.url("antwoord")}"' in page.get_data(as_text=True)


def test_today_leads_to_the_result_once_the_turn_is_used(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    page = browser.get("/")
    assert "Je antwoord zit in de bus." in words(page) and "Wat doe jij?" not in words(page)
    assert f'href="{site.url("uitslag")}"' in page.get_data(as_text=True)


def test_today_in_a_weekend_says_whose_day_it_was(
    site: Site, world: World, clock: StoppedClock
) -> None:
    clock.move(days=4)
    site.tick()
    clock.move(days=1)
    assert "Dilemma van vrijdag 27 november" in words(site.browser(world.anna).get("/"))


def test_a_weekly_team_keeps_mondays_card_all_week(
    site: Site, world: World, clock: StoppedClock
) -> None:
    with site.state.database.transaction() as session:
        for team in session.exec(select(Team).where(Team.id == world.team_noord)):
            team.rhythm = Rhythm.WEEKLY
    clock.move(days=1)
    site.tick()
    assert site.slug in site.browser(world.anna).get("/").get_data(as_text=True)
    assert site.slug not in site.browser(world.chris).get("/").get_data(as_text=True)


def test_today_without_a_card_says_when_there_is_one(
    site: Site, world: World, clock: StoppedClock
) -> None:
    clock.move(days=-5)
    assert "Er is vandaag geen dilemma" in words(site.browser(world.anna).get("/"))


def test_news_of_a_count_stays_hidden_until_the_browser_knows_it_is_news(
    site: Site, world: World, clock: StoppedClock
) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    assert "data-geteld" not in browser.get("/").get_data(as_text=True)
    with site.state.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM envelope")
    page = browser.get("/").get_data(as_text=True)
    assert f'data-geteld="{site.slug}.1" hidden' in page and "Nieuw geteld" in page


def test_who_does_not_vote_reads_the_card_without_a_form(site: Site, world: World) -> None:
    for visitor in (world.dewi, world.farid):
        browser = site.browser(visitor)
        for url in ("/", f"/dilemma/{site.slug}"):
            page = browser.get(url)
            assert "Met jouw rol kies je niet mee" in words(page)
            assert "<form" not in page.get_data(as_text=True)
        assert browser.get(site.url("uitslag")).location == f"/dilemma/{site.slug}"


def test_nobody_is_sent_to_the_sign_in_page(site: Site) -> None:
    for url in ("/", "/archief", "/archief/lijst", f"/dilemma/{site.slug}", site.url("uitslag")):
        answer = site.app.test_client().get(url)
        assert answer.status_code == 302 and answer.location.startswith("/inloggen")


def test_an_unknown_dilemma_is_not_found(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for slug in ("bestaat-niet", "een%00plek", "😀", "Een-Plek", "x" * 300, "..", "een-plek%20"):
        for rest in ("", "/1", "/1/uitslag"):
            assert browser.get(f"/dilemma/{slug}{rest}").status_code == 404, slug


def test_an_unknown_edition_is_not_found(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for number in ("0", "2", "-1", "99999", "99999999999999999999", "1.5", "één"):
        assert browser.get(f"/dilemma/{site.slug}/{number}/uitslag").status_code == 404, number


def test_a_withdrawn_dilemma_is_gone_at_once(site: Site, world: World) -> None:
    path = site.state.settings.cards_dir / f"{site.slug}.md"
    path.write_text(path.read_text().replace("editie: 1", "editie: 1\ningetrokken: ja"))
    site.state.library._reread_at = 0.0
    assert site.browser(world.anna).get(f"/dilemma/{site.slug}").status_code == 404


def test_an_open_edition_has_one_address(site: Site, world: World) -> None:
    assert (
        site.browser(world.anna).get(f"/dilemma/{site.slug}/1").location == f"/dilemma/{site.slug}"
    )


def test_a_closed_edition_is_read_with_its_figures(site: Site, world: World) -> None:
    site.add_figures()
    close(site)
    for visitor in (world.anna, world.dewi, world.chris):
        text = words(site.browser(visitor).get(site.url("uitslag")))
        assert "Geteld: 7.777 antwoorden." in text and "Dit dilemma is gesloten." in text


def test_a_closed_edition_without_figures_says_so(site: Site, world: World) -> None:
    close(site)
    assert "Dit dilemma is gesloten zonder uitslag." in words(
        site.browser(world.anna).get(site.url("uitslag"))
    )


def test_a_closed_edition_is_practised_without_being_read_or_counted(
    site: Site, world: World
) -> None:
    close(site)
    browser = site.browser(world.anna)
    page = words(browser.get(f"/dilemma/{site.slug}"))
    assert "we lezen, bewaren en tellen hem niet" in page and "Laat de uitslag zien" in page
    assert not [marker for marker in OF_OTHERS if marker in page]
    sent = send(browser, site.url("oefenen"), optie="b", doorslag="w")
    assert sent.status_code == 303 and sent.location == site.url("uitslag")
    by_htmx = send(browser, site.url("oefenen"), htmx=True, optie="b")
    assert f'data-uitslag data-sleutel="{site.slug}.1"' in by_htmx.get_data(as_text=True)


def test_an_open_edition_cannot_be_practised(site: Site, world: World) -> None:
    sent = send(site.browser(world.anna), site.url("oefenen"), htmx=True, optie="b")
    assert sent.status_code == 303 and sent.location == f"/dilemma/{site.slug}"


def test_figures_of_before_stay_away_while_the_dilemma_can_be_answered_again(
    site: Site, world: World
) -> None:
    site.add_figures()
    close(site)
    open_again(site)
    browser = site.browser(world.anna)
    for url in (site.url("uitslag"), f"/dilemma/{site.slug}/1"):
        assert browser.get(url).location == f"/dilemma/{site.slug}"
    assert send(browser, site.url("oefenen"), htmx=True).location == f"/dilemma/{site.slug}"
    site.tick()
    send(browser, site.url("antwoord", 2), optie="a", doorslag="w")
    assert "7.777" in words(browser.get(site.url("uitslag")))
