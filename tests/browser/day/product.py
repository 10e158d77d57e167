"""A site with every card of the product, each of which can be that of today."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import asset_folder
from kopkrakers.base.keys import Use
from kopkrakers.catalogue.editions.editions import last_editions, open_first_edition
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.intervisie.agenda.service import add_wish
from tests.browser.parts.live_site import TODAY, LiveSite, live_site
from tests.support.polling import give_pools


@contextmanager
def site_of_product(folder: Path, database_url: str) -> Iterator[LiveSite]:
    """A site with every card of the product; none of those is open yet."""
    with live_site(folder, database_url, mail=True) as site:
        shutil.copytree(asset_folder("dilemmas"), folder / "dilemmas", dirs_exist_ok=True)
        site.site(TODAY).state.library._reread_at = 0.0
        yield site


def let_open(live: LiveSite, dilemmas: Iterable[str]) -> None:
    """Open dilemmas today, also out of their season, with figures. None becomes that of today."""
    state = live.site(TODAY).state
    today = live.clock.moment.date()
    with live.database.transaction() as session:
        # a card of leidinggevenden may be that of the week, and then it is open already
        still_closed = set(dilemmas) - set(last_editions(session))
        for dilemma in sorted(still_closed):
            card = state.library.card(dilemma)
            assert card is not None
            open_first_edition(session, card, today)
        give_pools(session, mac_keys(state.settings), today)
    live.site(TODAY).tick()
    for dilemma in dilemmas:
        site = live.site(dilemma)
        site.add_figures(str(live.world.zaanstad), sign=False)
        site.add_reasons(w=(900, 200, 100, 50), b=(300, 900, 100, 50), sign=False)
    live.site(TODAY).sign_figures()


def make_todays(live: LiveSite, dilemma: str, colleagues: list[Visitor]) -> None:
    """Make an open dilemma that of today, which these colleagues want to talk about."""
    state = live.site(dilemma).state
    team, keys = live.world.team_noord, state.keys(Use.WISHES)
    with live.database.transaction() as session:
        session.merge(CalendarDay(day=live.clock.moment.date(), dilemma=dilemma))
        for one in colleagues:
            add_wish(
                session, state.library, user_id=one.id, team_id=team, dilemma=dilemma, keys=keys
            )


def put_in_box(live: LiveSite, person: Visitor, dilemma: str) -> None:
    """Answer without a browser."""
    state = live.site(dilemma).state
    with live.database.transaction() as session:
        cast_answer(
            session,
            Vote(
                voter=Voter(person.id, state.turn_keys),
                gemeente_id=person.gemeente_id,
                dilemma=dilemma,
                edition=1,
                answer=Answer("b", "w"),
            ),
            today=state.today(),
            mac_keys=mac_keys(state.settings),
        )
