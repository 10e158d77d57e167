"""Questions before what cannot be undone, so that a slip of the hand wipes nothing."""

from collections.abc import Mapping

from sqlmodel import Session

from kopkrakers.base.errors import TooLate
from kopkrakers.intervisie.session.group.takeover import may_have_voted
from kopkrakers.intervisie.session.planning import other_begeleiders
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import NOT_OVER, heads_of, led_by, rounds_of, votes_in
from kopkrakers.intervisie.session.verdicts import price_of_closing
from kopkrakers.intervisie.werkvormen.reading import TABLE, has_own_roster

SURE = ("zeker", "ja")
VOTES_ALONG = (
    "Stem jij zelf ook mee, op een telefoon? Jij kent je eigen stem. Daarom komen er dan pas "
    "cijfers vanaf zes stemmen, of zeven als jullie met zijn tweeën leiden."
)
SECOND_VOTED = (
    "Stemde {name} in deze sessie mee op een telefoon, of gaat dat gebeuren? Wie begeleidt, kent "
    "de eigen stem. Daarom komen er dan pas cijfers vanaf zeven stemmen."
)
NOT_REVEALED = (
    "Er is gestemd, en de uitslag is nog niet onthuld. Rond je nu af, dan komt hij niet in het "
    "verslag."
)


class Unsure(TooLate):
    """Nothing was done yet: the begeleider first answers this question.

    `answers`: the label of each answer that goes on, with the field that it adds.
    """

    def __init__(self, sentence: str, answers: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(sentence)
        self.answers = answers


def ask_before_opening(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Ask before the first vote opens whether the begeleider votes along unseen.

    Raises: Unsure when that was not asked yet.
    """
    live_session = led_by(session, code, user_id)
    is_asked = live_session.begeleider_votes is not None or live_session.rehearsal
    # the counter knows a begeleider's phone when they sign in on it, and no other
    if has_own_roster(number) and not is_asked:
        answers = {
            "Nee, ik stem niet mee": ("meestemmen", "nee"),
            "Ja, ik stem mee": ("meestemmen", "ja"),
        }
        raise Unsure(VOTES_ALONG, answers)


def ask_before_sharing(session: Session, *, code: str, user_id: int, second_id: int | None) -> None:
    """Ask in the middle of a session whether the new second begeleider voted along unseen.

    Before the first vote opens that is asked anyway.
    Raises: Unsure when their vote may be in the box.
    """
    live_session = led_by(session, code, user_id)
    is_over = live_session.state not in NOT_OVER
    if is_over or second_id == live_session.second_id or not may_have_voted(live_session):
        return
    # of somebody else's team not even the name is told
    others = dict(other_begeleiders(session, user_id=user_id, team_id=live_session.team_id))
    if second_id in others:
        answers = {
            "Nee, stemde niet mee": ("meestemmen", "nee"),
            "Ja, stemt mee": ("meestemmen", "ja"),
        }
        raise Unsure(SECOND_VOTED.format(name=others[second_id] or "je collega"), answers)


def ask_before_closing(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Ask before a vote is closed that not everybody took part in, and name the price.

    Raises: Unsure when a phone that takes part did not vote.
    """
    live_session = led_by(session, code, user_id)
    rounds = rounds_of(session, live_session.id)
    round_ = rounds.get(number)
    if live_session.rehearsal or round_ is None or round_.state != RoundState.OPEN:
        return
    heads = heads_of(session, live_session.id)
    cast = votes_in(session, live_session.id)
    price = price_of_closing(number, votes=cast, heads=heads, numbers=rounds)
    if price is not None:
        raise Unsure(price, {"Ja, sluit toch": SURE})


def ask_before_end(session: Session, *, code: str, user_id: int) -> None:
    """Ask before votes go that nobody saw the result of.

    Raises: Unsure when someone voted and that vote was not revealed.
    """
    live_session = led_by(session, code, user_id)
    cast = votes_in(session, live_session.id)
    was_cast = False
    for round_ in rounds_of(session, live_session.id).values():
        if round_.number == TABLE or round_.state == RoundState.REVEALED:
            continue
        # the envelopes of a stelling are gone once it was counted
        has_result = round_.verdict not in (Verdict.NONE, Verdict.FEW)
        if has_result or cast.get(round_.number):
            was_cast = True
    if was_cast and not live_session.rehearsal:
        raise Unsure(NOT_REVEALED, {"Ja, rond toch af": SURE})
