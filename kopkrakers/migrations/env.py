"""Alembic's entry: runs the migrations on the connection it is handed."""

from typing import Any, Literal

from alembic import context

from kopkrakers.migrations.tables import metadata


def render_item(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types by name."""
    if kind == "type" and type(thing).__module__ == "kopkrakers.base.db":
        autogen_context.imports.add("import kopkrakers.base.db")
        return f"kopkrakers.base.db.{thing!r}"
    if kind == "type" and type(thing).__name__ == "AutoString":
        return f"sa.String(length={thing.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
