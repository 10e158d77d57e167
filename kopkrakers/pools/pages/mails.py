"""Mails to beheerders about a proposal for a regio. They name gemeenten, nobody, and nothing typed.

The name of a regio is free text of somebody else's beheerder, so it is read at Beheer alone.
"""

from functools import partial

from flask import url_for

from kopkrakers.accounts.service import beheerders_of
from kopkrakers.base.errors import NotNow
from kopkrakers.base.mail import compose, send_each
from kopkrakers.pools import regios
from kopkrakers.pools.proposals import LASTS_DAYS, Proposal
from kopkrakers.web.state import state

Mail = tuple[str, str]
"""The subject and the text of a mail."""
WHY = "Je krijgt deze mail omdat je beheerder bent van een van deze gemeenten."


# D-113
def asked(proposal: Proposal) -> Mail:
    """Return the mail that asks the other gemeenten to agree."""
    return _mail(
        "Samen tellen in Kopkrakers: een vraag aan jullie gemeente",
        f"{proposal.asker} vraagt jullie om met elkaar één regio te zijn:",
        proposal,
        "Zegt elke gemeente ja, dan krijgen de kleine samen één uitslag. Lees eerst wat dat "
        f"betekent en kies dan:\n{_link(proposal)}\n\nKiezen kan {LASTS_DAYS} dagen.",
    )


def agreed(proposal: Proposal) -> Mail:
    """Return the mail that says that the regio is there."""
    return _mail(
        "Samen tellen in Kopkrakers: de regio is er",
        "Elke gemeente zei ja. Deze gemeenten zijn nu samen een regio:",
        proposal,
        f"{regios.FROM_THE_NEXT} Hoe dat zit, staat bij Beheer:\n{_link()}",
    )


def ended(proposal: Proposal, by: int) -> Mail:
    """Return the mail that says that the proposal is over. `by`: the gemeente that ended it."""
    said = "doet niet mee"
    if by == proposal.asked_by:
        said = "trok het voorstel in"
    return _mail(
        "Samen tellen in Kopkrakers: het voorstel is weg",
        f"{proposal.party(by).name} {said}. Het ging om deze gemeenten:",
        proposal,
        f"Er verandert niets. Een nieuw voorstel kan altijd:\n{_link()}",
    )


def send_to_others(proposal: Proposal, gemeente_id: int, mail: Mail) -> bool:
    """Mail the beheerders of a proposal but those of one gemeente. Return whether all mails left.

    True as well where there is no mail: nobody was promised one.
    """
    settings = state().settings
    if not settings.sends_mail:
        return True
    others = set(proposal.gemeente_ids) - {gemeente_id}
    with state().database.reading() as session:
        addresses = [address for _, address in beheerders_of(session, others)]
    try:
        return not send_each(
            settings, [partial(compose, settings, one, *mail) for one in addresses]
        )
    except NotNow:
        return False


def _mail(subject: str, before: str, proposal: Proposal, after: str) -> Mail:
    listed = "\n".join(f"- {party.name}" for party in proposal.parties)
    return subject, f"Dag,\n\n{before}\n{listed}\n\n{after}\n\n{WHY}\n"


def _link(proposal: Proposal | None = None) -> str:
    path = url_for("pools.regio")
    if proposal is not None:
        path = url_for("pools.proposal", proposal_id=proposal.id)
    return f"{state().settings.base_url}{path}"
