"""Webhooks: read, prove, keep, answer. Raw ASGI, because this is the path that must be short.

200 once the message is stored, 401 and 400 for what is not authentic or not readable, 408 and 413 for what comes too
slowly or is too much, 503 when nothing could be stored: then the provider delivers it again.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

import msgspec
from litestar.handlers import asgi
from litestar.types import HTTPScope, Receive, Scope, Send
from psycopg import OperationalError

from concierge.channels.meta_door import MetaDoor
from concierge.channels.model import Channel, ChannelAccount, Echo, Inbound, Notice, OptOut, Raw, Receipt, Renamed
from concierge.errors import Missing, NotAllowed, NotStored, Rejected
from concierge.inbox.arrival import Arrivals
from concierge.inbox.authenticity import accepts, evidence, prove
from concierge.inbox.model import Delivery
from concierge.inbox.routing import addressees, routed
from concierge.inbox.store import Kept
from concierge.log import correlate, logger
from concierge.runtime import Runtime
from concierge.secret import Secret
from concierge.settings import Settings
from concierge.tenants.directory import Directory
from concierge.web.correlation import correlation_id
from concierge.web.patience import within
from concierge.web.problems import problem
from concierge.web.reading import read_body

PATHS = {
    "/webhook/email": "email",
    "/webhook/email/postmark": "email/postmark",
    "/webhook/email/mailgun": "email/mailgun",
    "/webhook/email/mailgun/mime": "email/mailgun",
    "/webhook/email/sendgrid": "email/sendgrid",
    "/webhook/email/ses": "email/ses",
    "/webhook/email/resend": "email/resend",
    "/webhook/email/brevo": "email/brevo",
    "/webhook/email/raw": "email/raw",
    "/webhook/whatsapp": "whatsapp",
    "/webhooks/whatsapp": "whatsapp",
    "/api/webhooks/whatsapp": "whatsapp",
    "/webhook/instagram": "instagram",
    "/webhook/meta": "meta",
}
OTHERS = (Renamed, Echo, Notice)
ACTED_ON = (Inbound, Receipt, OptOut, *OTHERS)

ASKING = 5.0  # seconds to wait for what the database knows of the accounts

T = TypeVar("T")

log = logger(__name__)


class Door:
    """Takes webhooks in for one web process."""

    def __init__(self, runtime: Runtime, arrivals: Arrivals, directory: Directory) -> None:
        self.runtime = runtime
        self.arrivals = arrivals
        self.directory = directory

    async def answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """One request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        correlation = correlation_id(headers.get("x-correlation-id"))
        channel = self.runtime.channels[PATHS[scope["path"].rstrip("/")]]
        with correlate(correlation):
            try:
                body, kind = await self._taken(channel, scope, receive, headers, correlation)
                status = 200
            except Rejected as error:
                log.warning("webhook refused", channel=channel.name, status=error.status, reason=str(error))
                status, kind = error.status, b"application/problem+json"
                body = msgspec.json.encode(problem(error, correlation, instance=scope["path"]))
        await _respond(send, status, kind, body, correlation)

    async def _taken(
        self, channel: Channel, scope: HTTPScope, receive: Receive, headers: dict[str, str], correlation: str
    ) -> tuple[bytes, bytes]:
        """The answer and its media type. Whatever goes wrong unforeseen, nothing was stored: NotStored."""
        try:
            if scope["method"] == "POST":
                raw = await self._raw(scope, headers, receive)
                return await self._receive(channel, raw, correlation), b"application/json"
            return self._challenge(channel, scope), b"text/plain"
        except Rejected:
            raise
        except (OperationalError, TimeoutError) as error:
            log.warning("database away", error=type(error).__name__)
            raise NotStored from None
        except Exception as error:
            log.error("surprise", channel=channel.name, error=type(error).__name__, exc_info=error)  # noqa: TRY400
            raise NotStored from error

    async def _raw(self, scope: HTTPScope, headers: dict[str, str], receive: Receive) -> Raw:
        body = await read_body(headers.get("content-length", ""), receive, self.runtime.settings.webhook_max_bytes)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"))) if scope["query_string"] else {}
        return Raw(headers=headers, body=body, received_at=self.runtime.clock(), query=query)

    async def _receive(self, channel: Channel, raw: Raw, correlation: str) -> bytes:
        development = self.runtime.settings.concierge_env == "development"
        if isinstance(channel, MetaDoor):
            channel = channel.reader(raw)
        application = _application_secrets(self.runtime, channel.name)
        events = channel.read(raw)
        witness = {raw.query.get("account", "").strip().lower()} - {""}  # proves what names nobody we know
        known = await within(ASKING, self.directory.find(channel.name, addressees(events) | witness))
        trusted = [secret for account in known.values() for secret in evidence(channel, account)]
        await self.runtime.prepare(channel, raw, [*trusted, *application])
        proof: dict[str, Any] = {"application": application, "development": development}
        events = routed(events, known, lambda account: accepts(channel, raw, account, **proof))
        named = {event.account for event in events}
        known = _only(named, known) or _only(witness, known)
        prove(channel, raw, known=known, named=named, **proof)
        events = await self.runtime.complete(channel, events, known)
        if not any(isinstance(each, ACTED_ON) for each in events):
            return _verdict([], "ignored")
        messages = [event for event in events if isinstance(event, Inbound)]
        delivery = Delivery(
            channel=channel.name,
            messages=[(known[each.account], each) for each in messages if each.account in known],
            receipts=[(known[e.account], e) for e in events if isinstance(e, Receipt) and e.account in known],
            opt_outs=[(known[e.account], e) for e in events if isinstance(e, OptOut) and e.account in known],
            others=[(known[e.account], e) for e in events if isinstance(e, OTHERS) and e.account in known],
            unrouted=[each for each in messages if each.account not in known],
            correlation_id=correlation,
        )
        kept = await self.arrivals.accept(delivery)
        reported = delivery.receipts or delivery.others or delivery.opt_outs
        return _verdict(kept, "accepted" if reported else "ignored")

    def _challenge(self, channel: Channel, scope: HTTPScope) -> bytes:
        if scope["method"] not in {"GET", "HEAD"}:
            raise NotAllowed
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if (challenge := channel.challenge(query, _verify_tokens(self.runtime.settings, channel.name))) is None:
            raise Missing("this channel has no verification request")
        return challenge.encode()


@asgi(list(PATHS), copy_scope=False)
async def webhook(scope: Scope, receive: Receive, send: Send) -> None:
    """Any webhook of any channel."""
    door: Door = scope["litestar_app"].state.door
    await door.answer(cast("HTTPScope", scope), receive, send)


async def _respond(send: Send, status: int, kind: bytes, body: bytes, correlation: str) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"x-correlation-id", correlation.encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _only(names: AbstractSet[str], known: Mapping[str, ChannelAccount]) -> dict[str, ChannelAccount]:
    return {name: account for name, account in known.items() if name in names}


def _verdict(kept: Sequence[Kept], otherwise: str) -> bytes:
    """One answer for the whole request, in the words of every seed."""
    statuses = {each.status for each in kept}
    status = next((each for each in ("accepted", "duplicate", "ignored") if each in statuses), otherwise)
    first = next((each.inbound_id for each in kept if each.status == status and each.inbound_id), None)
    return msgspec.json.encode({"ok": True, "success": True, "status": status, "inboundId": first})


def _verify_tokens(settings: Settings, channel: str) -> list[str]:
    """What Meta may prove itself with when a webhook is set up; its one address takes those of both products."""
    tokens = {"whatsapp": settings.whatsapp_verify_token, "instagram": settings.instagram_verify_token}
    return [token.reveal() for name, token in tokens.items() if token and channel in {name, "meta"}]


def _application_secrets(runtime: Runtime, channel: str) -> list[str]:
    secrets: dict[str, Secret | None] = {
        "whatsapp": runtime.settings.whatsapp_app_secret,
        "instagram": runtime.settings.instagram_app_secret,
        "email": runtime.settings.email_webhook_secret,
    }
    secret = secrets.get(channel)
    return [secret.reveal()] if secret else []
