"""The Dutch sentences that answer a choice."""

from kopkrakers.reminders.rules import FRIDAY, time_in_words
from kopkrakers.reminders.service import Wish

MAIL_STOPPED = "Je krijgt geen wekelijkse mail."
PUSH_STOPPED = "Je krijgt geen meldingen meer."
NEEDS_SCRIPT = (
    "Je browser gaf niet door waar de melding heen moet. Meldingen hebben JavaScript nodig. "
    "De mail werkt ook zonder."
)
TEAM_STOPPED = "Dit team krijgt geen berichten meer."


def mail_in_words(wish: Wish) -> str:
    """Return when the weekly mail comes."""
    if wish.weekday == FRIDAY:
        weekday = "vrijdag"
    else:
        weekday = "maandag"
    return (
        f"Je krijgt de mail elke {weekday}, om {time_in_words(wish.at)}. De eerste komt na vandaag."
    )


def push_in_words(at: int) -> str:
    """Return when the push message comes."""
    return f"Je krijgt een melding, om {time_in_words(at)}. De eerste komt na vandaag."


def team_in_words(at: int) -> str:
    """Return when a team hears of its dilemma."""
    return (
        f"Het team krijgt het dilemma, om {time_in_words(at)}. Het eerste bericht komt na vandaag."
    )
