"""Open one sealed vote by its private key, as an auditor or an attacker who holds it would."""

from nacl.public import PrivateKey, SealedBox

from kopkrakers.ballots import sealing


def unseal(private_key: bytes, sealed: bytes) -> str:
    """Return the codes of a vote sealed to this key (32 bytes); raises like `sealing.unseal`."""
    return sealing.unseal(SealedBox(PrivateKey(private_key)), sealed)
