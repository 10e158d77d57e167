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
    Persona("Anna", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "Zaanstad: doet het dilemma van vandaag"),
    Persona("Bram", Role.KLANTMANAGER, "Zaanstad", "Team Noord", "Zaanstad: zit in hetzelfde team als Anna"),
    Persona("Chris", Role.KLANTMANAGER, "Almere", "Team Poort", "Almere: werkt bij een andere gemeente"),
    Persona("Gerda", Role.BEGELEIDER, "Zaanstad", "Team Noord", "Zaanstad: leidt de intervisie van Team Noord"),
    Persona("Dewi", Role.ONDERZOEKER, "Zaanstad", None, "stemt niet mee, kijkt naar wat geteld is"),
    Persona("Farid", Role.BEHEERDER, "Zaanstad", None, "Zaanstad: maakt teams en nodigt mensen uit"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}
