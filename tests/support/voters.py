"""People as the tables of answers know them."""

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Use, keys_for


def voter_of(settings: Settings, user_id: int) -> Voter:
    """Return a person with the keys of this installation."""
    return Voter(user_id, keys_for(Use.TURNS, settings))
