"""The team's page: colleagues by name, and what they want to talk about without who."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import select
from werkzeug.test import TestResponse

from kopkrakers.accounts import people
from kopkrakers.accounts.models import Role, User
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.intervisie.agenda.models import AgendaWish
from tests.support.pages import Fields, Site, give, send, words
from tests.support.world import ROW_KEYS, World, add_person

NUMBER = "collega’s willen erover praten"
UNDER = "Minstens 3 collega’s willen hierover praten."


def wish(
    site: Site, visitor: Visitor, team_id: int, *, htmx: bool = False, **changes: Any
) -> TestResponse:
    fields = {"dilemma": site.slug, "team": str(team_id)} | changes
    return send(site.browser(visitor), "/team/agenda", htmx=htmx, **fields)


def wish_all(site: Site, visitors: Iterable[Visitor], team_id: int) -> None:
    for visitor in visitors:
        wish(site, visitor, team_id)


def wishes(site: Site) -> list[AgendaWish]:
    with site.state.database.reading() as session:
        return list(session.exec(select(AgendaWish)))


def card_title(site: Site) -> str:
    return str(site.state.library.card(site.slug).title)


def test_members_see_each_others_names_and_nobody_of_another_team(site: Site, world: World) -> None:
    text = words(site.browser(world.anna).get("/team"))
    assert "Team Noord" in text and "Anna, Bram, Gerda" in text
    assert "Chris" not in text and "voorbeeld.nl" not in text


def test_a_team_of_others_is_not_found(site: Site, world: World) -> None:
    for visitor in (world.chris, world.farid, world.dewi):
        assert site.browser(visitor).get(f"/team/{world.team_noord}").status_code == 404
    for number in ("0", "999", "99999999999999"):
        assert site.browser(world.anna).get(f"/team/{number}").status_code == 404


def test_who_has_no_team_reads_what_to_do(site: Site, world: World) -> None:
    assert "Je zit nog niet in een team" in words(site.browser(world.farid).get("/team"))


def test_nobody_is_sent_to_the_sign_in_page(site: Site) -> None:
    assert site.app.test_client().get("/team").location.startswith("/inloggen")


def test_who_is_in_several_teams_chooses_one(site: Site, world: World) -> None:
    zuid = world.team_almere + 1
    with site.state.database.transaction() as session:
        people.set_teams(session, world.zaanstad, world.anna.id, (world.team_noord, zuid), ROW_KEYS)
    browser = site.browser(world.anna)
    page = browser.get(f"/team/{zuid}")
    assert "Mijn teams" in page.get_data(as_text=True) and "Bram" not in words(page)
    assert "Bram" in words(browser.get("/team"))
    give(site, browser)
    result = browser.get(site.url("uitslag")).get_data(as_text=True)
    assert f'<option value="{zuid}">Team Zuid</option>' in result and 'name="team"' in result


def test_a_blocked_colleague_is_no_longer_in_the_list(site: Site, world: World) -> None:
    with site.state.database.transaction() as session:
        bram = session.get(User, world.bram.id)
        assert bram is not None
        bram.status = "blocked"
    assert "Bram" not in words(site.browser(world.anna).get("/team"))


def test_a_wish_puts_the_dilemma_on_the_agenda(site: Site, world: World) -> None:
    answer = wish(site, world.anna, world.team_noord)
    assert answer.status_code == 303 and answer.location == f"/team/{world.team_noord}#agenda"
    assert card_title(site) in words(site.browser(world.bram).get("/team"))
    assert card_title(site) not in words(site.browser(world.chris).get("/team"))


def test_htmx_gets_the_words_that_take_the_place_of_the_button(site: Site, world: World) -> None:
    answer = wish(site, world.anna, world.team_noord, htmx=True)
    assert answer.status_code == 200 and "<!doctype" not in answer.get_data(as_text=True)
    assert "Niemand ziet dat jij het was." in words(answer)


def test_a_number_is_shown_from_three_others_and_under_the_result(site: Site, world: World) -> None:
    with site.state.database.transaction() as session:
        more = [
            add_person(session, f"Collega {n}", world.zaanstad, world.team_noord, Role.KLANTMANAGER)
            for n in range(3)
        ]
    anna = site.browser(world.anna)
    give(site, anna)
    for count, visitor in enumerate((world.anna, world.bram, world.gerda, *more), start=1):
        wish(site, visitor, world.team_noord)
        for url, sentence in (("/team", f"minstens 3 {NUMBER}"), (site.url("uitslag"), UNDER)):
            assert (sentence in words(anna.get(url))) is (count >= 4), (url, count)


def test_the_result_is_the_same_for_who_wished_and_who_did_not(site: Site, world: World) -> None:
    site.add_figures()
    anna, bram = site.browser(world.anna), site.browser(world.bram)
    give(site, anna)
    give(site, bram)
    before = words(anna.get(site.url("uitslag")))
    assert "Zet op onze agenda" in before
    wish(site, world.anna, world.team_noord)
    after = words(anna.get(site.url("uitslag")))
    assert after == before == words(bram.get(site.url("uitslag")))


def test_a_team_of_which_all_others_would_be_known_gets_no_number(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    for visitor in (world.anna, world.bram, world.gerda):
        wish(site, visitor, world.team_noord)
    assert NUMBER not in words(anna.get("/team"))
    assert "willen hierover praten" not in words(anna.get(site.url("uitslag")))


def test_two_wishes_look_the_same_as_one(site: Site, world: World) -> None:
    wish(site, world.anna, world.team_noord)
    one = words(site.browser(world.gerda).get("/team"))
    wish(site, world.bram, world.team_noord)
    assert words(site.browser(world.gerda).get("/team")) == one


def test_the_page_is_the_same_for_who_wished_and_who_did_not(site: Site, world: World) -> None:
    wish(site, world.anna, world.team_noord)
    assert words(site.browser(world.anna).get("/team")) == words(
        site.browser(world.bram).get("/team")
    )


def test_wishing_twice_counts_once(site: Site, world: World) -> None:
    wish_all(site, [world.anna] * 3, world.team_noord)
    assert len(wishes(site)) == 1


def test_in_a_team_of_two_an_agenda_would_name_the_other_so_there_is_none(
    site: Site, world: World
) -> None:
    with site.state.database.transaction() as session:
        dirk = add_person(session, "Dirk", world.almere, world.team_almere, Role.KLANTMANAGER)
    assert "Jullie zijn met te weinig" in words(wish(site, dirk, world.team_almere, htmx=True))
    text = words(site.browser(world.chris).get("/team"))
    assert card_title(site) not in text and "Jullie zijn met weinig" in text


def test_a_wish_keeps_nothing_of_who_wished(site: Site, world: World) -> None:
    wish_all(site, (world.anna, world.bram), world.team_noord)
    columns = set(AgendaWish.model_fields)
    assert columns == {"team_id", "dilemma", "mark"}
    assert len({row.mark for row in wishes(site)}) == 2
    assert all(len(row.mark) == 64 for row in wishes(site))


def test_a_wish_for_a_team_of_others_or_an_unknown_dilemma_is_not_found(
    site: Site, world: World
) -> None:
    assert wish(site, world.chris, world.team_noord).status_code == 404
    assert wish(site, world.farid, world.team_noord).status_code == 404
    for slug in ("bestaat-niet", "een\0plek", "😀"):
        assert wish(site, world.anna, world.team_noord, dilemma=slug).status_code == 404
    assert not wishes(site)


def test_a_wish_that_names_nothing_is_wrong_input(site: Site, world: World) -> None:
    changes: list[Fields] = [{"team": team} for team in ("", "x", "-1", "9" * 30)]
    for change in [*changes, {"dilemma": ""}]:
        assert wish(site, world.anna, world.team_noord, **change).status_code == 422


def test_a_wish_needs_the_token_of_the_page(site: Site, world: World) -> None:
    fields = {"dilemma": site.slug, "team": str(world.team_noord)}
    assert site.browser(world.anna).post("/team/agenda", data=fields).status_code == 403


def remove(site: Site, visitor: Visitor, team_id: int) -> TestResponse:
    fields: Fields = {"dilemma": site.slug, "team": str(team_id)}
    return send(site.browser(visitor), "/team/agenda/verwijderen", **fields)


def test_the_begeleider_takes_a_dilemma_off_the_agenda(site: Site, world: World) -> None:
    wish_all(site, (world.anna, world.bram), world.team_noord)
    page = words(site.browser(world.gerda).get("/team"))
    assert "Haal van de agenda" in page
    assert "Dan is het voor het hele team van de agenda" in page
    assert remove(site, world.gerda, world.team_noord).status_code == 303
    assert not wishes(site)
    assert "Nog niets op de agenda" in words(site.browser(world.anna).get("/team"))


def test_only_the_begeleider_of_that_team_takes_something_off(site: Site, world: World) -> None:
    wish(site, world.anna, world.team_noord)
    assert "Haal van de agenda" not in words(site.browser(world.anna).get("/team"))
    assert remove(site, world.anna, world.team_noord).status_code == 403
    with site.state.database.transaction() as session:
        other = add_person(session, "Els", world.almere, world.team_almere, Role.BEGELEIDER)
    assert remove(site, other, world.team_noord).status_code == 404
    assert len(wishes(site)) == 1


def test_a_withdrawn_dilemma_leaves_the_agenda_at_once(site: Site, world: World) -> None:
    wish(site, world.anna, world.team_noord)
    path = site.state.settings.cards_dir / f"{site.slug}.md"
    path.write_text(path.read_text().replace("editie: 1", "editie: 1\ningetrokken: ja"))
    site.state.library._reread_at = 0.0
    assert "Nog niets op de agenda" in words(site.browser(world.anna).get("/team"))
