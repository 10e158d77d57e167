"""Making a database unreachable."""

from pathlib import Path

import psycopg


def take_away(url: str) -> None:
    """Make the database unreachable: a folder for the file, or a server that refuses everybody."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        for left in file.parent.glob(file.name + "*"):
            left.unlink()
        file.mkdir()
        return
    address, _, query = url.replace("+psycopg", "", 1).partition("?")
    server, _, name = address.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
