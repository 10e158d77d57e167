"""The time that everything is kept: the table of docs/juridisch/bewaartermijnen.md, from the code.

Every table of the database stands in exactly one line, which a test holds; where a term is a number
in the code, the line has that number.
"""

from typing import NamedTuple

from kopkrakers.accounts.browsers import IDLE_DAYS_OF_STRONG_ROLES
from kopkrakers.accounts.invitations import KEPT_FOR, LASTS
from kopkrakers.accounts.models import InvitationKind
from kopkrakers.accounts.trail.chain import KEPT_DAYS
from kopkrakers.base.clock import FORTNIGHT_DAYS, IDLE_DAYS
from kopkrakers.desk.sending.service import CASE_WEEKS
from kopkrakers.intervisie.session.planning import LIFE, PLAN_WAITS, UNDATED_PLAN_WAITS
from kopkrakers.intervisie.session.store import LINGER, WAY_BACK
from kopkrakers.pools.proposals import LASTS_DAYS
from kopkrakers.privacy.rules import EDITION_WEEKS, KEY_DAYS, SHIFT_WEEKS

TITLE = "# Bewaartermijnen"
ABOUT = (
    "Deze tabel wordt uit de code gemaakt met `kopkrakers bewaartermijnen`; een test houdt haar "
    "gelijk. “Persoon” zegt of het over iemand gaat: **naam** (met naam of adres), **nummer** "
    "(onder het nummer van een account), **schuilnaam** (een code die zonder het geheim van de "
    "server van niemand is) of **nee**."
)
NAME, NUMBER, PSEUDONYM, NOBODY = "naam", "nummer", "schuilnaam", "nee"
OUTSIDE = (
    "Niet in de database: **logregels** (geen persoon; hoe lang ze blijven bepaalt wie de server "
    "beheert), **back-ups** (alles hierboven, zonder sleutels; kies een termijn, wij raden 30 "
    "dagen aan), **sleutels** (bij de teller, tot de bus geteld is), en **op het eigen toestel**: "
    f"de eigen keuze, op slot, hoogstens {FORTNIGHT_DAYS} dagen, en een dagboek als iemand dat "
    "zelf aanzet."
)
LEFT = "Vertrekt een gemeente, dan gaat alles van haar mensen in één keer weg; zie docs/beheer.md."


class RetainedRows(NamedTuple):
    """Rows of some tables: what they hold, of whom, and until when."""

    what: str
    person: str
    until: str
    tables: tuple[str, ...]


_INVITED = LASTS[InvitationKind.PERSONAL].days
RETENTION = (
    RetainedRows(
        "Account: naam, werkadres, wachtwoord (gehasht), rollen, teams",
        NAME,
        "tot iemand weggaat of verwijderd wordt",
        ("user", "user_role", "membership"),
    ),
    RetainedRows(
        "Na het verwijderen: het nummer en een code van het werkadres",
        PSEUDONYM,
        "blijft, zodat één adres nooit twee keer telt",
        ("user",),
    ),
    RetainedRows(
        "Uitnodiging: naam, adres, rollen",
        NAME,
        f"naam en adres tot ze gebruikt of ingetrokken is; de rij tot {KEPT_FOR.days} dagen na "
        f"het verlopen (een uitnodiging verloopt na {_INVITED} dagen)",
        ("invitation",),
    ),
    RetainedRows(
        "Waar iemand is ingelogd: soort toestel, dag",
        PSEUDONYM,
        f"tot uitloggen, of {IDLE_DAYS} dagen zonder gebruik ({IDLE_DAYS_OF_STRONG_ROLES} bij een "
        "begeleider, beheerder, redacteur of onderzoeker)",
        ("browser_session",),
    ),
    RetainedRows(
        "Welk werkaccount bij een account hoort, en de provider van een gemeente",
        PSEUDONYM,
        "tot het account of de gemeente weg is",
        ("work_account", "provider"),
    ),
    RetainedRows(
        "Tweede stap bij het inloggen: het geheim van de app (op slot), reservecodes (gehasht)",
        NUMBER,
        "tot iemand het uitzet of weggaat; een reservecode tot ze gebruikt is",
        ("second_step", "recovery_code"),
    ),
    RetainedRows(
        "Dat een code van een app gebruikt is, of het bericht van een provider dat iemand uitlogde",
        PSEUDONYM,
        "twee dagen, of langer als daarna niets gebruikt wordt",
        ("used_step",),
    ),
    RetainedRows(
        "Dat een account veranderde, in één woord",
        NUMBER,
        "blijft: zonder de hele lijst valt niet op dat er iets uit weg is",
        ("account_change",),
    ),
    RetainedRows(
        "Wat in Beheer is gedaan: door wie, bij wie, op welke dag",
        NUMBER,
        f"{KEPT_DAYS} dagen",
        ("beheer_action", "trail_start"),
    ),
    RetainedRows(
        "Welke stoel iemand koos, die van leidinggevende of niet, en sinds welke dag",
        NUMBER,
        f"tot iemand weggaat; een eerdere keuze hoogstens {EDITION_WEEKS} weken na een nieuwe",
        ("chair",),
    ),
    RetainedRows(
        "Pauze, herinnering, agendalink",
        NUMBER,
        "tot iemand het uitzet of weggaat; een pauze tot haar laatste dag",
        ("pause", "reminder", "calendar_feed"),
    ),
    RetainedRows(
        "Antwoord in een dichte envelop",
        PSEUDONYM,
        f"tot de telling, of teruggenomen; uiterlijk bij het sluiten, na {EDITION_WEEKS} weken",
        ("envelope", "ballot_box"),
    ),
    RetainedRows(
        "Losse gegevens bij een antwoord (wat de doorslag gaf), zonder wie",
        NOBODY,
        f"tot de telling, hoogstens {KEY_DAYS} dagen",
        ("attribute_envelope",),
    ),
    RetainedRows(
        "Dat een beurt gebruikt is, nooit wat",
        PSEUDONYM,
        f"tot het dilemma sluit, na {EDITION_WEEKS} weken",
        ("participation",),
    ),
    RetainedRows(
        "Totalen, en hun zegels",
        NOBODY,
        "blijven: ze zijn van niemand",
        ("tally", "attribute_tally", "shift_tally", "total_mac", "edition_mac"),
    ),
    RetainedRows(
        "Uitgaven voor onderzoek",
        NOBODY,
        "blijven: een uitgave verandert nooit",
        ("research_release", "release_part"),
    ),
    RetainedRows(
        "Belofte en API-sleutel van een onderzoeker, met naam en maand van gebruik",
        NUMBER,
        "de sleutel werkt tot de dag die de onderzoeker koos; beide blijven bij het account",
        ("research_terms", "api_token"),
    ),
    RetainedRows(
        "Een sessie die gepland is, met een eigen casus",
        NUMBER,
        f"tot {PLAN_WAITS.days} dagen na de dag, of {UNDATED_PLAN_WAITS.days} dagen zonder dag",
        ("live_session",),
    ),
    RetainedRows(
        "Een sessie die loopt: stemmen, redenen, teksten, telefoons (zonder naam), gasten",
        NUMBER,
        f"tot {WAY_BACK.seconds // 60} minuten na het einde, hoogstens {LIFE.days} dag; "
        f"de lege rij nog {LINGER.seconds // 3600} uur",
        ("live_round", "participant", "guest", "room_tally", "reason", "agreement", "board_text"),
    ),
    RetainedRows(
        "Keuzes voor en na een gesprek, zonder wie, om over sessies samen te tellen",
        NOBODY,
        f"tot ze geteld zijn, hoogstens {SHIFT_WEEKS} weken",
        ("envelope",),
    ),
    RetainedRows(
        "Verslag van een sessie",
        NOBODY,
        "tot iemand van het team het verwijdert; kies als gemeente zelf een termijn",
        ("report",),
    ),
    RetainedRows(
        "Dat een team over een dilemma of stelling stemde, en op welke dag; zonder wie erbij was",
        NOBODY,
        "een week",
        ("cracked_dilemma",),
    ),
    RetainedRows(
        "Dat iemand over een dilemma wil praten",
        PSEUDONYM,
        "tot iemand het van de agenda haalt",
        ("agenda_wish",),
    ),
    RetainedRows(
        "Versies van een kaart en opmerkingen erbij: wie ze schreef, op welke dag; en wie er het "
        "laatst in typte, met het moment",
        NUMBER,
        "blijven, zodat niets verloren gaat; na het verwijderen leidt het nummer naar niemand",
        ("card_version", "card_remark", "stored_card"),
    ),
    RetainedRows(
        "Een ingezonden dilemma, met wat de redactie antwoordt, en een melding dat er iets niet "
        "klopt op een kaart. Zonder naam, tenzij de inzender "
        "die erbij zette; met de week, nooit de dag",
        NUMBER,
        f"{CASE_WEEKS} weken; een naam die erbij staat, hoogstens tot die persoon weggaat",
        ("sent_case", "card_report"),
    ),
    RetainedRows(
        "Gemeenten, teams, kanalen, regio’s, wie met wie telt, van welke rollen een gemeente een "
        "tweede stap vraagt",
        NOBODY,
        "tot ze weggehaald worden; de naam van een gemeente of regio blijft bij haar totalen",
        (
            "gemeente",
            "gemeente_code",
            "team",
            "team_hook",
            "regio",
            "pool_assignment",
            "second_step_rule",
        ),
    ),
    RetainedRows(
        "Voorstel voor een regio: welke gemeenten, en welke ja zeiden",
        NOBODY,
        f"tot elke gemeente ja zei of één het introk, anders {LASTS_DAYS} dagen, of langer als "
        "daarna niemand iets voorstelt",
        ("regio_consent",),
    ),
    RetainedRows(
        "Dilemma’s, hun kalender, codes van sessies, het nummer van de telling",
        NOBODY,
        "blijven",
        (
            "edition",
            "calendar_day",
            "chair_week",
            "used_code",
            "instance",
            "refusal",
            "desk_mail",
        ),
    ),
)


def retention_table() -> str:
    """Return the table as Markdown, with what is not in the database."""
    lines = ["| wat | persoon | hoe lang | tabel |", "|---|---|---|---|"]
    for kept in RETENTION:
        tables = ", ".join(f"`{table}`" for table in kept.tables)
        lines.append(f"| {kept.what} | {kept.person} | {kept.until} | {tables} |")
    table = "\n".join(lines)
    return f"{TITLE}\n\n{ABOUT}\n\n{table}\n\n{OUTSIDE}\n\n{LEFT}\n"
