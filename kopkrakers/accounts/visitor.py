"""The signed-in person, as templates and services get it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Visitor:
    """The signed-in person. `roles` holds `Role` values; `generation` dates the session."""

    id: int
    gemeente_id: int
    gemeente: str
    name: str
    roles: frozenset[str]
    generation: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What flask-login keeps."""
        return str(self.id)
