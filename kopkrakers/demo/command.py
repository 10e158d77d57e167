"""`kopkrakers demo`: sets up the world, serves it, and says where."""

import os
import shutil
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import click
from sqlmodel import select

from kopkrakers.accounts.models import User
from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import ENV_PREFIX, Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.progress import progress_bar
from kopkrakers.demo.colleagues import live_on
from kopkrakers.demo.desk import set_the_desk
from kopkrakers.demo.people import TEAMS, make_people
from kopkrakers.demo.settings import USUAL_PORT, demo_settings, environment, free_port
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.weeks import live_through_weeks, open_today
from kopkrakers.demo.workshop import plan_unfolding, plan_workshop
from kopkrakers.migrations.run import migrate
from kopkrakers.operations.running import keeping

PATIENCE_PLEASE = (
    "Even geduld: vier weken antwoorden verzinnen en tellen. Meestal binnen een minuut."
)
PATIENCE = 30.0
"""Seconds that the server gets to answer its first request."""


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Poort; {USUAL_PORT}, of een andere als die bezet is.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres om op te luisteren.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Bewaar alles in deze map.",
)
def demo(port: int | None, host: str, data: Path | None) -> None:
    """Open een verzonnen wereld. Heeft niets nodig, en bewaart niets zonder --data."""
    with _folder(data) as folder:
        settings = demo_settings(folder, host=host, port=free_port(host, port))
        # the processes that this one starts get these settings and no others
        for name in list(os.environ):
            if name.startswith(ENV_PREFIX):
                del os.environ[name]
        os.environ.update(environment(settings))
        logs.configure(settings.log_level)
        set_up(settings)
        threading.Thread(target=_say_where, args=(settings,), daemon=True).start()
        website = keeping.website_command("kopkrakers.demo.app:demo_app")
        code = keeping.serve_beside(keeping.own_command("demo-colleagues"), website)
    sys.exit(code)


@click.command("demo-colleagues", hidden=True)
def demo_colleagues() -> None:
    """Het andere proces van de demo."""
    settings = load_settings()
    logs.configure(settings.log_level)
    with keeping.until_told_to_stop(child=True) as stop:
        live_on(settings, stop)


def set_up(settings: Settings) -> None:
    """Fill an empty folder with the world; in a filled one only bring today's card along."""
    with Database(settings.database_url) as database:
        migrate(database, settings)
        with database.reading() as session:
            filled = session.exec(select(User.id).limit(1)).first() is not None
        if not filled:
            with database.transaction() as session:
                make_people(session, settings, TEAMS)
    stage = Stage.of(settings)
    if filled:
        open_today(stage, utc_now())
        return
    click.echo(PATIENCE_PLEASE)
    with progress_bar("Vier weken antwoorden verzinnen en tellen") as progress:
        live_through_weeks(stage, utc_now(), progress)
    plan_workshop(stage, utc_now())
    plan_unfolding(stage, utc_now())
    set_the_desk(stage, utc_now())


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    folder = Path(tempfile.mkdtemp(prefix="kopkrakers-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def how_to_look_around(settings: Settings) -> str:
    """Return the lines under the address: where to begin, how to stop, how to use a phone."""
    lines = ["Tik op Anna om te beginnen. Stoppen: Ctrl-C."]
    if settings.host in ("0.0.0.0", "::"):
        lines.append(
            "Op je telefoon, op hetzelfde netwerk: http://<adres van deze computer>:"
            f"{settings.port}. Je eigen keuze onthouden kan daar niet: dat vraagt https."
        )
    else:
        lines.append("Op een telefoon kijken? Begin opnieuw met --host 0.0.0.0")
    return "\n".join(lines)


def _say_where(settings: Settings) -> None:
    deadline = time.monotonic() + PATIENCE
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    if ":" in own:
        own = f"[{own}]"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{own}:{settings.port}/gezond", timeout=1):
                click.echo(f"Kopkrakers: {settings.base_url}")
                click.echo(how_to_look_around(settings))
                return
        except (URLError, OSError):
            time.sleep(0.05)
