"""Who leaves takes waiting envelopes along; who comes back finds used turns used."""

import pytest
from flask import Flask
from sqlmodel import select

from kopkrakers.accounts import invitations
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.rules import address_pseudonym
from kopkrakers.ballots.models import Envelope
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, derive
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site
from tests.support.signing_in import PASSWORD, fill_in, set_user
from tests.support.world import ROW_KEYS, World

KEYS = (derive(b"s" * 40, Use.ADDRESSES),)


@pytest.fixture
def site(app: Flask, world: World, database: Database) -> Site:
    """Today's dilemma, answered by anna."""
    set_user(database, world.anna.id, address_hmac=address_pseudonym("anna@voorbeeld.nl", KEYS[0]))
    site = open_site(app)
    assert give(site, site.browser(world.anna)).status_code == 303
    return site


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Envelope)).all())


def test_leaving_destroys_the_waiting_envelopes(
    site: Site, world: World, database: Database
) -> None:
    assert envelopes(database) == 1
    fill_in(site.browser(world.anna), "/account/verwijderen")
    assert envelopes(database) == 0


def test_being_removed_destroys_the_waiting_envelopes(
    site: Site, world: World, database: Database
) -> None:
    fill_in(site.browser(world.farid), f"/beheer/mensen/{world.anna.id}/verwijderen")
    assert envelopes(database) == 0


def test_being_blocked_leaves_the_waiting_envelopes(
    site: Site, world: World, database: Database
) -> None:
    page = f"/beheer/mensen/{world.anna.id}"
    fill_in(site.browser(world.farid), page, f"{page}/stilzetten")
    assert envelopes(database) == 1


def test_who_comes_back_cannot_answer_a_second_time(
    site: Site, world: World, database: Database, clock: StoppedClock
) -> None:
    fill_in(site.browser(world.anna), "/account/verwijderen")
    invitee = Invitee(
        "Anna", "anna@voorbeeld.nl", frozenset({Role.KLANTMANAGER}), world.team_almere, mailed=False
    )
    with database.transaction() as session:
        link = "/uitnodiging/" + invitations.invite(
            session, world.almere, invitee, now=clock(), keys=KEYS, row_keys=ROW_KEYS
        )
    back = site.app.test_client()
    assert fill_in(back, link, naam="Anna", wachtwoord=PASSWORD).status_code == 303
    assert give(site, back).status_code == 409
    assert envelopes(database) == 0
