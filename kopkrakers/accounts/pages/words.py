"""The Dutch words for roles, for pages."""

from kopkrakers.accounts.models import Role

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
