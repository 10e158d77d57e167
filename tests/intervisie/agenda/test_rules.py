"""What a wish leaves behind, and when an agenda is shown."""

from itertools import pairwise

import pytest
from sqlmodel import select

from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.agenda.models import AgendaWish
from kopkrakers.intervisie.agenda.rules import agenda_is_shown, wish_pseudonym
from kopkrakers.intervisie.agenda.service import add_wish
from kopkrakers.privacy.release import release_wishes
from kopkrakers.privacy.rules import AGENDA_MINIMUM, AGENDA_STEPS
from tests.support.pages import Site
from tests.support.world import World


def test_a_pseudonym_differs_per_person_team_dilemma_and_secret() -> None:
    pseudonyms = {
        wish_pseudonym(key, team, dilemma, user)
        for key in (b"een", b"twee")
        for team in (1, 12)
        for dilemma in ("a", "b")
        for user in (1, 21)
    }
    assert len(pseudonyms) == 16


def test_a_number_is_at_least_three_others() -> None:
    told = [release_wishes(n, 40).n for n in (0, 1, 3, 4, 5, 6, 10, 11, 40)]
    assert told == [None, None, None, 3, 3, 5, 5, 10, 20]


@pytest.mark.parametrize("members", range(1, 31))
def test_neither_a_reader_nor_who_adds_a_wish_learns_of_fewer_than_three(members: int) -> None:
    """Whatever the own wish: what is told fits several sets of three or more colleagues."""
    for n in range(members + 1):
        told = release_wishes(n, members).n
        for own in {min(n, 1), 0 if n < members else 1}:
            others = n - own
            if told is not None:
                assert AGENDA_MINIMUM <= told <= others
                assert told < members - 1, "not all others, so it can be each of them, or not"
            before = release_wishes(n - 1, members).n if n else None
            if own and told != before:
                assert others >= AGENDA_MINIMUM


def test_most_wishes_change_nothing_that_can_be_watched() -> None:
    told = [release_wishes(n, 40).n for n in range(41)]
    assert sum(one != other for one, other in pairwise(told)) == len(AGENDA_STEPS)


def test_an_agenda_is_shown_from_three_members() -> None:
    assert [agenda_is_shown(members) for members in (1, 2, 3)] == [False, False, True]


def test_a_new_secret_does_not_let_someone_wish_twice(site: Site, world: World) -> None:
    for keys in (Keys(b"oud"), Keys(b"nieuw", (b"oud",))):
        with site.state.database.transaction() as session:
            add_wish(
                session,
                site.state.library,
                user_id=world.anna.id,
                team_id=world.team_noord,
                dilemma=site.slug,
                keys=keys,
            )
    with site.state.database.reading() as session:
        marks = [wish.mark for wish in session.exec(select(AgendaWish))]
    assert marks == [wish_pseudonym(b"nieuw", world.team_noord, site.slug, world.anna.id)]
