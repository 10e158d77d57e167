"""An answer that waited on a device for a network, and comes sealed by its service worker."""

import json
from dataclasses import replace
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from kopkrakers.answers.pages.asking import EDITION, find, person_here, put_in_box
from kopkrakers.answers.pages.reading import DayEdition, Person
from kopkrakers.answers.pages.views import said_of
from kopkrakers.answers.pages.without_network.locks import POINT_BYTES, key_behind
from kopkrakers.answers.rules import Answer, check_answer
from kopkrakers.answers.service import Turn
from kopkrakers.base.errors import NotNow, TooLate, WrongInput
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import EXPERIENCES
from kopkrakers.web import access
from kopkrakers.web.csrf import sealed_instead
from kopkrakers.web.limits import slow_down
from kopkrakers.web.logs import log_fault
from kopkrakers.web.state import state

blueprint = Blueprint("late", __name__)

IN_BOX, NOT_THEIRS, USED, CLOSED, LATER = 204, 403, 409, 410, 503
"""Statuses for the worker: it is in the box, or why not. Every reply is as short."""
NONCE_BYTES, MOST_BYTES = 12, 4096
BAND = "ervaring_"
"""Before the names of the fields in which the experience is sealed apart."""
TOO_LATE = (
    "Je had geen verbinding toen je antwoordde, en intussen sloot dit dilemma. Je antwoord is niet "
    "verstuurd en niet geteld. Oefenen kan nog wel."
)


# D-87
@blueprint.post(f"/dilemma/{EDITION}/nagekomen")
@access.signed_in
@sealed_instead
def arrive(slug: str, number: int) -> Response:
    """Put a sealed answer in the box. Nobody but the person who gave it can have it sent."""
    person = person_here()
    edition = find(person, slug, number)
    answer = _opened(person, edition)
    if answer is None or not person.votes:
        return Response(status=NOT_THEIRS)
    slow_down("antwoord", str(person.voter.user_id), at_most=60, minutes=10)
    try:
        put_in_box(person, edition, answer)
    except TooLate:
        # read anew: the same answer may have come in by another tab since
        if find(person, slug, number).turn is not Turn.NONE:
            return Response(status=USED)
        return Response(status=CLOSED)
    except (NotNow, OperationalError) as away:
        log_fault(away, number=None)
        return Response(status=LATER)
    return Response(status=IN_BOX)


@blueprint.get(f"/dilemma/{EDITION}/te-laat")
@access.signed_in
def too_late(slug: str, number: int) -> ResponseReturnValue:
    """Say that an edition closed while an answer waited, and offer to practise."""
    edition = find(person_here(), slug, number)
    if edition.is_open:
        return redirect(url_for("answers.dilemma", slug=slug))
    sentence = said_of(edition.card, TOO_LATE)
    return render_template("answers/card/too_late.html", sentence=sentence, edition=edition)


def _opened(person: Person, edition: DayEdition) -> Answer | None:
    """Return the answer that was sent; None if this person's pages of this edition never sealed it.

    So an answer that stayed behind on a device is nobody's but its own person's, whoever is
    signed in when it goes out.
    """
    place = f"{edition.dilemma}.{edition.number}"
    # by each key that its page may have had: it can have waited for days
    for key in state().keys_of_late_answers(person.voter.user_id, place):
        try:
            answer = Answer.read(_unsealed(key))
            check_answer(answer, edition.card.option_codes)
        except (InvalidTag, ValueError, TypeError, WrongInput):
            continue
        if answer.experience == NOT_SAID:
            answer = replace(answer, experience=_experience(key))
        return answer
    return None


# D-111
def _experience(key: bytes) -> str:
    """Return the band that was sealed before, when there was a network; `-` where none opens.

    Whatever is wrong with it: an answer is not lost for it.
    """
    try:
        band = _unsealed(key, BAND)
    except (InvalidTag, ValueError):
        return NOT_SAID
    if isinstance(band, str) and band in EXPERIENCES:
        return band
    return NOT_SAID


def _unsealed(key: bytes, prefix: str = "") -> Any:
    """Return what was sealed with this key, or to its lock, and sent under a prefix.

    Raises: InvalidTag or ValueError when nothing was.
    """
    nonce = _sent(f"{prefix}iv", NONCE_BYTES)
    sealed = _sent(f"{prefix}sealed", MOST_BYTES)
    sender = _sent(f"{prefix}van", POINT_BYTES)
    # sealed on the page that is kept, it came with a sender: that page knows no key of a person
    if sender:
        key = key_behind(key, sender)
    return json.loads(AESGCM(key).decrypt(nonce, sealed, None))


def _sent(field: str, most_bytes: int) -> bytes:
    """Return what a field holds in hexadecimal. Raises: ValueError when it holds something else."""
    # cut off first: what is longer than it can be is not worked out
    return bytes.fromhex(request.form.get(field, "")[: 2 * most_bytes])
