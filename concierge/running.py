"""`concierge run`: everything on one machine, from nothing. Postgres, migrations, a tenant, web and worker.

What has to last between runs (the data, the keys) lies in `.concierge/`. Ctrl-C stops the processes in order: web
first, so that nothing more arrives, then the worker, then Postgres.
"""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet

from concierge import settings as environment
from concierge.errors import ConciergeError
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.settings import Settings
from concierge.tenants.seeding import seed
from concierge.tree import ProcessTree
from concierge.wiring import wire

HOME = Path(".concierge")
ENVIRONMENT = HOME / "env"


def local_environment() -> dict[str, str]:
    """The process's environment over what `.concierge/env` remembers of the last run."""
    remembered = dict(line.split("=", 1) for line in _lines(ENVIRONMENT) if "=" in line)
    return remembered | dict(os.environ)


def run() -> int:
    """Start everything, wait for Ctrl-C, stop everything. The exit status."""
    with contextlib.ExitStack() as stack:
        environ = _prepared(stack)
        settings = environment.load(environ)
        _require_free_port(settings)
        asyncio.run(_prepare_database(settings))
        return asyncio.run(ProcessTree(settings, environ).run(banner(settings)))


def _prepared(stack: contextlib.ExitStack) -> dict[str, str]:
    """The environment of a development machine: generated keys, and an embedded Postgres unless there is another."""
    HOME.mkdir(exist_ok=True)
    environ = local_environment()
    environ.setdefault("CONCIERGE_ENV", "development")
    environ.setdefault("CONCIERGE_SECRET_KEYS", Fernet.generate_key().decode())
    environ.setdefault("ADMIN_API_KEY", secrets.token_urlsafe(24))
    if not os.environ.get("DATABASE_URL"):
        print("Starting Postgres in .concierge/ …", flush=True)
        environ["DATABASE_URL"] = stack.enter_context(EmbeddedPostgres(HOME / "postgres", durable=True)).url
    remembered = ("CONCIERGE_ENV", "CONCIERGE_SECRET_KEYS", "ADMIN_API_KEY", "DATABASE_URL")
    _write_privately(ENVIRONMENT, "".join(f"{name}={environ[name]}\n" for name in remembered))
    return environ


async def _prepare_database(settings: Settings) -> None:
    applied = await migrate(settings.database_url.reveal(), lambda _line: None)
    if applied:
        print(f"Applied {len(applied)} migrations.", flush=True)
    runtime = wire(settings, name="seed")
    await runtime.pool.open()
    try:
        await seed(runtime)
    finally:
        await runtime.close()


def banner(settings: Settings) -> str:
    """What runs, what is pretended, and what to try."""
    url = f"http://{settings.host}:{settings.port}"
    model = "Claude" if settings.anthropic_api_key else "local (no ANTHROPIC_API_KEY): simple English only"
    unsigned = [
        name
        for name, secret in (("email", settings.email_webhook_secret), ("whatsapp", settings.whatsapp_app_secret))
        if secret is None
    ]
    lines = [
        "",
        f"Concierge is ready at {url}",
        "",
        f"  model       {model}",
        f"  email       {settings.email_address}, sent by {_sender(settings.email_transport)}",
        f"  whatsapp    {settings.whatsapp_phone_number_id}, sent by {_sender(settings.whatsapp_transport)}",
    ]
    if unsigned:
        lines.append(f"  signatures  OFF for {' and '.join(unsigned)}: anybody can post here (development only)")
    lines += [
        f"  operators   x-api-key: {settings.admin_api_key.reveal() if settings.admin_api_key else '(none)'}",
        "",
        "Try it:",
        f"  curl {url}/webhook/email -H 'Content-Type: application/json' -d '{{",
        f'    "messageId": "msg-001", "from": "alice@example.com", "to": "{settings.email_address}",',
        '    "subject": "Follow up", "timestamp": "2025-01-15T10:00:00Z",',
        '    "textBody": "Follow up with Dr office next Friday morning about test results."}\'',
        "",
        "  make ops Q=outbox       what was said (the sandbox keeps and shows it)",
        "  make ops                other questions to ask",
        "  make demo               the whole story in twenty seconds",
        "",
        "Ctrl-C stops it; nothing is lost.",
    ]
    return "\n".join(lines)


def _sender(transport: str) -> str:
    return "the sandbox: kept and shown, not sent" if transport == "sandbox" else transport


def _require_free_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            why = f"port {settings.port} cannot be used ({error.strerror}); choose another: PORT=3001"
            raise ConciergeError(why) from None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lines(path: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError):
        yield from path.read_text(encoding="utf-8").splitlines()


def _write_privately(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
