"""What a wish leaves behind, and when an agenda is shown."""

from sqlmodel import select

from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.agenda.models import AgendaWish
from kopkrakers.intervisie.agenda.rules import agenda_is_shown, wish_pseudonym
from kopkrakers.intervisie.agenda.service import add_wish
from kopkrakers.privacy.release import release_wishes
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


def test_a_number_is_released_from_three() -> None:
    assert [release_wishes(n).n for n in (0, 1, 2, 3, 40)] == [None, None, None, 3, 40]


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
