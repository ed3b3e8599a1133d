"""Webhook load: signed requests, made beforehand, sent by a small C program; by Python where there is no compiler."""

import asyncio
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from concierge.channels.signature import sign

PEOPLE = 5_000
LENGTH = 1_024  # bytes of a body
ASKS = "Please remind me tomorrow at 9am to ask about my parcel. "
TALKS = "It was expected some time ago and nobody has called me back. "


class Load(msgspec.Struct, frozen=True):
    """What came of it: answers with 200 a second, latencies in ms, and answers with anything else."""

    rate: float
    p50: float
    p99: float
    refused: int


def requests(run: str, count: int, *, account: str, secret: str) -> list[bytes]:
    """Distinct messages by PEOPLE senders, as Meta delivers them; `run` keeps their ids from those of other runs."""
    return [_request(run, n, account, secret) for n in range(count)]


def fire(
    made: list[bytes], *, port: int, connections: int, seconds: float, rate: float = 0.0, warm_up: float = 0.5
) -> Load:
    """Send them. `rate` 0: as fast as they are answered."""
    program = _compiled()
    if program is None:
        return asyncio.run(_fire(made, port, connections, warm_up, seconds))
    command = [program, str(port), str(connections), str(warm_up), str(seconds), str(rate)]
    data = b"".join(struct.pack("I", len(each)) + each for each in made)
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"load: {done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Load)


def _request(run: str, n: int, account: str, secret: str) -> bytes:
    sender = f"1650{n % PEOPLE:07}"
    message = {
        "from": sender,
        "id": f"wamid.HBgLMTY1MDUzOTg{run}{n:010}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": ""},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": account},
        "contacts": [{"profile": {"name": "Sheena Nelson"}, "wa_id": sender}],
        "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    payload = {"object": "whatsapp_business_account", "entry": [entry]}
    room = LENGTH - len(json.dumps(payload, separators=(",", ":")))
    message["text"] = {"body": (ASKS + TALKS * 20)[:room]}
    body = json.dumps(payload, separators=(",", ":")).encode()
    head = (
        "POST /webhook/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nX-Hub-Signature-256: {sign(body, secret)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


_program: Path | None = None


def _compiled() -> Path | None:
    global _program  # noqa: PLW0603  compiled once a run
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if sys.platform != "linux" or compiler is None:
        return None
    if _program is None:
        program = Path(tempfile.mkdtemp(prefix="concierge-bench-")) / "load"
        subprocess.run([compiler, "-O2", "-o", program, Path(__file__).with_name("load.c")], check=True)
        _program = program
    return _program


async def _fire(made: list[bytes], port: int, connections: int, warm_up: float, seconds: float) -> Load:
    """The same in Python, which is itself the bottleneck beyond some thousand requests a second."""
    left = iter(made)
    begin = time.monotonic() + warm_up
    latencies: list[float] = []
    refused = 0

    async def ask_again_and_again() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (since := time.monotonic()) < begin + seconds:
            writer.write(next(left))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
            if since >= begin:
                latencies.append((time.monotonic() - since) * 1000)
                refused += not head.startswith(b"http/1.1 200")
        writer.close()

    await asyncio.gather(*(ask_again_and_again() for _ in range(connections)))
    latencies.sort()
    rate = (len(latencies) - refused) / seconds
    return Load(rate, latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100], refused)
