"""The mails of accounts: short Dutch texts with one link, each as its subject and its text."""

from kopkrakers.base.config import Settings

NOT_YOU = "Heb je hier niet om gevraagd? Dan hoef je niets te doen."


def link_to(settings: Settings, token: str) -> str:
    """Return the address of an invitation, also where there is no request."""
    return f"{settings.base_url}/uitnodiging/{token}"


def team_link_to(settings: Settings, token: str) -> str:
    """Return the address of a team link."""
    return f"{settings.base_url}/t/{token}"


def personal(name: str, gemeente: str, link: str) -> tuple[str, str]:
    """Return the mail of an invitation by the beheerder."""
    return (
        "Je uitnodiging voor Kopkrakers",
        f"Dag {name},\n\n"
        f"Je bent uitgenodigd voor Kopkrakers van {gemeente}: "
        "elke werkdag een kort dilemma uit de praktijk.\n"
        f"Niemand ziet wat jij kiest.\n\n"
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
