"""What pages say when there are no figures, and what a phone says is going on. B1, the same whatever was chosen."""

from kopkrakers.intervisie.pages.views import PhonePage
from kopkrakers.intervisie.session.states import Verdict
from kopkrakers.privacy.rules import K_ROOM

SENTENCES = {
    Verdict.FEW: f"Er stemden minder dan {K_ROOM} mensen. Dan tonen we nooit cijfers.",
    Verdict.ALIKE: "Jullie zitten bijna op één lijn. Daarom tonen we geen cijfers.",
    Verdict.OTHERS: "Nu stemden niet dezelfde mensen als de eerste keer. Daarom tonen we geen tweede stand.",
    Verdict.WITHHELD: "De eerste keer waren er geen cijfers. Daarom tonen we er nu ook geen.",
}
"""What is said instead of totals."""
WAYS_ON = {
    Verdict.FEW: "Vraag: wie wil vertellen wat de doorslag gaf? Niemand hoeft.",
    Verdict.ALIKE: "Vraag: wie verdedigt de andere kant?",
    Verdict.OTHERS: "Vraag: welk argument bleef bij je hangen?",
    Verdict.WITHHELD: "Vraag: welk argument bleef bij je hangen?",
}
"""What the begeleider can do then."""
ON_PHONE = {
    PhonePage.JOIN: "Doe mee met je telefoon. Je hebt geen account nodig.",
    PhonePage.LOBBY: "Je bent binnen. Wacht op de begeleider.",
    PhonePage.STEP: "Kijk op het scherm. Je telefoon heb je nu niet nodig.",
    PhonePage.VOTE: "De stemming is open. Kies zelf, zonder te overleggen.",
    PhonePage.VOTED: "Je stem is binnen. Wacht tot iedereen klaar is.",
    PhonePage.CLOSED: "De stemming is dicht. De cijfers komen later.",
    PhonePage.RESULT: "Dit kozen jullie.",
    PhonePage.ENDED: "De sessie is afgelopen. Je stem en je reden zijn gewist.",
    PhonePage.CANCELLED: "Deze sessie gaat niet door.",
}
"""What is going on, per page."""
WAIT = "De stemming gaat zo open. Wacht op de begeleider."
WATCHING = "De stemming is open. Jij kwam later binnen en kijkt mee."
LATE = "De stemming is al begonnen. Je kunt nog meekijken."
NOT_YET = "De sessie is nog niet open. Blijf hier, of kom straks terug."
