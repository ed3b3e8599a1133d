"""Sends through Amazon SES, API v2, as raw MIME: simple content would lose headers and threading.

Retries of the SDK are off: it repeats time-outs and 5xx by itself, which would send mail twice.
Codes: AWS, SES API v2 reference, “SendEmail: errors”.
An error that is not in the table: HTTP 4xx is refused, 429 not accepted, anything else unknown.
"""

import asyncio
from contextlib import AsyncExitStack
from types import MappingProxyType
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from concierge.aws import session
from concierge.channels.email.aws import keys
from concierge.channels.email.composing import composed
from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, Unknown

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 20.0  # seconds
KEPT = 2_000

# fmt: off
_TABLE: list[tuple[type[SendError], tuple[str, ...], str]] = [
    (NotAccepted, ("TooManyRequestsException", "ThrottlingException", "Throttling"), "too fast"),
    (NotAccepted, ("LimitExceededException",), "sending quota: slow down"),
    (AccountStopped, ("SendingPausedException", "AccountSuspendedException"), "paused by AWS"),
    (AccountStopped, ("MailFromDomainNotVerifiedException", "NotFoundException"), "identity or configuration set"),
    (AccountStopped, ("AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId"), "keys"),
    (AccountStopped, ("InvalidSignatureException", "SignatureDoesNotMatch", "ExpiredTokenException"), "keys or clock"),
    (Refused, ("MessageRejected", "BadRequestException"), "this message"),
]
# fmt: on

OUTCOMES = MappingProxyType({code: outcome for outcome, codes, _ in _TABLE for code in codes})


class SesTransport:
    """Hands one mail to SES, which reports through SNS where a configuration set says so (`ses_webhook`)."""

    name = "ses"
    receipts = True

    def __init__(self, *, connect_timeout: float = CONNECT_TIMEOUT, read_timeout: float = READ_TIMEOUT) -> None:
        self._timeouts = {"connect_timeout": connect_timeout, "read_timeout": read_timeout}
        self._clients: dict[tuple[str | None, ...], Any] = {}
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """One SendEmail. SES replaces our Message-ID by one made of the id it answers with."""
        request: dict[str, Any] = {
            "Content": {"Raw": {"Data": composed(message, account).as_bytes()}},
            "EmailTags": [
                {"Name": "outbound_id", "Value": str(message.id)},
                {"Name": "attempt", "Value": str(message.attempt)},
            ],
        }
        if account.settings.get("configuration_set"):
            request["ConfigurationSetName"] = account.settings["configuration_set"]
        client = await self._client(account)
        try:
            answer = await client.send_email(**request)
        except ClientError as error:
            raise failure(error) from error
        except BotoCoreError as error:
            raise _without_answer(error) from error
        if not answer.get("MessageId"):
            raise Unknown("SES did not name the message.", code="unreadable")
        return Accepted(provider_message_id=answer["MessageId"])

    async def close(self) -> None:
        """Close the clients."""
        self._clients.clear()
        await self._open.aclose()

    async def _client(self, account: ChannelAccount) -> Any:
        """The open client for the account's region, endpoint and keys. Raises AccountStopped."""
        from aiobotocore.config import AioConfig  # noqa: PLC0415 - see concierge/aws.py

        key, secret = keys(account)
        where = (account.settings.get("region"), account.settings.get("endpoint_url"))
        identity = (*where, key, secret)
        async with self._opening:
            if identity not in self._clients:
                try:
                    client = session().client(
                        "sesv2",
                        region_name=where[0],
                        endpoint_url=where[1],
                        aws_access_key_id=key,
                        aws_secret_access_key=secret,
                        config=AioConfig(retries={"total_max_attempts": 1}, **self._timeouts),
                    )
                    self._clients[identity] = await self._open.enter_async_context(client)
                except (BotoCoreError, ValueError) as error:
                    raise AccountStopped(f"SES cannot be used with these settings: {error}", code="settings") from error
            return self._clients[identity]


def failure(error: ClientError) -> SendError:
    """The outcome an error answer of SES proves."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
    outcome = OUTCOMES.get(code)
    if outcome is None:
        outcome = NotAccepted if status == 429 else Refused if 400 <= status < 500 and status != 408 else Unknown
    return outcome(str(error), code=code, response=str(error)[:KEPT])


def _without_answer(error: BotoCoreError) -> SendError:
    if isinstance(error, NoCredentialsError | PartialCredentialsError | NoRegionError | InvalidRegionError):
        return AccountStopped(str(error), code="settings")
    if isinstance(error, ParamValidationError):
        return Refused(str(error), code="parameters")
    if isinstance(error, ConnectTimeoutError | ProxyConnectionError | CredentialRetrievalError) or _never_connected(
        error
    ):
        return NotAccepted(str(error), code="no-connection")
    return Unknown(str(error), code="no-answer")


def _never_connected(error: BotoCoreError) -> bool:
    """Whether no connection came about.

    aiobotocore says EndpointConnectionError for a connection that was reset after the request as well; only the error
    below it tells one from the other.
    """
    from aiohttp import ClientConnectorError  # noqa: PLC0415 - see _client

    return isinstance(error.kwargs.get("error"), ClientConnectorError)
