"""Beheerders hear by mail of a proposal for a regio, from a real mail server. It names nobody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.people import block
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox, text_of, with_mail
from tests.support.pages import Site, send, words
from tests.support.world import ROW_KEYS, World, add_gemeente, add_person

REGIO = "/beheer/regio"
NAMES = ("Zaanstad", "Almere", "Oostzaan")


@pytest.fixture
def app(mail_settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(mail_settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def beheerders(site: Site, world: World) -> dict[str, FlaskClient]:
    """A browser of one beheerder of each of three gemeenten; Oostzaan has a second, who is out."""
    with site.state.database.transaction() as session:
        oostzaan = add_gemeente(session, "Oostzaan")
        almere = add_person(session, "Ada", world.almere, None, Role.BEHEERDER)
        there = add_person(session, "Olga", oostzaan, None, Role.BEHEERDER)
        gone = add_person(session, "Weg", oostzaan, None, Role.BEHEERDER)
    with site.state.database.transaction() as session:
        block(session, oostzaan, gone.id, by=there.id, keys=ROW_KEYS)
    people = (world.farid, almere, there)
    return {name: site.browser(person) for name, person in zip(NAMES, people, strict=True)}


def propose(browser: FlaskClient, *gemeenten: str) -> str:
    """Propose a regio under a name with a trap in it; gives the page of the proposal."""
    name = "Kijk op kwaad.example"
    answer = send(browser, REGIO, naam=name, gemeenten="\r\n".join(gemeenten))
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def arrived(mailbox: Mailbox) -> dict[str, str]:
    """The subject and text of each mail that is there, by its address."""
    found = {}
    while not mailbox.is_empty():
        (to,), mail = mailbox.arrived()
        found[to] = f"{mail['Subject']}\n{text_of(mail)}"
    return found


def test_who_is_asked_hears_it_by_mail_with_the_page_to_choose_on(
    site: Site, beheerders: dict[str, FlaskClient], mailbox: Mailbox
) -> None:
    where = propose(beheerders["Zaanstad"], "Almere", "Oostzaan")
    mails = arrived(mailbox)
    assert set(mails) == {"ada@voorbeeld.nl", "olga@voorbeeld.nl"}
    for text in mails.values():
        assert f"http://localhost:8000{where}" in text
        assert {f"- {name}" for name in NAMES} <= set(text.splitlines())
        assert "Zaanstad vraagt jullie" in text
    assert "Wij doen mee" in words(beheerders["Almere"].get(where))


def test_a_mail_says_nothing_that_somebody_typed_and_names_nobody(
    site: Site, beheerders: dict[str, FlaskClient], mailbox: Mailbox
) -> None:
    """Else a beheerder writes to people of other gemeenten under the name of this server."""
    where = propose(beheerders["Zaanstad"], "Almere")
    texts = [*arrived(mailbox).values()]
    send(beheerders["Almere"], where)
    texts += arrived(mailbox).values()
    growing = propose(beheerders["Zaanstad"], "Oostzaan")
    texts += arrived(mailbox).values()
    send(beheerders["Almere"], f"{growing}/weg")
    texts += arrived(mailbox).values()
    assert len(texts) == 6
    for text in texts:
        assert not any(word in text for word in ("kwaad", "Ada", "Olga", "Farid", "@"))


def test_everybody_else_hears_that_the_regio_is_there(
    site: Site, beheerders: dict[str, FlaskClient], mailbox: Mailbox
) -> None:
    where = propose(beheerders["Zaanstad"], "Almere", "Oostzaan")
    arrived(mailbox)
    send(beheerders["Almere"], where)
    assert arrived(mailbox) == {}
    send(beheerders["Oostzaan"], where)
    mails = arrived(mailbox)
    assert set(mails) == {"farid@voorbeeld.nl", "ada@voorbeeld.nl"}
    assert all("Elke gemeente zei ja" in text for text in mails.values())


@pytest.mark.parametrize(
    ("by", "said"),
    [("Almere", "Almere doet niet mee."), ("Zaanstad", "Zaanstad trok het voorstel in.")],
)
def test_everybody_else_hears_that_it_is_over(
    site: Site, beheerders: dict[str, FlaskClient], mailbox: Mailbox, by: str, said: str
) -> None:
    where = propose(beheerders["Zaanstad"], "Almere", "Oostzaan")
    arrived(mailbox)
    send(beheerders[by], f"{where}/weg")
    mails = arrived(mailbox)
    assert len(mails) == 2
    assert all(said in text for text in mails.values())


def test_a_proposal_stands_also_when_no_mail_can_leave(
    site: Site, beheerders: dict[str, FlaskClient], mailbox: Mailbox
) -> None:
    away = replace(site.state, settings=with_mail(site.state.settings, 9))
    site.app.extensions["kopkrakers"] = away
    where = propose(beheerders["Zaanstad"], "Almere")
    page = words(beheerders["Zaanstad"].get(where))
    assert "Het voorstel staat klaar" in page
    assert "laat het de andere beheerders zelf weten" in page
    assert "Zaanstad vraagt jullie" in words(beheerders["Almere"].get("/beheer"))
    assert mailbox.is_empty()


def test_who_proposes_reads_that_a_gemeente_has_nobody_to_agree(
    site: Site, beheerders: dict[str, FlaskClient]
) -> None:
    with site.state.database.transaction() as session:
        add_gemeente(session, "Wormerland")
    where = propose(beheerders["Zaanstad"], "Wormerland", "Almere")
    page = words(beheerders["Zaanstad"].get(where))
    assert "Wormerland heeft nog geen beheerder die kan kiezen" in page
    assert "Almere heeft nog niet gekozen" in page
