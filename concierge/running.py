"""`concierge run`: everything on one machine, from nothing. Postgres, migrations, a tenant, web and worker.

What has to last between runs (the data, the keys) lies in `.concierge/`. Ctrl-C stops the processes in order: web
first, so that nothing more arrives, then the worker, then Postgres. Whichever of them ends by itself is started again.
"""

import asyncio
import contextlib
import gc
import secrets
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet

from concierge import environ as variables
from concierge import settings as environment
from concierge.errors import ConciergeError, SettingsError
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.secret import Secret
from concierge.settings import Settings
from concierge.simulators.accounts import accounts
from concierge.tree import ProcessTree

HOME = Path(".concierge")
KEYS: Mapping[str, Callable[[], str]] = {
    "CONCIERGE_SECRET_KEYS": lambda: Fernet.generate_key().decode(),
    "ADMIN_API_KEY": lambda: secrets.token_urlsafe(24),
    "CONSOLE_PASSWORD": lambda: secrets.token_urlsafe(12),
}
CHILDREN = (("web",), ("worker",))  # stopped in this order
SIMULATED = (
    "  make simulate           write by WhatsApp, and see the answer with its ticks",
    '  make simulate SAY="Remind me in 1 minute to stretch"',
    "",
)
SIMULATOR = ("simulate", "serve")
PLACE = ("CONCIERGE_ENV", "DATABASE_URL", "HOST", "PORT")


def run(*, simulate: bool = False) -> int:
    """Start everything, wait for Ctrl-C, stop everything. The exit status.

    `simulate`: with a simulator in Meta's place, and a database of its own for what is only played.
    """
    with contextlib.ExitStack() as stack:
        environ, postgres = _prepared(stack, simulate=simulate)
        settings = environment.load(environ)
        _require_free_port(settings)
        variables.remember(environ, KEYS)  # before anything is sealed with them
        tree = ProcessTree(settings, environ, [*CHILDREN, *([SIMULATOR] if simulate else [])])

        async def prepared() -> str:
            from concierge.preparing import prepare  # noqa: PLC0415  loaded while the processes load, not before

            if applied := await prepare(settings):
                print(f"Applied {len(applied)} migrations.", flush=True)
            variables.remember(environ, (*KEYS, *PLACE, *(accounts(0) if simulate else ())))
            gc.freeze()
            gc.enable()
            return banner(settings, simulate=simulate)

        gc.disable()  # until all is loaded
        return asyncio.run(standing_on(postgres, tree, prepared))


async def standing_on(
    postgres: EmbeddedPostgres | None, tree: ProcessTree, prepare: Callable[[], Awaitable[str]]
) -> int:
    """Run the tree; whenever its server ends, start it again, to which the processes come back by themselves.

    The exit status; 1 where it could not be started again, which ends the processes.
    """
    if postgres is None:
        return await tree.run(prepare)
    kept = asyncio.create_task(_keep(postgres))
    kept.add_done_callback(lambda _: tree.stop.set())
    status = await tree.run(prepare)
    if not kept.done():
        kept.cancel()
        return status
    print(f"concierge: {kept.exception()}", file=sys.stderr)
    return 1


async def _keep(postgres: EmbeddedPostgres) -> None:
    """Start it again at most once a second. Raises EmbeddedPostgresError where it does not start."""
    while True:
        await _readable(postgres.ended)
        print("Postgres ended; starting it again", flush=True)
        await asyncio.gather(asyncio.to_thread(postgres.start_again), asyncio.sleep(1))


async def _readable(descriptor: int) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


def _prepared(stack: contextlib.ExitStack, *, simulate: bool) -> tuple[dict[str, str], EmbeddedPostgres | None]:
    """What is given; else the keys of the last run or new ones, development, and an embedded Postgres."""
    environ, remembered = variables.given(), variables.here()
    for name, make in KEYS.items():
        if not _has(environ, name):
            environ[name] = remembered.get(name) or make()
    if not _has(environ, "CONCIERGE_ENV"):
        environ["CONCIERGE_ENV"] = "development"
    if simulate:
        _pretend(environ)
    postgres = None
    if not _has(environ, "DATABASE_URL"):
        print("Starting Postgres in .concierge/ …", flush=True)
        HOME.mkdir(exist_ok=True)
        folder = HOME / ("simulated" if simulate else "postgres")
        postgres = stack.enter_context(EmbeddedPostgres(folder, durable=True))
        environ["DATABASE_URL"] = postgres.url
    return environ, postgres


def _pretend(environ: dict[str, str]) -> None:
    """Accounts at the simulator in place of any that are given. Raises SettingsError where that could do harm."""
    if environ["CONCIERGE_ENV"] != "development":
        raise SettingsError("a simulator is for development; CONCIERGE_ENV says otherwise")
    if _has(environ, "DATABASE_URL"):
        raise SettingsError("with a simulator there is a database of its own; run it without DATABASE_URL")
    for name, value in accounts(free_port()).items():
        environ.pop(f"{name}_FILE", None)
        environ[name] = value


def _has(environ: dict[str, str], name: str) -> bool:
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def banner(settings: Settings, *, simulate: bool = False) -> str:
    """What runs, what is pretended, and what to try."""
    url = f"http://{settings.host}:{settings.port}"
    model = "Claude" if settings.anthropic_api_key else "local (no ANTHROPIC_API_KEY): simple English only"
    unsigned = [
        name
        for name, secret in (("email", settings.email_webhook_secret), ("whatsapp", settings.whatsapp_app_secret))
        if secret is None
    ]
    whatsapp = "a simulator on this machine" if simulate else _sender(settings.whatsapp_transport)
    lines = [
        "",
        f"Concierge is ready at {url}",
        "",
        f"  model       {model}",
        f"  email       {settings.email_address}, sent by {_sender(settings.email_transport)}",
        f"  whatsapp    {settings.whatsapp_phone_number_id}, sent by {whatsapp}",
    ]
    if unsigned:
        lines.append(f"  signatures  OFF for {' and '.join(unsigned)}: anybody can post here (development only)")
    lines += [
        f"  console     {url}/console, login {settings.console_login}, password {_revealed(settings.console_password)}",
        f"  API         x-api-key: {_revealed(settings.admin_api_key)}",
        "",
        f"Try it: {url}/ has a chat and shows what becomes of each message; or",
        f"  curl {url}/webhook/email -H 'Content-Type: application/json' -d '{{",
        f'    "messageId": "msg-001", "from": "alice@example.com", "to": "{settings.email_address}",',
        '    "subject": "Follow up", "timestamp": "2025-01-15T10:00:00Z",',
        '    "textBody": "Follow up with Dr office next Friday morning about test results."}\'',
        "",
        *(SIMULATED if simulate else ()),
        "  make ops Q=outbox       what was said (the sandbox keeps and shows it)",
        "  make ops                other questions to ask",
        "  make demo               the whole story in ten seconds; RUNNING=1 plays a part of it here",
        "",
        "Ctrl-C stops it; nothing is lost.",
    ]
    return "\n".join(lines)


def _revealed(secret: Secret | None) -> str:
    return secret.reveal() if secret else "(none)"


def _sender(transport: str) -> str:
    return "the sandbox: kept and shown, not sent" if transport == "sandbox" else transport


def _require_free_port(settings: Settings) -> None:
    if settings.port == 0:
        raise SettingsError("PORT=0 is for `concierge web` alone: others could not find it; choose one, such as 3001")
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
