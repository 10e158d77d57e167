"""The settings of an invented world, with secrets of its own."""

import errno
import json
import socket
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from pydantic import SecretStr

from kopkrakers.base.config import ENV_PREFIX, Operator, Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.reminders.push.server_key import new_key

USUAL_PORT = 8000
THREADS = 8


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


def free_port(host: str, wanted: int | None) -> int:
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
            f"Deze machine kan niet luisteren op {host} ({system_reason(error)}). "
            "Kies een ander met --host."
        ) from None


def _in_url(host: str) -> str:
    """Return how a browser on this machine names the host."""
    if host in ("127.0.0.1", "0.0.0.0", "::"):
        return "localhost"
    if ":" in host:
        return f"[{host}]"
    return host


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
