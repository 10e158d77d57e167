"""The mail of the demo: a small mail server on this machine, which keeps what arrives in files.

Nothing leaves: every mail of the demo can be read on a page, by whoever looks around in it.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from time import time_ns

from kopkrakers.base.config import Settings
from kopkrakers.demo.visit.folders import folder_of_visit

KEPT = 30
"""Mails: what is older goes."""
LONGEST = 200_000
"""Bytes of a line or a mail."""
NO_MORE_THAN = 10
"""Seconds that whoever sends may be silent."""


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    to: str
    subject: str
    text: str


def post_folder(settings: Settings) -> Path:
    """Return the folder of the mails, beside the demo's database."""
    return folder_of_visit(settings, "post")


def mails(settings: Settings) -> list[Mail]:
    """Return the mails that arrived, the newest first."""
    files = sorted(post_folder(settings).glob("*.eml"), reverse=True)
    return list(map(_read, files))


def take_in(settings: Settings, stop: Event) -> None:
    """Take in mail until told to stop."""
    folder = post_folder(settings)

    class Taking(_Conversation):
        into = folder

    with ThreadingTCPServer(("127.0.0.1", settings.smtp_port), Taking) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        stop.wait()
        server.shutdown()


class _Conversation(StreamRequestHandler):
    """An SMTP conversation (RFC 5321) of a server that takes everything."""

    into: Path
    timeout = NO_MORE_THAN

    def handle(self) -> None:
        """Answer line by line."""
        self._say("220 demo")
        while line := self.rfile.readline(LONGEST):
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                keep_mail(self.into, self._whole_mail())
            if word == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 well")

    def _whole_mail(self) -> bytes:
        """Return the lines up to the lone dot, without the dots that were doubled."""
        lines: list[bytes] = []
        while (line := self.rfile.readline(LONGEST)) not in (b".\r\n", b""):
            # RFC 5321, 4.5.2: who sends puts a dot before a line that begins with one
            if line.startswith(b".."):
                line = line.removeprefix(b".")
            lines.append(line)
        return b"".join(lines)[:LONGEST]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def keep_mail(folder: Path, mail: bytes) -> None:
    """Keep one mail. It has its name once it is whole."""
    unfinished = folder / f"{time_ns()}.new"
    unfinished.write_bytes(mail)
    unfinished.rename(unfinished.with_suffix(".eml"))
    for old in sorted(folder.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


def _read(file: Path) -> Mail:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body()
    if body is not None:
        text = body.get_content()
    else:
        text = ""
    lines = text.replace("\r\n", "\n")
    return Mail(to=str(mail["To"]), subject=str(mail["Subject"]), text=lines)
