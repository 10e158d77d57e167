"""Rules for the values of settings. Each function raises ValueError with a sentence."""

import re
from base64 import urlsafe_b64decode
from email.utils import getaddresses
from urllib.parse import urlsplit

from kopkrakers.base.typed import ascii_domain, clean_line, is_domain

_BASE64_OF_32 = re.compile(r"[A-Za-z0-9_-]{43}")
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_COMMENT = re.compile(r"[\s#]")
_REMARK = re.compile(r"\s#")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9_.-]+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*\]?")


LONGEST, LONGEST_PLACE, LONGEST_LIST, LONGEST_HOST = 2_000, 1_000, 20_000, 253
"""Characters of a setting, of one that says where something is, of a list, of a name of a host."""


def hold_utf8(value: str) -> None:
    """Refuse bytes that are no text: they can be neither signed nor printed."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("hij is geen UTF-8; typ hem opnieuw") from None


def hold_length(value: str, longest: int) -> None:
    """Refuse what is longer than any such value is: it would stand in every sentence about it."""
    if len(value) > longest:
        raise ValueError(f"hij is te lang: hoogstens {longest} tekens")


def hold_visible(value: str) -> None:
    """Refuse an end of line, and what else cannot be seen or turns a line around."""
    if not value.isprintable():
        raise ValueError("haal het onzichtbare teken of de nieuwe regel eruit")


def hold_whole(value: str) -> None:
    """Refuse an empty value, and one with quotes or what cannot be seen around it."""
    if not value.strip():
        raise ValueError("hij is leeg; geef een waarde of laat de hele regel weg")
    edges = value[0] + value[-1]
    if clean_line(edges) != edges:
        raise ValueError("haal de witruimte of het onzichtbare teken eromheen weg")
    # systemd and a shell take quotes off; what starts a container keeps them
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        raise ValueError("haal de aanhalingstekens eromheen weg")


# D-49
def hold_no_comment(secret: str) -> None:
    """Refuse a secret with a comment in it: most readers of such files take all of the line."""
    if _COMMENT.search(secret):
        raise ValueError(
            "hij bevat witruimte of '#', dus waarschijnlijk een opmerking; zet die op een eigen "
            "regel. Was dit geheim in gebruik? Zet het zo in de instelling die eindigt op "
            "_PREVIOUS en kies een nieuw"
        )


def hold_no_remark(value: str) -> None:
    """Refuse a place with a comment behind it: a database or folder of that name would be made."""
    if _REMARK.search(value):
        raise ValueError("er staat een opmerking achter; zet die op een eigen regel")


def hold_push_key(value: str) -> None:
    """Refuse what is no private key of the curve P-256, in base 64 for addresses."""
    number = 0
    if _BASE64_OF_32.fullmatch(value):
        number = int.from_bytes(urlsafe_b64decode(f"{value}="), "big")
    if not 0 < number < _P256_ORDER:
        raise ValueError("maak er een met: kopkrakers push-key")


def backup_public_key(value: str) -> str:
    """Return a public key for backups, in hexadecimal."""
    if re.fullmatch(r"[0-9a-f]{64}", value.lower()) is None:
        raise ValueError(
            "de openbare sleutel die kopkrakers backup-key maakt: 64 tekens 0-9 en a-f"
        )
    return value.lower()


def database_url(value: str) -> str:
    """Return the address of a database as SQLAlchemy takes it."""
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    raise ValueError("begin met sqlite:/// of postgresql://")


def base_url(value: str) -> str:
    """Return the address of the site, without a slash at the end."""
    if not value.startswith(("https://", "http://")):
        raise ValueError("begin met https:// of http://")
    if clean_line(value) != value or " " in value:
        raise ValueError("haal de witruimte of het onzichtbare teken eruit")
    parts = urlsplit(value)
    # `__Host-` cookies belong to a whole site, and the addresses of files begin with its root
    if parts.path.strip("/"):
        raise ValueError(
            "laat het pad weg; de website heeft een eigen naam nodig, zoals https://kopkrakers.nl"
        )
    if parts.query or parts.fragment or "?" in value or "#" in value:
        raise ValueError("laat weg wat na ? of # komt")
    if "@" in parts.netloc:
        raise ValueError("laat de gebruikersnaam en het wachtwoord weg")
    return f"{parts.scheme}://{_site(parts.hostname or '', _port(value))}"


def _port(value: str) -> int | None:
    try:
        port = urlsplit(value).port
    # of a port that is no number, or above 65535
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("de poort is een getal van 1 tot en met 65535")
    return port


def _site(hostname: str, port: int | None) -> str:
    host_name = ascii_domain(hostname)
    if not _HOST.fullmatch(host_name):
        raise ValueError("zet na :// de naam van een machine, zoals https://kopkrakers.nl")
    if ":" in host_name:
        in_url = f"[{host_name}]"
    else:
        in_url = host_name
    if port is None:
        return in_url
    return f"{in_url}:{port}"


def domains(value: str) -> tuple[str, ...]:
    """Return the domains in a list with commas, as they stand in addresses."""
    parts = [ascii_domain(part.strip()) for part in value.split(",")]
    named = tuple(filter(None, parts))
    if not named or not all(map(is_domain, named)):
        raise ValueError(
            "geef domeinen met komma's ertussen en zonder @, zoals gemeente.nl,stad.nl"
        )
    return named


def host(value: str) -> str:
    """Return the name or address of a machine."""
    hold_length(value, LONGEST_HOST)
    if not _HOST.fullmatch(value) or re.fullmatch(r"[^:]+:\d+", value):
        raise ValueError("geef alleen de naam van de machine, zonder :// en zonder poort")
    return value


def mailbox(value: str) -> str:
    """Return an address that can send or get mail, perhaps with a name before it."""
    addresses = getaddresses([value])
    if addresses:
        address = addresses[0][1]
    else:
        address = ""
    local, _, domain = address.rpartition("@")
    is_one = value.count("@") == 1 and clean_line(value) == value
    is_mailbox = is_domain(domain) or re.fullmatch(r"[A-Za-z0-9-]+", domain)
    if not (is_one and _LOCAL_PART.fullmatch(local) and is_mailbox):
        raise ValueError("geef één mailadres, zoals kopkrakers@gemeente.nl")
    return value


def contact(value: str) -> str:
    """Return where faults are reported: an address after mailto:, or a page."""
    if value.startswith("mailto:"):
        mailbox(value.removeprefix("mailto:"))
    elif not value.startswith("https://"):
        raise ValueError("begin met mailto: of https://")
    elif clean_line(value) != value or not urlsplit(value).hostname:
        raise ValueError("geef na https:// het hele adres van een pagina")
    return value
