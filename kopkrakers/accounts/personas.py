"""The people a visitor of the demo can be with one tap. The demo's builder makes them; sign-in finds them."""

from dataclasses import dataclass

from kopkrakers.accounts.models import Role

DEMO_DOMAIN = "demo.kopkrakers.example"


@dataclass(frozen=True)
class Persona:
    """Someone in the demo. `team` is None for who is in no team."""

    name: str
    role: Role
    gemeente: str
    team: str | None
    line: str

    @property
    def key(self) -> str:
        """How the sign-in form names this persona."""
        return self.name.lower()

    @property
    def email(self) -> str:
        """The address under which the demo database knows this persona."""
        return f"{self.key}@{DEMO_DOMAIN}"


PERSONAS = (
    Persona("Anna", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "in Zaanstad. Begin hier."),
    Persona("Bram", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "collega van Anna in Team Noord"),
    Persona("Chris", Role.KLANTMANAGER, "Almere", "Team Poort", "bij een andere gemeente: Almere"),
    Persona(
        "Gerda", Role.BEGELEIDER, "Zaanstad", "Team Noord", "leidt de intervisie van Team Noord"
    ),
    Persona("Dewi", Role.ONDERZOEKER, "Zaanstad", None, "kijkt naar wat geteld is, stemt niet"),
    Persona("Farid", Role.BEHEERDER, "Zaanstad", None, "maakt teams en nodigt mensen uit"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}
