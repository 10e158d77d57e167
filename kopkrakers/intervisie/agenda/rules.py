"""The pseudonym of a wish, and when an agenda is shown. No database."""

import hmac
from hashlib import sha256

from kopkrakers.privacy.rules import AGENDA_MINIMUM


# D-10
def wish_pseudonym(key: bytes, team_id: int, dilemma: str, user_id: int) -> str:
    """Return what stays of a wish: whether the same colleague wishes again, never who it was."""
    # the team and the dilemma are in it: else the wishes of one person would be alike everywhere
    text = f"kopkrakers agenda\0{team_id}\0{dilemma}\0{user_id}"
    return hmac.new(key, text.encode(), sha256).hexdigest()


# D-17
def agenda_is_shown(members: int) -> bool:
    """Whether a team sees its agenda: in a team of two, a dilemma on it would name the other."""
    return members >= AGENDA_MINIMUM
