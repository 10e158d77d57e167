"""Write turns anew under the current key, once the secret of the installation was replaced."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import PARTICIPATION
from kopkrakers.ballots.boxes import ENVELOPE, sign_envelope, verify_envelope
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.counter import Counter

TURN_KEY_FILE = "turn-key"
"""The file in the key folder with the digest of the key under which all turns stand."""
_UNSETTLED = select(EDITION.c.dilemma, EDITION.c.number).where(EDITION.c.settled.is_(False))
_PSEUDONYMS = select(PARTICIPATION.c.pseudonym).where(
    PARTICIPATION.c.dilemma == bindparam("dilemma"), PARTICIPATION.c.edition == bindparam("edition")
)
_ENVELOPES = select(ENVELOPE).where(
    ENVELOPE.c.subject == bindparam("dilemma"), ENVELOPE.c.edition == bindparam("edition")
)
_RENAME_TURN = (
    update(PARTICIPATION)
    .where(PARTICIPATION.c.pseudonym == bindparam("former"))
    .values(pseudonym=bindparam("current"))
)
_RENAME_VOTER = (
    update(ENVELOPE)
    .where(
        ENVELOPE.c.voter == bindparam("former"),
        ENVELOPE.c.subject == bindparam("subject_"),
        ENVELOPE.c.edition == bindparam("edition_"),
    )
    .values(voter=bindparam("current"), mac=bindparam("mac_"))
)


def rekey_turns(counter: Counter) -> int:
    """Write turns and envelopes under a former key anew under the current one, once.

    Return the number of turns. From then on the previous secret can go.
    """
    digest = sha256(counter.turn_keys.current).hexdigest()
    if counter.folder.recall(TURN_KEY_FILE) == digest:
        return 0
    rekeyed = 0
    if counter.turn_keys.previous:
        with counter.database.transaction() as session:
            user_ids = session.execute(select(USER.c.id)).scalars().all()
            for edition in session.execute(_UNSETTLED).all():
                rekeyed += _rekey_edition(counter, session, edition, user_ids)
    # also where there was no former key: then nothing is looked for at the next tick
    counter.folder.remember(TURN_KEY_FILE, digest)
    return rekeyed


def _rekey_edition(
    counter: Counter, session: Session, edition: Row[Any], user_ids: Sequence[int]
) -> int:
    """Rename the turns of an edition, and sign their envelopes anew. Return the number of turns."""
    place = {"dilemma": edition.dilemma, "edition": edition.number}
    turns = set(session.execute(_PSEUDONYMS, place).scalars())
    current_of = {}
    for user_id in user_ids:
        voter = Voter(user_id, counter.turn_keys)
        current, *formers = voter.all_on(edition.dilemma, edition.number)
        for former in formers:
            # most people did not answer, and have no turn to rename
            if former in turns:
                current_of[former] = current
    # in the order of the pseudonyms, which is that of nothing else
    renamed = []
    for old in sorted(current_of):
        renamed.append({"former": old, "current": current_of[old]})
    if not renamed:
        return 0
    session.execute(_RENAME_TURN, renamed)
    for envelope in session.execute(_ENVELOPES, place).all():
        if envelope.voter in current_of:
            _rename_voter(counter, session, envelope, current_of[envelope.voter])
    return len(renamed)


def _rename_voter(counter: Counter, session: Session, envelope: Row[Any], current: str) -> None:
    # one that was altered keeps its MAC: the counter refuses it, as it would have
    mac = envelope.mac
    if verify_envelope(counter.keys, envelope):
        mac = sign_envelope(counter.keys, envelope._asdict() | {"voter": current})
    parameters = {
        "former": envelope.voter,
        "subject_": envelope.subject,
        "edition_": envelope.edition,
        "current": current,
        "mac_": mac,
    }
    session.execute(_RENAME_VOTER, parameters)
