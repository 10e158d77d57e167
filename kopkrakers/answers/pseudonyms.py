"""The pseudonyms under which the tables of answers know people: another for each edition.

Who holds the database, a replica, a log of changes or a backup has no list of who took part. Only
who also holds the secret of the installation can work out whose pseudonym is whose.
"""

from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

from kopkrakers.base.db import ID_LENGTH
from kopkrakers.base.keys import Keys


@dataclass(frozen=True)
class Voter:
    """A person on the way to their turns: the user id, and the keys that make pseudonyms of it."""

    user_id: int
    keys: Keys

    def on(self, dilemma: str, edition: int) -> str:
        """Return the pseudonym of this person on an edition."""
        return turn_pseudonym(self.keys.current, self.user_id, dilemma, edition)

    def all_on(self, dilemma: str, edition: int) -> list[str]:
        """Return the pseudonyms of this person on an edition by every key, the current one first.

        During a rotation of the secret a turn may stand under an earlier one, until the counter
        has written it anew.
        """
        return [turn_pseudonym(key, self.user_id, dilemma, edition) for key in self.keys.all]


# D-57
def turn_pseudonym(key: bytes, user_id: int, dilemma: str, edition: int) -> str:
    """Return the pseudonym of a person on an edition: HMAC-SHA256, its first 128 bits in hex."""
    # a slug holds no zero byte, so that no two triples make one text
    text = f"kopkrakers turn\0{user_id}\0{dilemma}\0{edition}"
    return digest(key, text.encode(), sha256).hex()[:ID_LENGTH]
