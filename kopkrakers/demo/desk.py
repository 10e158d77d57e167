"""The desk of the demo: two cases that were sent in, and a card that waits for a second reader."""

from datetime import datetime

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.personas import first_of
from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.demo.stage import Stage
from kopkrakers.desk.editor.service import ask_reader, save_version, take_over_file
from kopkrakers.desk.sending.codes import code_of, new_nonce
from kopkrakers.desk.sending.service import SentText, Signature, send_case

SENT = (
    (
        "Een vrouw van 58 werkt drie ochtenden in een winkel. Ze wil stoppen, want haar moeder is "
        "ziek en woont ver weg. Ze vraagt of dat mag. Volgende week begint de zorg.",
        "Zeggen dat het niet mag. Haar een half jaar geven. Eerst vragen wat er in haar gemeente "
        "aan hulp is.",
        "De regel is duidelijk, en ik zou zelf hetzelfde doen.",
    ),
    (
        "Een man komt voor de derde keer zonder papieren. Hij zegt dat zijn tas gestolen is. Ik "
        "geloof hem. Mijn collega niet.",
        "De aanvraag stoppen. Nog een keer uitstel geven. Samen met hem bellen.",
        "Bij de vorige man met dit verhaal klopte het niet.",
    ),
)
"""Invented, each as its sender wrote it: what happened, what could be done, what was hard."""
READ_AGAIN = "# De feiten zijn opnieuw nagekeken. Kijk je mee?\n"


def set_the_desk(stage: Stage, now: datetime) -> str:
    """Fill the desk; return the slug of the card that waits for a second reader."""
    today = amsterdam_day(now)
    writer = first_of(Role.REDACTEUR)
    themes = stage.library.themes()
    slug = min(stage.library.cards())
    keys = keys_for(Use.DESK, stage.settings)
    with stage.database.transaction() as session:
        esra = visitor_by_email(session, writer.email, stage.counter.keys)
        for (happened, ways, hard), theme in zip(SENT, themes, strict=False):
            text = SentText(happened, ways, hard, theme)
            send_case(session, code_of(new_nonce(), keys), text, Signature(), today)
        take_over_file(session, stage.library, slug, by=esra.id, today=today)
        source = stage.library.cards()[slug].source.replace("---\n", f"---\n{READ_AGAIN}", 1)
        number = save_version(session, slug, 1, source, by=esra.id, today=today)
        ask_reader(session, slug, number, by=esra.id)
    return slug
