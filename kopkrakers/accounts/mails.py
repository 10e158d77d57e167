"""The mails of accounts: short Dutch texts with one link, each as its subject and its text."""

from collections.abc import Collection

from kopkrakers.accounts.models import VOTING_ROLES, Role
from kopkrakers.base.config import Settings

NOT_YOU = "Heb je hier niet om gevraagd? Dan hoef je niets te doen."
FOR_WHO_VOTES = "Elke werkdag een kort dilemma uit de praktijk. Niemand ziet wat jij kiest."
FOR_WHO_WORKS = {
    Role.BEGELEIDER: "Als begeleider leid je de intervisie van je team.",
    Role.BEHEERDER: "Als beheerder maak je teams en nodig je mensen uit.",
    Role.REDACTEUR: "Als redacteur schrijf en controleer je dilemma’s.",
    Role.ONDERZOEKER: "Als onderzoeker kijk je naar wat geteld is. Je kiest niet mee.",
}


def what_awaits(roles: Collection[str]) -> str:
    """Return what these roles do here, in sentences. Who never votes is promised no dilemma."""
    sentences = []
    if not VOTING_ROLES.isdisjoint(roles):
        sentences.append(FOR_WHO_VOTES)
    for role, sentence in FOR_WHO_WORKS.items():
        if role in roles:
            sentences.append(sentence)
    return " ".join(sentences)


def link_to(settings: Settings, token: str) -> str:
    """Return the address of an invitation, also where there is no request."""
    return f"{settings.base_url}/uitnodiging/{token}"


def team_link_to(settings: Settings, token: str) -> str:
    """Return the address of a team link."""
    return f"{settings.base_url}/t/{token}"


def personal(name: str, gemeente: str, roles: Collection[str], link: str) -> tuple[str, str]:
    """Return the mail of an invitation by the beheerder."""
    return (
        "Je uitnodiging voor Kopkrakers",
        f"Dag {name},\n\n"
        f"Je bent uitgenodigd voor Kopkrakers van {gemeente}. {what_awaits(roles)}\n\n"
        f"Maak hier je account:\n{link}\n\n"
        "De link werkt 14 dagen en één keer. Hij is alleen voor jou: stuur hem niet door.\n",
    )


def address(team: str, gemeente: str, link: str) -> tuple[str, str]:
    """Return the mail for a person who came by a team link."""
    return (
        f"Kom bij {team} in Kopkrakers",
        f"Dag,\n\nMet deze link kom je bij {team} van {gemeente} in Kopkrakers:\n{link}\n\n"
        f"De link werkt 24 uur en één keer. {NOT_YOU}\n",
    )


def reset(link: str) -> tuple[str, str]:
    """Return the mail with a link for a new password."""
    return (
        "Een nieuw wachtwoord voor Kopkrakers",
        f"Dag,\n\nKies hier een nieuw wachtwoord:\n{link}\n\n"
        "De link werkt 24 uur en één keer. "
        f"Je oude wachtwoord werkt tot je een nieuw hebt gekozen. {NOT_YOU}\n",
    )
