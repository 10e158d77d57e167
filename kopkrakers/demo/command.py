"""`kopkrakers demo`: sets up the world, serves it, and says where."""

import errno
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.error import URLError

import click
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from sqlmodel import select

from kopkrakers.accounts.models import User
from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import ENV_PREFIX, Operator, Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.demo.colleagues import live_on
from kopkrakers.demo.desk import set_the_desk
from kopkrakers.demo.people import TEAMS, make_people
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.weeks import live_through_weeks, open_today
from kopkrakers.demo.workshop import plan_unfolding, plan_workshop
from kopkrakers.migrations.run import migrate
from kopkrakers.operations.running import keeping
from kopkrakers.reminders.push.server_key import new_key

USUAL_PORT = 8000
THREADS = 8
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
        settings = demo_settings(folder, host=host, port=_free_port(host, port))
        # the processes that this one starts get these settings and no others
        for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
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


def demo_settings(folder: Path, *, host: str, port: int) -> Settings:
    """Settings with secrets of this folder's own. Keys and database lie apart in it."""
    for name in ("db", "sleutels"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    return Settings(
        _env_prefix="KOPKRAKERS_NOT_READ_",  # type: ignore[call-arg]
        database_url=f"sqlite:///{folder.resolve() / 'db' / 'kopkrakers.db'}",
        secret=SecretStr(_kept(folder / "geheim", token_of_32)),
        **_secrets_of_first_edition(folder / "geheim.json"),  # type: ignore[arg-type]
        key_dir=folder.resolve() / "sleutels",
        operator=Operator.OTHER,
        base_url=f"http://{_in_url(host)}:{port}",
        host=host,
        port=port,
        workers=1,
        threads=THREADS,
        log_level="error",
        push_key=SecretStr(_kept(folder / "meldingen", new_key)),
        smtp_host="127.0.0.1",
        smtp_port=_bound("127.0.0.1", 0),
        smtp_starttls=False,
        redactie_email="redactie@voorbeeld.nl",
        demo=True,
    )


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
    words = TextColumn("Vier weken antwoorden verzinnen en tellen")
    console = Console(stderr=True)
    # a bar that cannot be drawn would be an empty line
    without_bar = not console.is_terminal
    with Progress(words, BarColumn(), console=console, transient=True, disable=without_bar) as bar:
        task = bar.add_task("", total=None)
        live_through_weeks(
            stage, utc_now(), lambda done, total: bar.update(task, completed=done, total=total)
        )
    plan_workshop(stage, utc_now())
    plan_unfolding(stage, utc_now())
    set_the_desk(stage, utc_now())


def _kept(file: Path, make: Callable[[], str]) -> str:
    """Return the secret in a file, made once."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(make())
    return file.read_text()


def token_of_32() -> str:
    """Return a random secret of 32 bytes."""
    return token_hex(32)


def _secrets_of_first_edition(file: Path) -> dict[str, SecretStr]:
    """Return the secrets of a folder that an earlier version of the demo filled."""
    if not file.exists():
        return {}
    secrets = {}
    for name, secret in json.loads(file.read_text()).items():
        secrets[name] = SecretStr(secret)
    return secrets


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which another process finds the same settings."""
    secrets = {
        "SECRET": settings.secret,
        "SECRET_KEY": settings.secret_key,
        "MAC_KEY": settings.mac_key,
        "PUSH_KEY": settings.push_key,
    }
    plain = {name: secret.get_secret_value() for name, secret in secrets.items() if secret}
    for name in (
        "database_url",
        "key_dir",
        "operator",
        "base_url",
        "host",
        "port",
        "workers",
        "threads",
        "log_level",
        "smtp_host",
        "smtp_port",
        "smtp_starttls",
        "redactie_email",
        "demo",
    ):
        plain[name.upper()] = str(getattr(settings, name))
    return {ENV_PREFIX + name: value for name, value in plain.items()}


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


def _free_port(host: str, wanted: int | None) -> int:
    """Return the port that was asked for, else the usual one, else any.

    A server would share a taken one in silence.
    """
    if wanted is not None:
        return _bound(host, wanted)
    try:
        return _bound(host, USUAL_PORT)
    except ConfigurationError:
        return _bound(host, 0)


def _bound(host: str, port: int) -> int:
    """Return the port on which a server can listen."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ConfigurationError(
                f"Poort {port} van {host} is bezet of niet van jou. Kies een andere met --port."
            ) from None
        raise ConfigurationError(
            f"Deze machine kan niet luisteren op {host} ({error.strerror}). "
            "Kies een ander met --host."
        ) from None


def _in_url(host: str) -> str:
    """Return how a browser on this machine names the host."""
    if host in ("127.0.0.1", "0.0.0.0", "::"):
        return "localhost"
    if ":" in host:
        return f"[{host}]"
    return host


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
