"""The Dutch words for roles and rhythms, for pages."""

from kopkrakers.accounts.models import Rhythm, Role

ROLE_NAMES = {
    Role.KLANTMANAGER: "klantmanager",
    Role.LEIDINGGEVENDE: "leidinggevende",
    Role.BEGELEIDER: "begeleider",
    Role.ONDERZOEKER: "onderzoeker",
    Role.REDACTEUR: "redacteur",
    Role.BEHEERDER: "beheerder",
}
ROLE_HINTS = {
    Role.KLANTMANAGER: "Beantwoordt de dilemma’s.",
    Role.LEIDINGGEVENDE: "Beantwoordt de dilemma’s ook. Ziet niets van anderen.",
    Role.BEGELEIDER: "Beantwoordt de dilemma’s en leidt de intervisie van het team.",
    Role.ONDERZOEKER: "Kijkt naar wat geteld is en kiest niet mee.",
    Role.REDACTEUR: "Schrijft en controleert dilemma’s.",
    Role.BEHEERDER: "Maakt teams en nodigt mensen uit. Ziet geen keuzes en niet wie meedoet.",
}
RHYTHMS = {
    Rhythm.DAILY: "elke werkdag een dilemma",
    Rhythm.THREE: "drie dilemma’s per week",
    Rhythm.WEEKLY: "één dilemma per week",
}
RHYTHM_CHOICES = (
    (Rhythm.DAILY, "Elke werkdag een dilemma"),
    (Rhythm.THREE, "Drie per week: maandag, woensdag en vrijdag"),
    (Rhythm.WEEKLY, "Eén per week: dat van maandag blijft staan"),
)
