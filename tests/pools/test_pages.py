"""What people read of their pool: at the result, at Zo tellen we, and as beheerder."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.chain.signing import account_holds
from kopkrakers.accounts.models import USER, USER_ROLE, Change, Role, Status
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name
from kopkrakers.pools import regios
from kopkrakers.pools.rules import regio_pool
from kopkrakers.pools.standing import COLLEAGUES_ON_A_PAGE, colleagues, standing_of
from kopkrakers.privacy.rules import K_POOL
from tests.support.pages import Site, give, statements, words
from tests.support.polling import give_pools
from tests.support.world import World, add_gemeente, add_people, add_persons


def as_it_opened(site: Site, pools: dict[int, str] | None) -> None:
    """Let today's dilemma have these pools; None is every gemeente its own."""
    with site.state.database.transaction() as session:
        give_pools(session, mac_keys(site.state.settings), site.state.today(), pools)
    site.tick()


def put_together(site: Site, *names: str) -> int:
    """Make regio Zaanstreek of Zaanstad and gemeenten of six; gives its id."""
    keys = mac_keys(site.state.settings)
    with site.state.database.transaction() as session:
        for name in names:
            add_people(session, add_gemeente(session, name), 6)
        regios.add_regio(session, keys, "Zaanstreek", ["Zaanstad", *names])
        return regios.find_regio(session, "Zaanstreek")[0]


def name_people(site: Site) -> None:
    """The nameless people of these tests get a name, by the product."""
    with site.state.database.transaction() as session:
        nameless = session.execute(select(USER.c.id).where(USER.c.name.is_(None))).scalars().all()
        for user_id in nameless:
            with changing(session, mac_keys(site.state.settings), user_id, Change.MADE):
                named = update(USER).where(USER.c.id == user_id)
                session.execute(named.values(name="Iemand van elders"))


def test_the_result_names_the_regio_and_shows_its_figures(site: Site, world: World) -> None:
    regio_id = put_together(site, "Wormerland", "Oostzaan")
    pool = regio_pool(regio_id)
    as_it_opened(site, {world.zaanstad: pool, 3: pool, 4: pool})
    anna = site.browser(world.anna)
    give(site, anna)
    assert "Regio Zaanstreek, 3 gemeenten" in words(anna.get(site.url("uitslag")))
    site.add_figures(pool, str(world.zaanstad), counts=(12, 6, 4, 2))
    page = words(anna.get(site.url("uitslag")))
    assert page.count("Geteld: 24 antwoorden") == 2


def test_the_result_of_a_gemeente_of_its_own_bears_its_name(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    assert "Je telt mee in: Zaanstad." in words(anna.get(site.url("uitslag")))


def test_without_a_pool_there_are_national_figures_alone(site: Site, world: World) -> None:
    as_it_opened(site, {world.almere: str(world.almere)})
    site.add_figures(str(world.zaanstad), str(world.almere))
    anna = site.browser(world.anna)
    give(site, anna)
    page = anna.get(site.url("uitslag")).text
    assert "<h3>Alle gemeenten</h3>" in page
    assert "<h3>Zaanstad</h3>" not in page and "<h3>Almere</h3>" not in page


def test_no_figure_says_the_rule_and_the_same_to_everybody(site: Site, world: World) -> None:
    pages = []
    for visitor in (world.anna, world.chris):
        browser = site.browser(visitor)
        give(site, browser)
        pages.append(words(browser.get(site.url("uitslag"))))
    for page in pages:
        assert "We tellen pas vanaf 10 antwoorden uit je gemeente of regio, of 20 uit het" in page


def test_in_a_pilot_the_result_leads_to_a_session(site: Site, world: World) -> None:
    as_it_opened(site, {world.almere: str(world.almere)})
    anna = site.browser(world.anna)
    give(site, anna)
    page = anna.get(site.url("uitslag")).text
    assert f"minder dan {K_POOL} accounts" in page
    assert 'href="/team"' in page
    assert "Cijfers zie je in een sessie met je team." in page
    for promise in ("gaat de bus open", "nog geen uitslag", "We tellen pas"):
        assert promise not in page


def test_in_a_pilot_the_day_leads_to_a_session(site: Site, world: World) -> None:
    as_it_opened(site, {world.almere: str(world.almere)})
    in_a_pilot, elsewhere = site.browser(world.anna), site.browser(world.chris)
    give(site, in_a_pilot)
    give(site, elsewhere)
    page = words(in_a_pilot.get("/"))
    assert "Cijfers zie je in een sessie met je team ." in page and "de bus open" not in page
    page = words(elsewhere.get("/"))
    assert "gaat de bus open" in page and "in een sessie met je team" not in page


def test_with_enough_accounts_it_does_not(site: Site, world: World) -> None:
    as_it_opened(site, {world.almere: str(world.almere)})
    with site.state.database.transaction() as session:
        add_people(session, world.almere, K_POOL)
    anna = site.browser(world.anna)
    give(site, anna)
    assert "Wat wel werkt" not in anna.get(site.url("uitslag")).text


def test_zo_tellen_we_shows_the_pool_and_the_names_of_the_own_gemeente(
    site: Site, world: World
) -> None:
    put_together(site, "Wormerland", "Oostzaan")
    name_people(site)
    with site.state.database.transaction() as session:
        here = select(USER.c.id).where(USER.c.gemeente_id == 3)
        for user_id in session.execute(here).scalars().all():
            with changing(session, mac_keys(site.state.settings), user_id, Change.MADE):
                came = update(USER).where(USER.c.id == user_id)
                session.execute(came.values(since=date(2026, 11, 1)))
        with changing(session, mac_keys(site.state.settings), world.anna.id, Change.MADE):
            before = update(USER).where(USER.c.id == world.anna.id)
            session.execute(before.values(since=date(2026, 10, 31)))
    page = words(site.browser(world.anna).get("/zo-tellen-we"))
    assert "Zaanstad heeft 3 accounts die kunnen stemmen. Dat is minder dan 25." in page
    assert "in regio Zaanstreek : Oostzaan, Wormerland, Zaanstad." in page
    assert "Accounts die samen tellen 15" in page
    assert "Erbij deze maand 6" in page
    assert "Anna Bram Gerda" in page
    assert "Chris" not in page and "Iemand van elders" not in page
    # no role that votes
    assert "Farid" not in page and "Dewi" not in page


def test_another_gemeente_sees_its_own_only(site: Site, world: World) -> None:
    put_together(site, "Wormerland", "Oostzaan")
    page = words(site.browser(world.chris).get("/zo-tellen-we"))
    assert "Almere heeft 1 account dat kan stemmen." in page
    assert "Daarom hebben jullie geen eigen uitslag." in page
    assert "Chris" in page and "Anna" not in page and "Zaanstreek" not in page


def test_nobody_sees_no_names(site: Site, client: FlaskClient) -> None:
    page = words(client.get("/zo-tellen-we"))
    assert "Met wie jij telt" not in page and "Anna" not in page


def test_who_is_blocked_or_left_is_not_among_those_who_can_vote(site: Site, world: World) -> None:
    with site.state.database.transaction() as session:
        session.execute(update(USER).where(USER.c.id == world.bram.id).values(status="blocked"))
    assert "Bram" not in words(site.browser(world.anna).get("/zo-tellen-we"))


@pytest.mark.parametrize(
    ("others", "sentences"),
    [
        ((), ("geen eigen uitslag", "Daguitslagen komen er zo niet", "Tel samen met buur")),
        (("Oostzaan",), ("in regio Zaanstreek : Oostzaan, Zaanstad",)),
    ],
)
def test_a_beheerder_reads_beforehand_which_figures_come(
    site: Site, world: World, others: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    if others:
        put_together(site, *others)
    page = words(site.browser(world.farid).get("/beheer"))
    before, _, _ = page.partition("Nodig iemand uit")
    assert "Zaanstad heeft 3 accounts die kunnen stemmen" in before
    for sentence in sentences:
        assert sentence in before


def test_a_beheerder_of_a_large_gemeente_reads_that_it_has_its_own(
    site: Site, world: World
) -> None:
    with site.state.database.transaction() as session:
        add_people(session, world.zaanstad, K_POOL)
    page = words(site.browser(world.farid).get("/beheer"))
    assert "Zaanstad heeft 28 accounts die kunnen stemmen. Dat zijn er minstens 25." in page
    assert "Daguitslagen komen er zo niet" not in page
    of_a_small_one = words(site.browser(world.chris).get("/zo-tellen-we"))
    assert "Daarom tellen jullie alleen mee voor het land." in of_a_small_one


def test_a_regio_with_nobody_in_the_other_gemeente_is_named_all_the_same(
    site: Site, world: World
) -> None:
    with site.state.database.transaction() as session:
        add_gemeente(session, "Oostzaan")
        keys = mac_keys(site.state.settings)
        regios.add_regio(session, keys, "Zaanstreek", ["Zaanstad", "Oostzaan"])
    page = words(site.browser(world.farid).get("/beheer"))
    assert "Jullie zitten in regio Zaanstreek, maar die heeft nog geen twee" in page
    assert "geen eigen uitslag" in page and "alleen mee voor het land" not in page


def test_a_regio_too_small_for_a_bundle_says_so(site: Site, world: World) -> None:
    put_together(site, "Oostzaan")
    page = words(site.browser(world.anna).get("/zo-tellen-we"))
    assert "Samen zijn dat te weinig accounts voor een uitslag." in page
    with site.state.database.transaction() as session:
        add_people(session, world.zaanstad, 5)
    assert "te weinig accounts" not in words(site.browser(world.anna).get("/zo-tellen-we"))


@pytest.mark.parametrize("pools", [None, {2: "2"}], ids=["a pool of its own", "a pilot"])
def test_pools_cost_an_answer_and_a_page_few_statements(
    site: Site, world: World, pools: dict[int, str] | None
) -> None:
    as_it_opened(site, pools)
    anna = site.browser(world.anna)
    anna.get("/")
    with statements() as sent:
        assert give(site, anna, htmx=True).status_code == 200
    assert len(sent) <= 12, sent
    with statements() as sent:
        assert anna.get(site.url("uitslag")).status_code == 200
    assert len(sent) <= 8, sent
    with statements() as sent:
        assert anna.get("/").status_code == 200
    assert len(sent) <= 8, sent
    with statements() as sent:
        assert anna.get("/zo-tellen-we").status_code == 200
    assert len(sent) <= 8, sent


def add_by_sql(site: Site, gemeente_id: int, number: int) -> None:
    """Rows of accounts that the product did not make, in a gemeente."""
    with site.state.database.transaction() as session:
        for one in range(number):
            row = {
                "gemeente_id": gemeente_id,
                "address_hmac": f"{gemeente_id}{one:063}",
                "name": f"Verzonnen {one}",
                "status": Status.ACTIVE,
                "generation": 0,
                "address_proved": True,
            }
            inserted = session.execute(insert(USER).values(row).returning(USER.c.id)).scalar_one()
            role = {"user_id": inserted, "role": Role.KLANTMANAGER}
            session.execute(insert(USER_ROLE).values(role))


def test_accounts_by_sql_make_no_pool_and_no_end_to_a_pilot(site: Site, world: World) -> None:
    before = words(site.browser(world.anna).get("/zo-tellen-we"))
    assert "Daguitslagen komen er zo niet." in before
    add_by_sql(site, world.zaanstad, K_POOL)
    add_by_sql(site, world.almere, K_POOL)
    page = words(site.browser(world.anna).get("/zo-tellen-we"))
    assert "Daguitslagen komen er zo niet." in page
    assert "Zaanstad heeft 3 accounts die kunnen stemmen" in page
    # so that everybody sees that they are there
    assert "Verzonnen 7" in page


def test_an_altered_account_counts_for_no_pool_wherever_it_stands(site: Site, world: World) -> None:
    keys, today = mac_keys(site.state.settings), site.state.today()
    with site.state.database.transaction() as session:
        large = add_gemeente(session, "Purmerend")
        oldest, *_ = add_people(session, large, K_POOL + 1)

    def pool() -> str | None:
        with site.state.database.reading() as session:
            found = standing_of(session, keys, large, today).pool
        return found.scope if found else None

    for altered, expected in ((oldest, str(large)), (oldest + K_POOL, None)):
        with site.state.database.transaction() as session:
            session.execute(update(USER).where(USER.c.id == altered).values(name="Iemand anders"))
        assert pool() == expected


def test_a_large_gemeente_verifies_no_more_accounts_than_decide(
    site: Site, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, today = mac_keys(site.state.settings), site.state.today()
    with site.state.database.transaction() as session:
        add_people(session, world.zaanstad, 4 * K_POOL)
    verified = []

    def noting(of: Keys, account: Any) -> bool:
        verified.append(account.id)
        return account_holds(of, account)

    monkeypatch.setattr("kopkrakers.pools.sizes.account_holds", noting)
    with site.state.database.reading() as session:
        standing = standing_of(session, keys, world.zaanstad, today)
        everyone = colleagues(session, world.zaanstad, 1)
    assert standing.pool is not None
    assert standing.own_accounts == everyone.total > 4 * K_POOL
    assert len(verified) == K_POOL


def test_names_of_a_large_gemeente_stand_on_pages(site: Site, world: World) -> None:
    with site.state.database.transaction() as session:
        names = (f"Collega {number:03}" for number in range(2 * COLLEAGUES_ON_A_PAGE))
        add_persons(session, names, world.zaanstad, None, Role.KLANTMANAGER)
    anna = site.browser(world.anna)
    read = []
    for number in (1, 2, 3):
        page = anna.get(f"/zo-tellen-we?namen={number}").text
        opening, _, rest = page.partition('<details id="wie"')[2].partition(">")
        read += re.findall(r"<li>([^<]+)</li>", rest.partition("</details>")[0])
        assert (opening == " open") is (number > 1)
    assert len(read) == len(set(read)) == 2 * COLLEAGUES_ON_A_PAGE + 3
    assert read == by_name(read, str)
    wrong = words(anna.get("/zo-tellen-we?namen=nul"))
    assert f"1 tot en met {COLLEAGUES_ON_A_PAGE} van {len(read)} namen" in wrong


def test_accounts_by_sql_do_not_change_what_the_result_says(site: Site, world: World) -> None:
    as_it_opened(site, {2: "2"})
    anna = site.browser(world.anna)
    give(site, anna)
    before = words(anna.get(site.url("uitslag")))
    add_by_sql(site, world.zaanstad, K_POOL)
    assert words(anna.get(site.url("uitslag"))) == before
    with site.state.database.transaction() as session:
        add_people(session, world.zaanstad, K_POOL)
    assert words(anna.get(site.url("uitslag"))) != before
