"""A regio in the browser: every gemeente in it agrees for itself, and nobody moves another."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.base.errors import NotYours
from kopkrakers.pools import proposals, regios
from kopkrakers.pools.models import REGIO_CONSENT
from kopkrakers.pools.proposals import AT_A_TIME, LASTS_DAYS
from kopkrakers.pools.service import open_editions
from kopkrakers.privacy.rules import K_POOL
from tests.support.pages import Site, send, words
from tests.support.world import ROW_KEYS, World, add_gemeente, add_people, add_person

REGIO = "/beheer/regio"
NAMES = ("Zaanstad", "Almere", "Wormerland", "Oostzaan")


@pytest.fixture
def beheerders(site: Site, world: World) -> dict[str, FlaskClient]:
    """A browser of the beheerder of each of four gemeenten."""
    places = {"Almere": world.almere}
    with site.state.database.transaction() as session:
        for name in NAMES[2:]:
            places[name] = add_gemeente(session, name)
            add_people(session, places[name], 6)
        people = {
            name: add_person(session, f"Baas {name}", id_, None, Role.BEHEERDER)
            for name, id_ in places.items()
        }
    return {"Zaanstad": site.browser(world.farid)} | {
        name: site.browser(person) for name, person in people.items()
    }


def ask_for(browser: FlaskClient, *gemeenten: str, name: str = "Zaanstreek") -> TestResponse:
    """Propose a regio with these gemeenten."""
    return send(browser, REGIO, naam=name, gemeenten="\r\n".join(gemeenten))


def proposed(browser: FlaskClient, *gemeenten: str, name: str = "Zaanstreek") -> str:
    """Propose a regio; gives the address of the proposal."""
    answer = ask_for(browser, *gemeenten, name=name)
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def together(site: Site) -> dict[str, list[str]]:
    """The names of the gemeenten in each regio."""
    with site.state.database.reading() as session:
        lines = regios.regios(session, site.state.row_keys)
    found: dict[str, list[str]] = {line.name: [] for line in lines}
    for line in lines:
        found[line.name] += [member.name for member in line.gemeenten]
    return found


def trail(site: Site) -> list[tuple[Any, ...]]:
    """The rows of the trail about regio's: of which gemeente, the deed, and its detail."""
    rows = BEHEER_ACTION.c
    with site.state.database.reading() as session:
        found = session.execute(
            select(rows.gemeente_id, rows.what, rows.detail)
            .where(rows.what.startswith("regio"))
            .order_by(rows.number)
        )
        return [tuple(row) for row in found]


def test_a_regio_is_there_once_every_gemeente_agreed(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "wormerland", "Oostzaan")
    assert together(site) == {}
    for name in ("Wormerland", "Oostzaan"):
        assert "Zaanstad vraagt jullie in regio Zaanstreek" in words(
            beheerders[name].get("/beheer")
        )
        assert "Wij doen mee" in words(beheerders[name].get(where))
    assert "vraagt jullie" not in words(beheerders["Zaanstad"].get("/beheer"))
    send(beheerders["Wormerland"], where)
    assert together(site) == {}
    answer = send(beheerders["Oostzaan"], where)
    assert answer.status_code == 303 and answer.location == REGIO
    assert together(site) == {"Zaanstreek": ["Oostzaan", "Wormerland", "Zaanstad"]}
    assert "volgende dilemma" in words(beheerders["Oostzaan"].get(REGIO))
    assert beheerders["Zaanstad"].get(where).status_code == 404


def test_everybody_reads_in_the_trail_what_was_done(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere")
    send(beheerders["Almere"], where)
    here, there = world.zaanstad, world.almere
    assert trail(site) == [
        (here, "regio_proposed", "Zaanstreek"),
        (there, "regio_agreed", "Zaanstreek"),
        (there, "regio_in", "Zaanstreek"),
        (here, "regio_in", "Zaanstreek"),
    ]
    send(beheerders["Almere"], f"{REGIO}/naam", nieuwe_naam="Regio Waterland")
    send(beheerders["Almere"], f"{REGIO}/verlaten")
    assert trail(site)[4:] == [
        (there, "regio_renamed", "Zaanstreek, nu Waterland"),
        (here, "regio_renamed", "Zaanstreek, nu Waterland"),
        (there, "regio_out", "Waterland"),
        (here, "regio_others", "Waterland: Almere eruit"),
    ]
    page = words(beheerders["Zaanstad"].get("/beheer/handelingen"))
    assert "Baas Almere gaf een regio een andere naam: Zaanstreek, nu Waterland" in page
    assert "Baas Almere veranderde wie er in jullie regio zit" in page


def test_another_gemeente_comes_in_when_all_agree(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    for name in ("Zaanstreek", "Waterland"):
        pair = ("Zaanstad", "Almere") if name == "Zaanstreek" else ("Wormerland", "Oostzaan")
        send(beheerders[pair[1]], proposed(beheerders[pair[0]], pair[1], name=name))
    where = proposed(beheerders["Zaanstad"], "Oostzaan")
    page = words(beheerders["Oostzaan"].get(where))
    assert "Jullie gaan dan uit regio Waterland" in page
    send(beheerders["Oostzaan"], where)
    assert together(site)["Zaanstreek"] == ["Almere", "Zaanstad"]
    before = len(trail(site))
    send(beheerders["Almere"], where)
    assert together(site) == {
        "Waterland": ["Wormerland"],
        "Zaanstreek": ["Almere", "Oostzaan", "Zaanstad"],
    }
    assert {row[1:] for row in trail(site)[before:]} == {
        ("regio_agreed", "Zaanstreek"),
        ("regio_in", "Zaanstreek"),
        ("regio_others", "Zaanstreek: Oostzaan erbij"),
        ("regio_others", "Waterland: Oostzaan eruit"),
    }


@pytest.mark.parametrize(
    ("name", "gemeenten", "sentence"),
    [
        ("Zaanstreek", (), "Noem minstens één andere gemeente"),
        ("Zaanstreek", (" ", ""), "Noem minstens één andere gemeente"),
        ("Zaanstreek", ("Zaanstad",), "Noem minstens één andere gemeente"),
        ("Zaanstreek", ("Wormerland", "wormerland"), "Wormerland staat er 2 keer"),
        ("Zaanstreek", ("Atlantis",), "Er is hier geen gemeente Atlantis"),
        ("", ("Wormerland",), "Vul een naam in"),
        ("R" * 81, ("Wormerland",), "Maak de naam korter"),
        ("regio waterland", ("Wormerland",), "Er is al een regio waterland"),
    ],
)
def test_bad_input_is_refused_and_stays_typed(
    site: Site,
    beheerders: dict[str, FlaskClient],
    name: str,
    gemeenten: tuple[str, ...],
    sentence: str,
) -> None:
    with site.state.database.transaction() as session:
        regios.add_regio(session, site.state.row_keys, "Waterland", ["Almere", "Oostzaan"])
    answer = ask_for(beheerders["Zaanstad"], *gemeenten, name=name)
    assert answer.status_code == 422 and sentence in words(answer)
    for typed in gemeenten:
        assert typed.strip() in answer.text
    with site.state.database.reading() as session:
        assert session.execute(select(REGIO_CONSENT)).all() == []


def test_who_is_in_it_already_is_not_asked_again(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))
    answer = ask_for(beheerders["Zaanstad"], "Almere", "Oostzaan")
    assert answer.status_code == 422 and "Almere zit al in regio Zaanstreek" in words(answer)


def test_only_so_many_proposals_wait(site: Site, beheerders: dict[str, FlaskClient]) -> None:
    for number in range(AT_A_TIME):
        where = proposed(beheerders["Zaanstad"], "Almere", name=f"Streek {number}")
    refused = ask_for(beheerders["Zaanstad"], "Almere", name="Nog een")
    assert refused.status_code == 422 and "Trek er eerst een in" in words(refused)
    send(beheerders["Zaanstad"], f"{where}/weg")
    proposed(beheerders["Zaanstad"], "Almere", name="Nog een")


def test_one_no_ends_it_for_all_and_all_read_so(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere", "Oostzaan")
    send(beheerders["Oostzaan"], where)
    send(beheerders["Almere"], f"{where}/weg")
    assert send(beheerders["Oostzaan"], where).status_code == 404
    assert together(site) == {}
    assert [row[1] for row in trail(site)[2:]] == ["regio_declined"] * 3


def test_nobody_else_reads_answers_or_ends_a_proposal(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere")
    outsider, anna = beheerders["Oostzaan"], site.browser(world.anna)
    for browser, status in ((outsider, 404), (anna, 403)):
        assert browser.get(where).status_code == status
        for path in (where, f"{where}/weg"):
            assert send(browser, path).status_code == status
    assert "Regio Zaanstreek" not in words(outsider.get(REGIO))
    assert anna.get(REGIO).status_code == 403
    for path in (f"{REGIO}/verlaten", f"{REGIO}/naam"):
        assert send(outsider, path, nieuwe_naam="Elders").status_code == 404
    assert send(beheerders["Almere"], where).status_code == 303


def test_the_asker_agrees_once_and_for_nobody_else(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere", "Oostzaan")
    for _ in range(3):
        send(beheerders["Zaanstad"], where)
    assert together(site) == {}


def test_an_agreement_that_sql_writes_or_copies_is_none(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    """Whoever writes in the database, and is beheerder of one gemeente, puts nobody else in."""
    where = proposed(beheerders["Zaanstad"], "Almere", "Oostzaan")
    rows = REGIO_CONSENT.c
    with site.state.database.transaction() as session:
        own = select(rows.agreed).where(rows.gemeente_id == world.zaanstad)
        mine = session.execute(own).scalar_one()
        session.execute(update(REGIO_CONSENT).values(agreed=mine))
    send(beheerders["Zaanstad"], where)
    assert together(site) == {}


@pytest.mark.parametrize("change", ["another", "fewer", "name"])
def test_a_proposal_that_sql_changed_has_no_agreement_any_more(
    site: Site, world: World, beheerders: dict[str, FlaskClient], change: str
) -> None:
    """Almere agreed with three; an attacker makes it two, four, or another regio of it."""
    where = proposed(beheerders["Zaanstad"], "Almere", "Oostzaan")
    send(beheerders["Almere"], where)
    rows = REGIO_CONSENT.c
    with site.state.database.transaction() as session:
        oostzaan = rows.gemeente_id == regios.find_gemeente(session, "Oostzaan")[0]
        if change == "fewer":
            session.execute(delete(REGIO_CONSENT).where(oostzaan))
        elif change == "name":
            session.execute(update(REGIO_CONSENT).values(name="Elders"))
        else:
            fourth = session.execute(select(REGIO_CONSENT).where(oostzaan)).one()._asdict()
            fourth["gemeente_id"] = regios.find_gemeente(session, "Wormerland")[0]
            session.execute(insert(REGIO_CONSENT), [fourth])
    for name in ("Zaanstad", "Oostzaan"):
        send(beheerders[name], where)
    assert together(site) == {}
    assert "heeft nog niet gekozen" in words(beheerders["Almere"].get(where))


def test_the_regio_that_grows_is_the_one_that_was_agreed_with(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    """Somebody who never agreed came in meanwhile: the counting of others is not theirs to give."""
    send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))
    where = proposed(beheerders["Zaanstad"], "Oostzaan")
    send(beheerders["Almere"], where)
    with site.state.database.transaction() as session:
        keys = site.state.row_keys
        regio_id, _ = regios.find_regio(session, "Zaanstreek")
        wormerland, _ = regios.find_gemeente(session, "Wormerland")
        regios.put_in_regio(session, keys, wormerland, regio_id)
    answer = send(beheerders["Oostzaan"], where)
    assert answer.status_code == 409 and "intussen andere gemeenten" in words(answer)
    assert "Oostzaan" not in together(site)["Zaanstreek"]


def test_a_name_that_was_given_away_meanwhile_is_said(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere")
    with site.state.database.transaction() as session:
        regios.add_regio(session, site.state.row_keys, "Zaanstreek", ["Oostzaan", "Wormerland"])
    answer = send(beheerders["Almere"], where)
    assert answer.status_code == 409 and "intussen al een regio Zaanstreek" in words(answer)
    assert together(site) == {"Zaanstreek": ["Oostzaan", "Wormerland"]}


def test_a_proposal_is_over_after_its_days(site: Site, world: World) -> None:
    keys, day = site.state.row_keys, site.state.today()
    with site.state.database.transaction() as session:
        made = proposals.propose(session, keys, world.zaanstad, "Zaanstreek", "Almere", day)
        last = day + timedelta(days=LASTS_DAYS - 1)
        assert proposals.proposals_for(session, keys, world.almere, last) == [made]
        late = last + timedelta(days=1)
        assert proposals.proposals_for(session, keys, world.almere, late) == []
        with pytest.raises(NotYours):
            proposals.agree(session, keys, world.almere, made.id, late)
        proposals.propose(session, keys, world.zaanstad, "Elders", "Almere", late)
        kept = session.execute(select(REGIO_CONSENT.c.name).distinct()).scalars().all()
        assert kept == ["Elders"]


def test_leaving_takes_the_own_gemeente_and_the_last_takes_the_regio(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Almere")
    send(beheerders["Almere"], where)
    assert "die overblijft, is dan alleen" in words(beheerders["Almere"].get(f"{REGIO}/verlaten"))
    assert together(site)["Zaanstreek"] == ["Almere", "Zaanstad"], "looking leaves all as it was"
    send(beheerders["Almere"], f"{REGIO}/verlaten")
    assert together(site) == {"Zaanstreek": ["Zaanstad"]}
    send(beheerders["Zaanstad"], f"{REGIO}/verlaten")
    assert together(site) == {}
    assert send(beheerders["Zaanstad"], f"{REGIO}/verlaten").status_code == 404
    send(beheerders["Oostzaan"], proposed(beheerders["Almere"], "Oostzaan"))
    assert together(site) == {"Zaanstreek": ["Almere", "Oostzaan"]}


@pytest.mark.parametrize("leaves", [False, True])
def test_an_open_dilemma_counts_as_it_began(
    site: Site, world: World, beheerders: dict[str, FlaskClient], leaves: bool
) -> None:
    """Half of a gemeente in one total and half in another would tell by subtraction."""
    if leaves:
        send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))

    def pools() -> list[tuple[Any, ...]]:
        with site.state.database.reading() as session:
            rows = open_editions(session, site.state.today())
            return [tuple(row) for row in rows]

    site.tick()
    before = pools()
    assert before
    if leaves:
        send(beheerders["Almere"], f"{REGIO}/verlaten")
    else:
        send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))
    site.tick()
    assert pools() == before


@pytest.mark.parametrize("name", ["", "Waterland", "weg"])
def test_a_name_that_cannot_be_is_refused_at_its_field(
    site: Site, beheerders: dict[str, FlaskClient], name: str
) -> None:
    send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))
    with site.state.database.transaction() as session:
        keys = site.state.row_keys
        regios.add_regio(session, keys, "Waterland", ["Oostzaan", "Wormerland"])
        regios.remove_regio(session, keys, regios.find_regio(session, "Waterland")[0])
        regios.add_regio(session, keys, "Weg", ["Oostzaan", "Wormerland"])
    answer = send(beheerders["Almere"], f"{REGIO}/naam", nieuwe_naam=name)
    assert answer.status_code == 422 and 'href="#nieuwe_naam"' in answer.text
    assert "Zaanstreek" in together(site)


def test_a_large_gemeente_reads_that_it_counts_apart(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    with site.state.database.transaction() as session:
        add_people(session, world.almere, K_POOL)
    send(beheerders["Almere"], proposed(beheerders["Zaanstad"], "Almere"))
    page = words(beheerders["Zaanstad"].get(REGIO))
    assert f"Almere telt apart, vanaf {K_POOL} accounts" in page
    assert "er is geen andere kleine gemeente met accounts" in page


def test_two_who_are_the_last_at_once_make_the_regio(
    site: Site, world: World, beheerders: dict[str, FlaskClient]
) -> None:
    where = proposed(beheerders["Zaanstad"], "Wormerland", "Oostzaan")
    names = ("Wormerland", "Oostzaan")
    threads = [Thread(target=send, args=(beheerders[name], where)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together(site) == {"Zaanstreek": ["Oostzaan", "Wormerland", "Zaanstad"]}


def test_a_gemeente_that_leaves_the_server_ends_its_proposals(site: Site, world: World) -> None:
    keys, day = ROW_KEYS, site.state.today()
    with site.state.database.transaction() as session:
        proposals.propose(session, keys, world.zaanstad, "Zaanstreek", "Almere", day)
        proposals.forget_proposals_with(session, world.almere)
        assert proposals.proposals_for(session, keys, world.zaanstad, day) == []
