"""A real SMTP server on this machine, and what it received."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from queue import Queue
from socket import socket
from typing import Any

from kopkrakers.base.config import Settings


class Mailbox:
    """Mails that a real SMTP server received. `arrived()` waits for the next mail."""

    def __init__(self) -> None:
        self._mails: Queue[tuple[list[str], Message]] = Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail: aiosmtpd calls this by its name."""
        self._mails.put((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 Taken"

    def arrived(self, *, within: float = 10) -> tuple[list[str], Message]:
        """Return the addresses and the text of the next mail; wait for it, in seconds."""
        return self._mails.get(timeout=within)

    def link(self) -> str:
        """Return the path of the link in the next mail."""
        text = text_of(self.arrived()[1])
        found = re.search(r"http://localhost:8000(/\S+)", text)
        assert found is not None, text
        return found[1]

    def is_empty(self) -> bool:
        """Whether nothing arrived that was not asked for."""
        return self._mails.empty()


class Refusing:
    """A mail server that answers with the words in `refuses` to whom they are about."""

    def __init__(self) -> None:
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse an address."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Choosy(Refusing):
    """A mail server that refuses some addresses; `taken` counts the mails of each."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: Counter[str] = Counter()
        self.to_mail: dict[str, str] = {}
        self.hangs_up_after = 0
        self.takes = 0.0

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take or refuse a mail."""
        (to,) = envelope.rcpt_tos
        if to in self.to_mail:
            return self.to_mail[to]
        self.taken[to] += 1
        await asyncio.sleep(self.takes)
        if self.hangs_up_after and self.taken.total() % self.hangs_up_after == 0:
            server.transport.close()
        return "250 Taken"


def text_of(mail: Message) -> str:
    """Return the text of a mail, decoded."""
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


@contextmanager
def mail_server(mailbox: Mailbox | Choosy) -> Iterator[int]:
    """Yield the port of a server that puts what it receives in the mailbox."""
    # here, because a quick run has no mail server and must still find the fixtures beside it
    from aiosmtpd.controller import Controller

    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def with_mail(settings: Settings, port: int, **more: str) -> Settings:
    """Return the settings with a mail server at this port."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}
    return settings.model_copy(update=mail | more)
