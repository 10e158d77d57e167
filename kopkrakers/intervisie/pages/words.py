"""What pages say when there are no figures, and what a phone says is going on. B1, the same whatever was chosen."""

from kopkrakers.intervisie.pages.views import PhonePage

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
