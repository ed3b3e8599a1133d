"""Settings become a Runtime here, and the lists that a newcomer adds a line to."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from concierge.channels.abilities import Fetcher
from concierge.channels.email.brevo import Brevo
from concierge.channels.email.door import MailDoor
from concierge.channels.email.files import MailFiles
from concierge.channels.email.generic import GenericEmail
from concierge.channels.email.mailgun import Mailgun
from concierge.channels.email.postmark import Postmark
from concierge.channels.email.raw import RawMail
from concierge.channels.email.resend import Resend
from concierge.channels.email.sendgrid import SendGrid
from concierge.channels.email.ses import SesTransport
from concierge.channels.email.ses_webhook import SesWebhook
from concierge.channels.email.smtp import SmtpTransport
from concierge.channels.instagram.reading import Instagram
from concierge.channels.instagram.sending import InstagramTransport
from concierge.channels.meta_door import MetaDoor
from concierge.channels.model import Channel, Transport
from concierge.channels.sandbox import SandboxTransport
from concierge.channels.webchat import WebChatFiles, WebChatTransport
from concierge.channels.whatsapp.reading import WhatsApp
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.clock import Clock, system_clock
from concierge.egress.addresses import networks
from concierge.egress.calling import Egress
from concierge.errors import SettingsError
from concierge.files.bucket import Bucket
from concierge.files.folder import Folder
from concierge.files.model import Files
from concierge.llm.makers import MODELS
from concierge.llm.model import LanguageModel
from concierge.postgres.pool import LONGEST, make_pool
from concierge.runtime import Runtime
from concierge.settings import Settings

T = TypeVar("T")

CHANNELS: tuple[type[Channel], ...] = (GenericEmail, WhatsApp, Instagram, MetaDoor)
MAIL_DOORS: tuple[type[MailDoor], ...] = (Postmark, Mailgun, SendGrid, SesWebhook, Resend, Brevo, RawMail)
TRANSPORTS: tuple[type[Transport], ...] = (
    SandboxTransport,
    SesTransport,
    SmtpTransport,
    WebChatTransport,
    WhatsAppTransport,
    InstagramTransport,
)
FETCHERS: Mapping[str, type[Fetcher]] = {
    "email": MailFiles,
    "whatsapp": WhatsAppTransport,
    "instagram": InstagramTransport,
    "webchat": WebChatFiles,
}
"""Who gets the attachments of a channel's messages."""

POOL_SIZE = 10


def wire(
    settings: Settings, *, name: str, clock: Clock = system_clock, longest: float = LONGEST, steady: bool = False
) -> Runtime:
    """A Runtime for one process; its pool is not open yet.

    `name` shows in pg_stat_activity; `longest` is how many seconds one statement may take; `steady`: its
    statements are few, and come again and again.
    """
    return Runtime(
        settings=settings,
        clock=clock,
        pool=make_pool(settings.database_url.reveal(), size=POOL_SIZE, name=name, longest=longest, steady=steady),
        channels=channels(),
        transports={transport.name: transport for transport in (make() for make in TRANSPORTS)},
        models=(answering := models(settings)),
        chain=chain(settings, answering),
        files=files(settings),
        fetchers={channel: make() for channel, make in FETCHERS.items()},
        egress=Egress(networks(settings.egress_networks)),
    )


async def briefly(settings: Settings, name: str, do: Callable[[Runtime], Awaitable[T]]) -> T:
    """Do something for which everything is opened, and closed again."""
    runtime = wire(settings, name=name)
    await runtime.pool.open()
    try:
        return await do(runtime)
    finally:
        await runtime.close()


def channels() -> Mapping[str, Channel]:
    """Every channel by name; those of mail's other vendors as `email/<vendor>`."""
    doors = {f"email/{door.vendor}": door for door in (make() for make in MAIL_DOORS)}
    return {channel.name: channel for channel in (make() for make in CHANNELS)} | doors


def models(settings: Settings) -> Mapping[str, LanguageModel]:
    """Every model that is set up, by name."""
    made = {name: make(settings, None) for name, make in MODELS.items()}
    return {name: model for name, model in made.items() if model is not None}


def chain(settings: Settings, known: Collection[str]) -> tuple[str, ...]:
    """The models of MODELS; without that every one with a key, and where there is none the local one.

    Raises SettingsError for a name that nothing is set up for.
    """
    if odd := [name for name in settings.models or () if name not in known]:
        raise SettingsError(f"MODELS names {', '.join(odd)}; set up are {', '.join(known)}")
    return tuple(settings.models or [name for name in known if name != "local"] or ["local"])


def files(settings: Settings) -> Files:
    """The bucket where there is one, else the folder."""
    if settings.media_bucket is None:
        return Folder(Path(settings.media_folder))
    return Bucket(settings.media_bucket, access_key=settings.aws_access_key_id, secret=settings.aws_secret_access_key)
