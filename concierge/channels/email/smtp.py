"""Sends through any SMTP server. Where it is a vendor's that reports in webhooks, the mail carries our mark (`relays`).

| | connecting, TLS, login | MAIL, RCPT | DATA |
|---|---|---|---|
| 4yz (RFC 5321 4.2.1: "not accepted") | not accepted | not accepted | not accepted |
| 530, 534, 535, 538 (RFC 4954) | account stopped | account stopped | account stopped |
| 5yz with 5.1.x, 5.2.1, 5.4.4 (RFC 3463: nobody there) | account stopped | refused; not written to again | so |
| any other 5yz | account stopped | refused | refused |
| connection lost, silence, nonsense | not accepted | not accepted | unknown: the server may have queued it |
"""

from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from concierge.channels.email.composing import composed, message_id
from concierge.channels.email.relays import headers_for
from concierge.channels.email.returned import GONE
from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, Unknown, Unwanted

ACCOUNT = frozenset({530, 534, 535, 538})  # authentication required, too weak, wrong (RFC 4954)
TIMEOUT = 30.0  # seconds a reply may take
KEPT = 2_000


class SmtpTransport:
    """Hands one mail to the account's server, over a connection of its own. Its vendor may report, or nobody does."""

    name = "smtp"
    receipts = False

    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        """One SMTP dialogue; the provider's id is our own Message-ID, without angle brackets."""
        mail = composed(message, account)
        for name, value in headers_for(message, account).items():
            mail[name] = value
        content = mail.as_bytes()
        smtp = await self._connected(account)
        try:
            await _addressed(smtp, account.external_id, message.recipient.value)
            reply = await _handed_over(smtp, content)
            with suppress(SMTPException):
                await smtp.quit()
        finally:
            smtp.close()
        return Accepted(provider_message_id=message_id(message, account), response=reply[:KEPT])

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _connected(self, account: ChannelAccount) -> SMTP:
        url = _url(account)
        smtp = SMTP(
            hostname=url.hostname,
            port=url.port,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            local_hostname=account.external_id.rpartition("@")[2],
            timeout=self._timeout,
        )
        try:
            await smtp.connect()
        except SMTPResponseException as error:
            raise _said(error, NotAccepted if error.code < 500 else AccountStopped) from error
        except OSError as error:  # which lost connections and time-outs of aiosmtplib are
            raise NotAccepted(f"No connection: {error}", code="no-connection") from error
        except SMTPException as error:
            raise AccountStopped(f"The server has no way to log in: {error}", code="no-login") from error
        except ValueError as error:
            raise AccountStopped(f"The account's smtp_url cannot be used: {error}", code="smtp-url") from error
        return smtp


async def _addressed(smtp: SMTP, sender: str, recipient: str) -> None:
    try:
        await smtp.mail(sender)
        await smtp.rcpt(recipient)
    except SMTPResponseException as error:
        raise _refusal(error, otherwise=NotAccepted) from error
    except (SMTPException, OSError) as error:
        raise NotAccepted(f"The connection was lost before the message: {error}", code="no-connection") from error


async def _handed_over(smtp: SMTP, content: bytes) -> str:
    try:
        return str((await smtp.data(content)).message)
    except SMTPResponseException as error:
        raise _refusal(error, otherwise=Unknown) from error
    except (SMTPException, OSError) as error:
        raise Unknown(f"The connection was lost after the message: {error}", code="no-answer") from error


def _refusal(error: SMTPResponseException, *, otherwise: type[SendError]) -> SendError:
    if error.code in ACCOUNT:
        return _said(error, AccountStopped)
    if error.code >= 550 and error.message.lstrip().startswith(GONE):
        return _said(error, Unwanted)
    if 400 <= error.code < 600:
        return _said(error, NotAccepted if error.code < 500 else Refused)
    return _said(error, otherwise)


def _said(error: SMTPResponseException, outcome: type[SendError]) -> SendError:
    response = f"{error.code} {error.message}"[:KEPT]
    return outcome(f"The server said {response}", code=str(error.code), response=response)


def _url(account: ChannelAccount) -> SplitResult:
    try:
        url = urlsplit(account.credentials.smtp_url or "")
        usable = url.scheme in {"smtp", "smtps"} and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise AccountStopped("The account's smtp_url is no smtp:// or smtps:// URL.", code="smtp-url")
    return url
