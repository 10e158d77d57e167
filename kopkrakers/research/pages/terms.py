"""The promise that every onderzoeker makes once: not to trace anyone."""

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.base.db import insert_once, table
from kopkrakers.research.models import ResearchTerms

TERMS_VERSION = 1
"""Raise it when the words of the terms change: everyone is asked anew."""
TERMS = table(ResearchTerms)
_ACCEPTED = select(TERMS.c.user_id).where(
    TERMS.c.user_id == bindparam("user_id"), TERMS.c.version == bindparam("version")
)


def has_accepted(session: Session, user_id: int) -> bool:
    """Whether this person accepted the terms as they are now."""
    params = {"user_id": user_id, "version": TERMS_VERSION}
    return session.execute(_ACCEPTED, params).first() is not None


def accept(session: Session, user_id: int) -> None:
    """Store that this person accepted the terms; nothing happens when they did before."""
    insert_once(session, TERMS, {"user_id": user_id, "version": TERMS_VERSION})
