"""A person with a phone, at a terminal: types, and sees the conversation with its ticks."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from concierge.errors import ConciergeError
from concierge.settings import Settings
from concierge.simulators.meta import address
from concierge.simulators.talk import Said, Talk, line
from concierge.tls import trusted

PEOPLE = {"whatsapp": "15551234567", "instagram": "1239045817263544"}
LOOK = 0.2  # seconds between two looks
QUIET = 3.0  # seconds without a change after which nothing more is expected
PATIENCE = 15.0
SLOW = 5.0
PROMPT = "write: "
CLEAR, ROW, SAVE, RESTORE = "\x1b[2K", "\x1b[{};1H", "\x1b7", "\x1b8"


class Phone(Struct):
    """One person on one channel, through the simulator's own paths."""

    client: httpx.AsyncClient
    channel: str
    person: str
    talk: Talk = msgspec.field(default_factory=lambda: Talk([], version=-1))

    async def say(self, text: str) -> None:
        """Write it. Raises ConciergeError where nobody takes it."""
        answer = await self._ask("POST", "/play/say", {"channel": self.channel, "person": self.person, "text": text})
        if answer.status_code == 502:
            raise ConciergeError("the message was not taken: does the web process run, with the same settings?")

    async def next(self, told: dict[str, Any]) -> None:
        """Tell how our next request fares."""
        await self._ask("POST", "/play/next", told)

    async def changed(self) -> bool:
        """Look; whether anything is new."""
        answer = await self._ask("GET", f"/play/talk?person={self.person}&since={self.talk.version}")
        if answer.status_code == 304:
            return False
        self.talk = msgspec.json.decode(answer.content, type=Talk)
        return True

    async def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            answer = await self.client.request(method, path, json=body)
        except httpx.TransportError:
            url = self.client.base_url
            raise ConciergeError(f"no simulator answers at {url}; `make run SIMULATE=1` starts one") from None
        if answer.status_code == 401:
            raise ConciergeError("the simulator has another WHATSAPP_ACCESS_TOKEN than these settings")
        return answer


async def act(
    settings: Settings, action: str, word: str | None, *, channel: str, person: str | None, wait: float | None
) -> None:
    """Do what the command says: talk, say something, or tell how our next request fares."""
    token = settings.whatsapp_access_token
    headers = {"authorization": f"Bearer {token.reveal() if token else ''}"}
    async with httpx.AsyncClient(base_url=address(settings), headers=headers, verify=trusted()) as client:
        held = Phone(client, channel, person or PEOPLE[channel])
        match action, word:
            case "talk", None:
                await converse(held)
            case "say", str(text):
                await say(held, text, wait=wait)
            case "next", "lost":
                await held.next({"lost": True})
            case "next", "slow":
                await held.next({"slow": SLOW})
            case "next", str(code) if code.isdecimal():
                await held.next({"code": int(code)})
            case _:
                raise ConciergeError(f"{word} is not an error code, nor `lost` or `slow`")


async def say(held: Phone, text: str, *, wait: float | None) -> None:
    """Write one message, wait for what comes of it (or `wait` seconds), print this part of the conversation."""
    await held.changed()
    before = len(held.talk.said)
    await held.say(text)
    await _quiet(held, wait)
    for each in held.talk.said[before:]:
        print(_line(each))


async def converse(held: Phone) -> None:
    """Write what is typed until the input ends, and show the conversation all the while."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for text in filter(None, map(str.strip, await asyncio.to_thread(sys.stdin.readlines))):
            await say(held, text, wait=None)
        return
    typed: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), lambda: typed.put_nowait(os.read(sys.stdin.fileno(), 4096).decode()))
    try:
        _show(held.talk.said, prompt=True)
        while True:
            if await held.changed():
                _show(held.talk.said, prompt=False)
            if not typed.empty():
                if not (text := typed.get_nowait()):
                    return
                if text.strip():
                    await held.say(text.strip())
                _show(held.talk.said, prompt=True)
            await asyncio.sleep(LOOK)
    finally:
        loop.remove_reader(sys.stdin.fileno())
        print()


async def _quiet(held: Phone, wait: float | None) -> None:
    begun = last = time.monotonic()
    while (now := time.monotonic()) < begun + (PATIENCE if wait is None else wait):
        if await held.changed():
            last = now
        elif wait is None and now > last + QUIET:
            return
        await asyncio.sleep(LOOK)


def _show(said: Sequence[Said], *, prompt: bool) -> None:
    """The end of the conversation over the line that is typed in, which is left as it is unless it begins anew."""
    width, height = shutil.get_terminal_size()
    parts = [part for each in said for part in _line(each).split("\n")]
    lines = [part[at : at + width] for part in parts for at in range(0, len(part), width)][-(height - 2) :]
    rows = [ROW.format(n) + CLEAR + text for n, text in enumerate([*lines, *[""] * (height - 1 - len(lines))], 1)]
    bottom = ROW.format(height) + CLEAR + PROMPT if prompt else ""
    print((SAVE + "".join(rows) + RESTORE) + bottom, end="", flush=True)


def _line(said: Said) -> str:
    return line(said, clock=f"{datetime.fromtimestamp(said.at).astimezone():%H:%M:%S}")
