"""Reads what Amazon SES says through SNS: mail that came in, and what became of mail that went out.

The account trusts topics by their ARN: in `settings["topic_arns"]`, or among its webhook secrets. SNS asks once whether
it may begin; the webhook's `?account=` names the account whose topics decide that.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.abilities import Fetching, Trusting
from concierge.channels.decoding import decoded
from concierge.channels.email import ses_events, ses_received
from concierge.channels.email.door import MailDoor
from concierge.channels.email.objects import Objects
from concierge.channels.email.sns import Sns
from concierge.channels.email.sns_envelope import Envelope, opened
from concierge.channels.model import ChannelAccount, Event, Inbound, Raw, Subscription
from concierge.errors import Malformed


class _Kind(Struct, rename="camel"):
    notification_type: str | None = None
    event_type: str | None = None


_kind = Decoder(_Kind)


class SesWebhook(MailDoor, Fetching, Trusting):
    """The reader of SES's notifications."""

    vendor = "ses"

    def __init__(self, sns: Sns | None = None, objects: Objects | None = None) -> None:
        self._sns = sns or Sns()
        self._objects = objects or Objects()

    def trusted(self, account: ChannelAccount) -> list[str]:
        """The topics the account trusts."""
        topics = account.settings.get("topic_arns")
        named = [str(one) for one in topics] if isinstance(topics, list) else []
        return named + [one for one in account.credentials.webhook_secrets if one.startswith("arn:")]

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether AWS signed the request for one of these topics. Raises NotStored while its certificate is missing."""
        return self._sns.authentic(raw, secrets)

    def read(self, raw: Raw) -> list[Event]:
        """The mail, the receipts or the question in the request. Raises Malformed."""
        envelope = opened(raw.body)
        if envelope.type == "SubscriptionConfirmation":
            return [self._asked(envelope, raw)]
        if envelope.type != "Notification" or not envelope.message.lstrip().startswith("{"):
            return []  # “Successfully validated SNS topic for Amazon SES event publishing.” is no JSON
        message = envelope.message.encode()
        kind = decoded(_kind, message, "/Message")
        if kind.notification_type == "Received":
            return ses_received.events_in(message, raw)
        return ses_events.events_in(message, kind.event_type or kind.notification_type or "", raw.received_at)

    async def prepare(self, raw: Raw, secrets: Sequence[str]) -> None:
        """Fetch the certificate that `authentic` needs."""
        await self._sns.prepare(raw, secrets)

    async def completed(self, events: Sequence[Event], accounts: Mapping[str, ChannelAccount]) -> list[Event]:
        """Mail that lies in S3 is fetched, subscriptions are confirmed and left out. Raises NotStored."""
        done: list[Event] = []
        for event in events:
            if isinstance(event, Subscription):
                await self._sns.confirm(event.url)
            elif isinstance(event, Inbound) and event.kind == ses_received.POINTER and event.account in accounts:
                place = ses_received.place_of(event)
                content = await self._objects.get(*place, accounts[event.account])
                done.extend(ses_received.completed(event, content))
            else:
                done.append(event)
        return done

    async def close(self) -> None:
        """Let go of connections."""
        await self._sns.close()
        await self._objects.close()

    def _asked(self, envelope: Envelope, raw: Raw) -> Subscription:
        url = envelope.subscribe_url or ""
        if not self._sns.is_amazons(url):
            raise Malformed("The SubscribeURL does not lead to Amazon SNS.", pointer="/SubscribeURL")
        return Subscription(account=raw.query.get("account", "").strip().lower(), url=url)
