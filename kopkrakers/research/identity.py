"""Which release this is, who publishes it and on what terms: the same in every file of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from babel.dates import format_date

from kopkrakers.base.config import Settings

AGREEMENT = "LicenseRef-Kopkrakers-Gebruiksafspraak-1.0"
"""The terms of a dataset as SPDX writes a licence that is not on its list; AFSPRAAK.md has them."""
AGREEMENT_FILE = "AFSPRAAK.md"


# D-140
@dataclass(frozen=True)
class Terms:
    """The terms of a dataset: `name` as SPDX writes it, and the `file` of the zip that has them.

    `access`: open to all or not, as the list of the European Union calls it.
    """

    name: str
    title: str
    file: str
    access: str


AGREED = Terms(AGREEMENT, "Gebruiksafspraak 1.0", AGREEMENT_FILE, "RESTRICTED")
OPEN = Terms("CC0-1.0", "CC0 1.0, vrij voor alle gebruik", "LICENTIE.md", "PUBLIC")
"""For what nobody answered: a set of invented answers to learn from."""
TEACHING_SET = 0
"""The number of a set to learn from, which is no release."""
INVENTED_MARK = "VERZONNEN"
KEYWORDS = ("Participatiewet", "klantmanagers", "dilemma’s", "discretionaire ruimte", "vakmanschap")


@dataclass(frozen=True)
class ReleaseName:
    """The number of a release and its month (`2026-11`)."""

    number: int
    month: str

    @property
    def first_day(self) -> date:
        """Return the first day of its month; a release knows nothing finer."""
        return date.fromisoformat(f"{self.month}-01")

    @property
    def in_words(self) -> str:
        """Return words such as `uitgave 4, november 2026`."""
        if self.number == TEACHING_SET:
            return "oefenset"
        return f"uitgave {self.number}, {format_date(self.first_day, 'MMMM y', locale='nl')}"


# D-119
@dataclass(frozen=True)
class Origin:
    """The server that releases come from. `contact`: `mailto:` or a page, for questions."""

    address: str
    publisher: str
    contact: str

    @property
    def host(self) -> str:
        """Return the name of the machine, as people know the server by."""
        return urlsplit(self.address).hostname or self.address

    @property
    def instance(self) -> UUID:
        """Return an id that follows from the address: another server has another."""
        return uuid5(NAMESPACE_URL, self.address)

    @property
    def mail(self) -> str | None:
        """Return the address to write to; None where the contact is a page."""
        _, is_mail, address = self.contact.partition("mailto:")
        if is_mail:
            return address
        return None


@dataclass(frozen=True)
class Identity:
    """A release of one server. `invented`: of a demo or a simulation."""

    name: ReleaseName
    origin: Origin
    invented: bool
    terms: Terms = AGREED

    @property
    def urn(self) -> str:
        """Return what names this release and no other, as long as no DOI does."""
        # of the number alone, and of the server: a release that is made again elsewhere is another
        return uuid5(self.origin.instance, str(self.name.number)).urn

    @property
    def title(self) -> str:
        """Return its title, which says so when all of it is invented."""
        words = f"Kopkrakers: getelde keuzes bij dilemma’s van klantmanagers, {self.name.in_words}"
        if self.invented:
            return f"{words} ({INVENTED_MARK})"
        return words

    @property
    def page(self) -> str:
        """Return the address that a reference leads to, open to all: what it is, how to ask."""
        return f"{self.origin.address}/onderzoek/uitgaven/{self.name.number}"

    @property
    def license(self) -> str:
        """Return the name of its terms, as SPDX writes such a name."""
        return self.terms.name

    @property
    def citation(self) -> str:
        """Return how to refer to it, in one line."""
        return f"{self.origin.publisher}. {self.title} [dataset]. {self.page}, {self.urn}."

    @property
    def slug(self) -> str:
        """Return a name for programs: of the server, and with its number."""
        host = re.sub(r"[^a-z0-9]+", "-", self.origin.host.lower()).strip("-")
        mark = ""
        if self.invented:
            mark = f"-{INVENTED_MARK.lower()}"
        return f"kopkrakers-{host}-{self.name.number}{mark}"

    @property
    def short(self) -> str:
        """Return the line that stands in a file of SPSS: at most 64 bytes."""
        mark = ""
        if self.invented:
            mark = f" {INVENTED_MARK}"
        line = f"Kopkrakers {self.origin.host} {self.name.number}{mark}"
        # its end: the number of the release stands there, and the name of a server may be long
        return line.encode("ascii", "replace").decode()[-64:]

    @property
    def marks(self) -> dict[str, str]:
        """Return all of it by name, for files that can carry it."""
        return {
            "title": self.title,
            "identifier": self.urn,
            "instance": self.origin.instance.urn,
            "address": self.origin.address,
            "publisher": self.origin.publisher,
            "contact": self.origin.contact,
            "license": self.license,
            "release": str(self.name.number),
            "month": self.name.month,
            "invented": str(self.invented).lower(),
        }

    def as_stored(self) -> dict[str, Any]:
        """Return what a release keeps of it: it never changes, also when the server moves."""
        return {
            "address": self.origin.address,
            "publisher": self.origin.publisher,
            "contact": self.origin.contact,
            "invented": self.invented,
        }


def origin_of(settings: Settings) -> Origin:
    """Return who publishes, as the settings say."""
    address = settings.base_url.rstrip("/")
    publisher = settings.publisher or f"Kopkrakers op {urlsplit(address).hostname}"
    contact = settings.research_contact or settings.privacy_contact or address
    return Origin(address, publisher, contact)


def stored_identity(name: ReleaseName, stored: Mapping[str, Any] | None) -> Identity | None:
    """Return the identity that a release was made with; None of one from before they had any."""
    if stored is None:
        return None
    origin = Origin(stored["address"], stored["publisher"], stored["contact"])
    return Identity(name, origin, stored["invented"])
