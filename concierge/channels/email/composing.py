"""An outbound message as MIME: its text, and the same as HTML. What strangers wrote cannot add a header or a tag."""

import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from hashlib import sha256
from textwrap import wrap

from concierge.channels.email.addresses import deliverable
from concierge.channels.email.markup import html_of
from concierge.channels.enclosed import File
from concierge.channels.model import ChannelAccount, OutboundMessage
from concierge.errors import AccountStopped, Refused

KEPT_REFERENCES = 10  # the thread's first and its latest, as RFC 5537 3.4.4 trims them

_RE = re.compile(r"^(re:\s*)+", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]+")
_TOKEN = re.compile(r"[a-z0-9._-]{1,50}")  # addresses come back in lower case
_ONE_CLICK = re.compile(r"https://[!-;=?-~]{1,900}")  # printable ASCII without blanks and angle brackets
_FILENAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_MESSAGE_ID = re.compile(r"[!-;=?-~]+")  # printable ASCII without blanks and angle brackets


class _Bracketed(UnstructuredHeader, BaseHeader):
    """Message-IDs or a URL, one a line: the standard library breaks those over 77 characters into encoded words."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        between = f"{policy.linesep} "
        return f"{self.name}: {between.join(str(self).split())}{policy.linesep}"


class _Data(UnstructuredHeader, BaseHeader):
    """JSON for the vendor: broken between its words only, never encoded."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        lines = wrap(f"{self.name}: {self}", 78, break_long_words=False, break_on_hyphens=False)
        return f"{policy.linesep} ".join(lines) + policy.linesep


_headers = HeaderRegistry()
for _name in ("in-reply-to", "references", "message-id", "list-unsubscribe"):
    _headers.map_to_type(_name, _Bracketed)
for _name in ("x-concierge", "x-mailgun-variables", "x-mailin-custom", "x-smtpapi"):
    _headers.map_to_type(_name, _Data)
POLICY = SMTP.clone(header_factory=_headers, cte_type="7bit")


def composed(message: OutboundMessage, account: ChannelAccount) -> EmailMessage:
    """The message, ready to send; `account.settings["from_name"]` names the sender.

    Raises Refused, AccountStopped.
    """
    if message.extra is not None:
        raise Refused(f"Email cannot carry {type(message.extra).__name__}.", code="extra")
    mail = EmailMessage(policy=POLICY)
    if not _writable(account.external_id):
        raise AccountStopped("The account's external id is no mail address.", code="address")
    if not _writable(message.recipient.value):
        raise Refused("The recipient's address cannot be written into a mail header.", code="address")
    mail["From"] = _address(account.external_id, account.settings.get("from_name"))
    mail["To"] = _address(message.recipient.value, message.recipient_name)
    if message.reply_token:
        mail["Reply-To"] = _address(_with_token(account.external_id, message.reply_token), None)
    subject = _one_line(message.subject or "")
    if message.quotes:
        subject = f"Re: {_RE.sub('', subject)}".strip()
    if subject:
        mail["Subject"] = subject
    mail["Message-ID"] = f"<{message_id(message, account)}>"
    mail["Date"] = format_datetime(message.created_at)
    quoted = _ids([message.quotes or ""])
    thread = [one for one in _ids(message.references) if one not in quoted] + quoted
    if quoted:
        mail["In-Reply-To"] = quoted[0]
    if thread:
        mail["References"] = " ".join(thread[:1] + thread[1:][1 - KEPT_REFERENCES :])
    mail["Auto-Submitted"] = "auto-replied" if message.quotes else "auto-generated"
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{_one_click(message.unsubscribe_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(mail, message)
    return mail


def _fill(mail: EmailMessage, message: OutboundMessage) -> None:
    """Text, HTML and files. The boundaries follow from the id."""
    mail.set_content(message.text)
    mail.add_alternative(html_of(message.text), subtype="html")
    for file in message.files:
        _attach(mail, file)
    # a random boundary would make every attempt another mail; nobody outside knows the id before it is sent
    boundary = sha256(message.id.bytes).hexdigest()[:32]
    for depth, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{boundary}" + (f".{depth}" if depth else ""))


def _attach(mail: EmailMessage, file: File) -> None:
    kind, *parameters = (part.strip() for part in file.mime_type.split(";"))
    maintype, _, subtype = kind.partition("/")
    if maintype != "text" or not _FILENAME.fullmatch(file.name):
        raise Refused("Only text files with plain names can be attached.", code="file")
    params = dict(parameter.split("=", 1) for parameter in parameters)
    mail.add_attachment(file.content, subtype=subtype, filename=file.name, params=params, cte="base64")


def message_id(message: OutboundMessage, account: ChannelAccount) -> str:
    """The Message-ID, without angle brackets: the same for every attempt at the same message."""
    return f"{message.id}@{account.external_id.rpartition('@')[2]}"


def _with_token(address: str, token: str) -> str:
    """`desk+token@domain`. Raises Refused for a token that does not fit into an address."""
    local, _, domain = address.rpartition("@")
    if not _TOKEN.fullmatch(token):
        raise Refused("The reply token cannot be part of an address.", code="reply-token")
    return f"{local}+{token}@{domain}"


def _one_click(url: str) -> str:
    """The URL, if mail programs would post to it (RFC 8058 3.1). Raises Refused."""
    if not _ONE_CLICK.fullmatch(url):
        raise Refused("The unsubscribe URL is not https or cannot be written into a header.", code="unsubscribe-url")
    return url


def _writable(address: str) -> bool:
    return address.isascii() and deliverable(address)


def _address(value: str, name: str | None) -> Address:
    local, _, domain = value.rpartition("@")
    return Address(_one_line(str(name or "")), local, domain)


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _ids(ids: list[str]) -> list[str]:
    bare = [one.strip().removeprefix("<").removesuffix(">") for one in ids]
    return [f"<{one}>" for one in dict.fromkeys(bare) if _MESSAGE_ID.fullmatch(one)]
