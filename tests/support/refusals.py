"""What the application of these tests refuses, by status, and a choice that may show up nowhere."""

from kopkrakers.base.errors import NotAllowed, NotNow, NotYours, TooLate, TooMany, WrongInput

REFUSALS = {
    404: NotYours(),
    403: NotAllowed("Dit hoort bij een ander."),
    409: TooLate("Dit is al geteld."),
    422: WrongInput("Kies eerst."),
    429: TooMany("Even wachten."),
    503: NotNow("Stemmen kan nu even niet."),
}
CHOICE = "geheime-keuze"
