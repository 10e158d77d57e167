"""Look whether the website can be served, and become the program that does it."""

import os
import socket
import sys
import time
from typing import NoReturn

from kopkrakers.base.config import ENV_PREFIX, Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.operations.check import address_without_tls
from kopkrakers.operations.running.keeping import KEEPING, website_command

PORT_PATIENCE = 3.0
"""Seconds that workers of a server that was killed get to let go of the port."""
OTHERWISE = "Stop wat daar luistert, of kies een andere met KOPKRAKERS_PORT en KOPKRAKERS_HOST."
OTHERWISE_METRICS = "Kies een andere met KOPKRAKERS_METRICS_PORT."


def claim_port(host: str, port: int, otherwise: str = OTHERWISE) -> None:
    """Refuse a port that is in use: granian would share it with an older server silently.

    Raises: ConfigurationError that says what to do: `otherwise`.
    """
    until = time.monotonic() + PORT_PATIENCE
    while (reason := _refused(host, port)) is not None:
        if time.monotonic() >= until:
            raise ConfigurationError(
                f"Luisteren op {host}, poort {port}, lukt niet: {reason}. {otherwise}"
            )
        time.sleep(0.2)


def _refused(host: str, port: int) -> str | None:
    """Return why the system does not let us listen there; None when it does."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # as a server does: connections of one that just stopped do not count as in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return system_reason(error)
    return None


# D-158
def serve(settings: Settings) -> NoReturn:
    """Serve pages, with the counter beside them where this machine holds the keys.

    This process becomes another program, with the same number: what looking whether all is right
    took of memory, keys among it, is gone.
    Raises: ConfigurationError when something else listens on the port, and for an address of the
    site that others than this machine would reach without encryption.
    """
    for sentence in address_without_tls(settings):
        raise ConfigurationError(sentence)
    claim_port(settings.host, settings.port)
    if settings.metrics_port is not None:
        claim_port(settings.metrics_host, settings.metrics_port, OTHERWISE_METRICS)
    # where this machine has no keys, a counter runs elsewhere
    command = website_command() if settings.key_dir is None else KEEPING
    given = {"HOST": settings.host, "PORT": str(settings.port)}
    environment = dict(os.environ) | {ENV_PREFIX + name: value for name, value in given.items()}
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)
