"""Settings become a Runtime here, and the lists that a newcomer adds a line to."""

from collections.abc import Mapping
from pathlib import Path

from concierge.channels.email.generic import GenericEmail
from concierge.channels.email.ses import SesTransport
from concierge.channels.email.smtp import SmtpTransport
from concierge.channels.model import Channel, Fetcher, Transport
from concierge.channels.sandbox import SandboxTransport
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.clock import Clock, system_clock
from concierge.files.bucket import Bucket
from concierge.files.folder import Folder
from concierge.files.model import Files
from concierge.llm.anthropic import AnthropicModel
from concierge.llm.local import LocalModel
from concierge.llm.model import LanguageModel
from concierge.llm.redaction import Redacting
from concierge.postgres.pool import LONGEST, make_pool
from concierge.runtime import Runtime
from concierge.settings import Settings

CHANNELS: tuple[type[Channel], ...] = (GenericEmail, WhatsApp)
TRANSPORTS: tuple[type[Transport], ...] = (SandboxTransport, SesTransport, SmtpTransport, WhatsAppTransport)
FETCHERS: Mapping[str, type[Fetcher]] = {}  # by the channel whose attachments they fetch

POOL_SIZE = 10


def wire(settings: Settings, *, name: str, clock: Clock = system_clock, longest: float = LONGEST) -> Runtime:
    """A Runtime for one process; its pool is not open yet.

    `name` shows in pg_stat_activity; `longest` is how many seconds one statement may take.
    """
    return Runtime(
        settings=settings,
        clock=clock,
        pool=make_pool(settings.database_url.reveal(), size=POOL_SIZE, name=name, longest=longest),
        channels=channels(),
        transports={transport.name: transport for transport in (make() for make in TRANSPORTS)},
        model=model(settings),
        files=files(settings),
        fetchers={channel: make() for channel, make in FETCHERS.items()},
    )


def channels() -> Mapping[str, Channel]:
    """Every channel by name."""
    return {channel.name: channel for channel in (make() for make in CHANNELS)}


def model(settings: Settings) -> LanguageModel:
    """Claude where there is a key, else the local model, which needs nobody and sees what nobody else does."""
    if settings.anthropic_api_key is None:
        return LocalModel()
    claude = AnthropicModel(
        settings.anthropic_api_key.reveal(),
        settings.anthropic_base_url,
        models={"extract": settings.extract_model, "draft": settings.draft_model},
        timeout=settings.model_timeout_seconds,
    )
    return Redacting(claude, region=settings.phone_region)


def files(settings: Settings) -> Files:
    """The bucket where there is one, else the folder."""
    if settings.media_bucket is None:
        return Folder(Path(settings.media_folder))
    return Bucket(settings.media_bucket, access_key=settings.aws_access_key_id, secret=settings.aws_secret_access_key)
