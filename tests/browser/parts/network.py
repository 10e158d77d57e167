"""A network between a phone and the site that a test can cut: refused, or broken off."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from threading import Lock, Thread


class Network:
    """Passes every connection on to the site while it is up."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._left: float = inf  # bytes that still pass
        self._one_at_a_time = Lock()
        self.is_up = True
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the site, through this network."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection off, and refuse new ones."""
        self.is_up = False
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def cut_after(self, how_many: int) -> None:
        """Cut once so many bytes more went through, to or fro."""
        self._left = how_many

    def _cut_unless_mended(self) -> None:
        """Cut, unless somebody mended the network since the last byte went through."""
        with self._one_at_a_time:
            if self._left <= 0:
                self.cut()

    def lead_to(self, port: int) -> None:
        """Lead to a site on another port from now on."""
        self._to_port = port

    def mend(self) -> None:
        """Let everything through again."""
        with self._one_at_a_time:
            self._left = inf
            self.is_up = True

    def close(self) -> None:
        """End."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                phone, _address = self._listening.accept()
                if self.is_up:
                    Thread(target=self._connect, args=(phone,), daemon=True).start()
                else:
                    phone.close()

    def _connect(self, phone: socket.socket) -> None:
        try:
            site = socket.create_connection(("127.0.0.1", self._to_port))
        except OSError:
            phone.close()
            return
        self._open += [phone, site]
        Thread(target=self._pass_on, args=(phone, site), daemon=True).start()
        self._pass_on(site, phone)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                with self._one_at_a_time:
                    passes = int(min(self._left, len(data)))
                    self._left -= passes
                other.sendall(data[:passes])
                if passes < len(data):
                    self._cut_unless_mended()
                    break
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def network_to(url: str) -> Iterator[Network]:
    """A network of its own to a site."""
    network = Network(int(url.rpartition(":")[2]))
    try:
        yield network
    finally:
        network.close()
