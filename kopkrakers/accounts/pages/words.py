"""The Dutch words for roles, rhythms and what is done in beheer, for pages."""

from kopkrakers.accounts.models import Rhythm, Role
from kopkrakers.accounts.trail.models import Deed

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
DEEDS = {
    Deed.INVITED: "nodigde iemand uit",
    Deed.WITHDRAWN: "trok een uitnodiging in",
    Deed.TEAMS: "veranderde de teams van",
    Deed.ROLES: "veranderde de rollen van",
    Deed.BLOCKED: "zette het account stil van",
    Deed.UNBLOCKED: "zette het account weer aan van",
    Deed.PASSWORD: "maakte een nieuw wachtwoord mogelijk voor",
    Deed.SECOND_STEP: "haalde de tweede stap weg van",
    Deed.SECOND_STEP_ROLES: "veranderde van wie we een tweede stap vragen",
    Deed.REMOVED: "verwijderde het account van",
    Deed.TEAM_MADE: "maakte een team",
    Deed.TEAM_RENAMED: "gaf een team een andere naam",
    Deed.LINK_MADE: "maakte een teamlink",
    Deed.LINK_REVOKED: "trok een teamlink in",
    Deed.RHYTHM: "veranderde het ritme van een team",
    Deed.CHANNEL_SET: "stelde een kanaal in voor een team",
    Deed.CHANNEL_REMOVED: "haalde het kanaal van een team weg",
    Deed.IMPORTED: "nodigde mensen uit met een bestand",
    Deed.GEMEENTE_MADE: "voegde de gemeente toe",
    Deed.GEMEENTE_RENAMED: "gaf de gemeente een andere naam",
    Deed.PLACES: "veranderde hoeveel accounts de gemeente mag hebben",
    Deed.PROVIDER_SET: "stelde in waar mensen met hun werkaccount inloggen",
    Deed.PROVIDER_REMOVED: "zette inloggen met het werkaccount uit",
    Deed.PASSWORDS: "veranderde of mensen met een wachtwoord inloggen",
    Deed.GEMEENTE_LEFT: "verwijderde de gemeente",
    Deed.REGIO_IN: "zette de gemeente in een regio",
    Deed.REGIO_OUT: "haalde de gemeente uit haar regio",
    Deed.REGIO_RENAMED: "gaf een regio een andere naam",
    Deed.REGIO_OTHERS: "veranderde wie er in jullie regio zit",
    Deed.REGIO_PROPOSED: "stelde een regio voor",
    Deed.REGIO_AGREED: "zei ja op een voorstel voor een regio",
    Deed.REGIO_DECLINED: "trok een voorstel voor een regio in",
    Deed.TERMS: "beloofde als onderzoeker niemand te herleiden",
    Deed.KEY_MADE: "maakte een sleutel om onderzoekscijfers op te halen",
    Deed.KEY_REVOKED: "trok een sleutel voor onderzoekscijfers in",
    Deed.RELEASE_MADE: "maakte een uitgave voor onderzoek",
    Deed.RESTORED: "zette een back-up terug",
    Deed.DESK_TAKEN: "pakte een ingezonden verhaal op",
    Deed.DESK_REPLIED: "antwoordde een inzender",
    Deed.DESK_DECLINED: "plaatste een ingezonden verhaal niet",
    Deed.DESK_ASKED: "vroeg een tweede lezer",
    Deed.DESK_PUBLISHED: "publiceerde",
    Deed.DESK_SENT_BACK: "stuurde een kaart terug",
    Deed.DESK_WITHDRAWN: "trok een kaart in",
    Deed.DESK_PLANNED: "veranderde de kalender",
    Deed.DESK_TOOK_OVER: "nam een kaart over uit een bestand",
}
"""Deeds in words, as they stand after a name; the person or the team comes after them."""
