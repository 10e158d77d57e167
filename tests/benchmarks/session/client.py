"""A browser of few words for the crowd: one kept connection, cookies, forms by their token.

No library needed.
"""

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.session.count import Tally

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"')
PATIENCE = 30


@dataclass
class Answer:
    """An answer that came back."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """One person's browser. Every answer is counted in `tally`, also a connection that broke."""

    port: int
    tally: Tally
    cookies: dict[str, str] = field(default_factory=dict)
    _pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask for a page; follow one redirect."""
        return await self._ask("GET", path, "")

    async def post(self, path: str, page: Answer, **fields: str) -> Answer:
        """Send a form of this page."""
        token = TOKEN.search(page.text)
        return await self._ask(
            "POST", path, urlencode({"csrf_token": token[1] if token else "", **fields})
        )

    async def first_visit(self, path: str) -> Answer:
        """A page with what it needs to be drawn, as on a phone that was never here."""
        page = await self.get(path)
        for asset in dict.fromkeys(ASSET.findall(page.text)):
            await self.get(asset)
        return page

    async def close(self) -> None:
        """Put the phone away."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None

    async def _ask(self, method: str, path: str, body: str) -> Answer:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._send(method, path, body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self.tally.broken(method, path)
            await self.close()
            return Answer(0, {}, "")
        self.tally.add(method, path, answer.status, asyncio.get_running_loop().time() - began)
        if answer.status in (302, 303):
            return await self._ask("GET", answer.headers["location"], "")
        return answer

    async def _send(self, method: str, path: str, body: str) -> Answer:
        if self._pipe is None:
            self._pipe = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._pipe
        if (
            reader.at_eof()
        ):  # a server closes connections that rested, and a browser then opens another
            await self.close()
            return await self._send(method, path, body)
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip;q=0"]
        lines += [f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}"]
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body.encode())}",
            ]
        writer.write("\r\n".join([*lines, "", body]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = self._headers(head[1:])
        status = int(head[0].split()[1])
        text = await _body(reader, headers) if status not in (204, 205, 304) else ""
        if headers.get("connection") == "close":
            await self.close()
        return Answer(status, headers, text)

    def _headers(self, lines: list[str]) -> dict[str, str]:
        found = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            found[name.lower()] = value.strip()
        return found


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> str:
    if headers.get("transfer-encoding") != "chunked":
        return (await reader.readexactly(int(headers.get("content-length", 0)))).decode(
            errors="replace"
        )
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(parts).decode(errors="replace")
