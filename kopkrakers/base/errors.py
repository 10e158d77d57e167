"""Errors that belong to the product; `web.errors` turns each into a page once."""

from enum import Enum, auto


class WayOn(Enum):
    """A way on that a refusal can offer beside its sentence."""

    SIGN_IN = auto()
    NEW_PASSWORD = auto()


class KopkrakersError(Exception):
    """An expected refusal. `sentence` is Dutch and shown to the user as it stands.

    `ways` are open to whoever is refused; `field` names the form field that it is about, if any.
    """

    status = 500
    field: str | None = None

    def __init__(self, sentence: str, *ways: WayOn) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.ways = ways


class NotYours(KopkrakersError):
    """404: it does not exist, or its existence is not yours to know."""

    status = 404

    def __init__(
        self, sentence: str = "Deze pagina bestaat niet, of niet meer.", *ways: WayOn
    ) -> None:
        super().__init__(sentence, *ways)


class NotAllowed(KopkrakersError):
    """403: you may know it exists, but not do this."""

    status = 403


class TooLate(KopkrakersError):
    """409: the state has moved on."""

    status = 409


class WrongInput(KopkrakersError):
    """422: something typed or chosen is not right."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class TooMany(KopkrakersError):
    """429: slow down."""

    status = 429


class NotNow(KopkrakersError):
    """503: something the product needs is away for a moment; nothing was kept half."""

    status = 503


class AddressRefused(NotNow):
    """422: the mail server takes no mail for an address, and never will."""

    status = 422
    field = "adres"


class ConfigurationError(Exception):
    """A setting is wrong or missing; the message tells the operator which and what to do."""
