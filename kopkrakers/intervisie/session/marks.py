"""Under which mark a vote waits: another for each stelling, which only the phone can make again."""

import hmac
from hashlib import sha256

from kopkrakers.base.db import ID_LENGTH
from kopkrakers.intervisie.werkvormen.reading import is_stelling


# D-106
def voter_of(participant_id: str, token: str, number: int) -> str:
    """Return what a phone's envelope in a round is known by.

    In the two votes and the table that is the random id of its participant. On a stelling it is
    made from the phone's own token, of which the database has a hash alone: nobody who reads the
    database, nor who also has the keys of the configuration, can tell which marks of two
    stellingen are of one phone, or of which. The same phone makes the same mark, so it votes once.
    """
    if not is_stelling(number):
        return participant_id
    # the number of the stelling in it: marks of one phone on two of them have nothing alike
    about = f"stelling {number} {participant_id}".encode()
    return hmac.digest(token.encode(), about, sha256).hex()[:ID_LENGTH]
