"""One call to Meta's Graph API, and what became of it. WhatsApp and Instagram send through it.

The rule (Meta: build on the error's code, not on the HTTP status): a code in the vendor's table is what the table
says; nothing sent or HTTP 429 is *not accepted*; any other 5xx, a time-out, a reset or a 2xx that cannot be read is
*unknown*; the rest is *refused*. Reading changes nothing at Meta: there, what is unknown may simply be asked again.
"""

from collections.abc import Mapping
from functools import cached_property

import httpx
from msgspec import Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE
from concierge.channels.model import ChannelAccount
from concierge.errors import AccountStopped, NotAccepted, Refused, SendError, Unknown

BASE_URL = "https://graph.facebook.com"
VERSION = "v25.0"
TIMEOUT = httpx.Timeout(connect=5, write=10, read=20, pool=10)
KEPT = 2_000  # characters of an answer kept with the attempt

Subcode = tuple[int | None, int]  # (code, subcode); None: whatever the code
Outcomes = Mapping[int | Subcode, type[SendError]]


class _ErrorData(Struct):
    details: str | None = None


class _Error(Struct):
    code: int
    message: str | None = None
    error_subcode: int | None = None
    is_transient: bool = False
    error_data: _ErrorData | None = None


class _Failure(Struct):
    error: _Error


_failure = Decoder(_Failure)


class Graph:
    """Meta's API over one pool of connections. `outcomes` is the vendor's table of error codes."""

    def __init__(self, outcomes: Outcomes, *, base_url: str = BASE_URL, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._timeout = timeout
        self._outcomes = outcomes
        self._base_url = base_url

    @cached_property
    def client(self) -> httpx.AsyncClient:
        """Its connections."""
        from concierge.channels.connections import Connections  # noqa: PLC0415  130 ms, for those who send

        return httpx.AsyncClient(timeout=self._timeout, transport=Connections())

    async def post(self, path: str, body: object, account: ChannelAccount) -> httpx.Response:
        """The 2xx answer. The account's settings may name another `base_url` and `api_version`. Raises SendError."""
        request = self.client.build_request("POST", self._url(path, account), json=body, headers=authorization(account))
        return await self._asked(request)

    async def get(self, path: str, account: ChannelAccount, query: Mapping[str, str] | None = None) -> httpx.Response:
        """The 2xx answer to a question. Raises SendError, but never Unknown."""
        try:
            url, headers = self._url(path, account), authorization(account)
            return await self._asked(self.client.build_request("GET", url, params=query, headers=headers))
        except Unknown as error:
            raise NotAccepted(str(error), code=error.code, response=error.response) from error

    async def close(self) -> None:
        """Close the connections, where there were any."""
        if "client" in self.__dict__:
            await self.client.aclose()

    def _url(self, path: str, account: ChannelAccount) -> httpx.URL:
        base = str(account.settings.get("base_url") or self._base_url).rstrip("/")
        try:
            url = httpx.URL(f"{base}/{account.settings.get('api_version') or VERSION}/{path}")
        except httpx.InvalidURL as error:
            raise AccountStopped(f"The account's base_url cannot be used: {error}", code="base-url") from error
        return url

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self.client.send(request)
        except httpx.UnsupportedProtocol as error:
            raise AccountStopped(f"The account's base_url cannot be used: {error}", code="base-url") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotAccepted(f"No connection: {error!r}", code="no-connection") from error
        except httpx.HTTPError as error:
            raise Unknown(f"The answer was lost: {error!r}", code="no-answer") from error
        if answer.is_success:
            return answer
        raise failure(answer, self._outcomes)


def authorization(account: ChannelAccount) -> dict[str, str]:
    """The header with the account's token. Raises AccountStopped where it has none that fits into a header."""
    token = account.credentials.access_token
    if not token or not (token.isascii() and token.isprintable()):
        raise AccountStopped("The account has no usable access token.", code="access-token")
    return {"authorization": f"Bearer {token}"}


def failure(answer: httpx.Response, outcomes: Outcomes) -> SendError:
    """The outcome an answer other than 2xx proves. Meta says: trust `code`, not the HTTP status."""
    response = answer.text[:KEPT]
    try:
        error = _failure.decode(answer.content).error
    except UNDECODABLE:
        return _without_code(answer.status_code, response, retry_after(answer))
    details = error.error_data.details if error.error_data else None
    message = f"{error.message or 'No message'}{f' ({details})' if details else ''}"
    code, outcome = _looked_up(error, outcomes)
    if outcome is None:
        outcome = Unknown if answer.is_server_error or error.is_transient else Refused
    if issubclass(outcome, NotAccepted):
        return outcome(message, code=code, response=response, retry_after=retry_after(answer))
    return outcome(message, code=code, response=response)


def _looked_up(error: _Error, outcomes: Outcomes) -> tuple[str, type[SendError] | None]:
    """The error's code, with its subcode where that makes a difference, and what the table says of it."""
    if error.error_subcode is not None:
        for code in (error.code, None):
            if outcome := outcomes.get((code, error.error_subcode)):
                return f"{error.code}/{error.error_subcode}", outcome
    return str(error.code), outcomes.get(error.code)


def _without_code(status: int, response: str, wait: float | None) -> SendError:
    code = f"http-{status}"
    if status == 429:
        return NotAccepted("Too many requests.", code=code, response=response, retry_after=wait)
    if status == 408 or status >= 500:
        return Unknown("The answer does not say what became of the message.", code=code, response=response)
    return Refused("Refused without a code.", code=code, response=response)


def retry_after(answer: httpx.Response) -> float | None:
    """The seconds the vendor asks us to wait, where it names a number of them."""
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isdecimal() else None
