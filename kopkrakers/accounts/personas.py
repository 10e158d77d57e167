"""The people whom a visitor of the demo can sign in as with one tap; the demo makes them."""

from dataclasses import dataclass

from kopkrakers.accounts.models import Role

DEMO_DOMAIN = "demo.kopkrakers.example"


@dataclass(frozen=True)
class Persona:
    """Someone in the demo. `team` is None for a person who is in no team."""

    name: str
    role: Role
    gemeente: str
    team: str | None
    line: str

    @property
    def key(self) -> str:
        """Return the name of this persona in the form to sign in."""
        return self.name.lower()

    @property
    def email(self) -> str:
        """Return the address of this persona in the database of the demo."""
        return f"{self.key}@{DEMO_DOMAIN}"


PERSONAS = (
    Persona("Anna", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "in Zaanstad. Begin hier."),
    Persona("Bram", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "collega van Anna in Team Noord"),
    Persona("Chris", Role.KLANTMANAGER, "Almere", "Team Poort", "bij een andere gemeente: Almere"),
    Persona(
        "Gerda", Role.BEGELEIDER, "Zaanstad", "Team Noord", "leidt de intervisie van Team Noord"
    ),
    Persona(
        "Hind",
        Role.KLANTMANAGER,
        "Wormerland",
        "Team Werk",
        "in een team van zes. Wormerland telt mee in regio Zaanstreek",
    ),
    Persona(
        "Lies",
        Role.LEIDINGGEVENDE,
        "Zaanstad",
        None,
        "geeft leiding, en antwoordt van die stoel",
    ),
    Persona("Dewi", Role.ONDERZOEKER, "Zaanstad", None, "kijkt naar wat geteld is, stemt niet"),
    Persona("Farid", Role.BEHEERDER, "Zaanstad", None, "maakt teams en nodigt mensen uit"),
    Persona("Esra", Role.REDACTEUR, "Zaanstad", None, "maakt kaarten van wat mensen insturen"),
    Persona("Guus", Role.REDACTEUR, "Almere", None, "leest kaarten van Esra na en publiceert ze"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}


def first_of(role: Role) -> Persona:
    """Return the first persona with a role."""
    return next(persona for persona in PERSONAS if persona.role == role)
