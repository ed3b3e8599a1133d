"""Getting a file from a vendor's own hosts, and from nowhere else.

A URL in a webhook must not lead us into our own network, nor a token to somebody else.
"""

from collections.abc import Collection, Mapping

import httpx

from concierge.channels.abilities import Fetched
from concierge.channels.graph import retry_after
from concierge.errors import NotAccepted, Refused

HOPS = 4  # one request and three redirects
PLAIN = "application/octet-stream"


async def download(
    client: httpx.AsyncClient,
    url: str,
    *,
    hosts: Collection[str],
    limit: int,
    headers: Mapping[str, str] | None = None,
    mime_type: str | None = None,
) -> Fetched:
    """The file behind `url`, at most `limit` bytes.

    `hosts`: names, names with a leading dot for everything below them, or `http://host:port` for a simulator; what has
    no scheme is asked by https only. `headers` go to the first host alone; `mime_type` is what it is where nobody says.
    Raises NotAccepted (try again), Refused (final; codes `host`, `too-large`, `too-many-redirects`, `http-…`).
    """
    for hop in range(HOPS):
        target = _allowed(url, hosts)
        try:
            async with client.stream("GET", target, headers=dict(headers or {}) if hop == 0 else {}) as answer:
                if not answer.has_redirect_location:
                    return await _read(answer, limit, mime_type)
                url = str(target.join(answer.headers["location"]))
        except httpx.InvalidURL as error:
            raise Refused("The file's URL leads to no URL.", code="host") from error
        except httpx.HTTPError as error:
            raise NotAccepted(f"The file was not received: {error!r}", code="no-answer") from error
    raise Refused("The file's URL leads from one place to the next.", code="too-many-redirects")


def _allowed(url: str, hosts: Collection[str]) -> httpx.URL:
    """The URL, where it is one of the vendor's. Raises Refused."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Refused("The file has no usable URL.", code="host") from error
    origin = f"{target.scheme}://{target.netloc.decode()}"
    for host in hosts:
        below = host.startswith(".") and target.host.endswith(host)
        named = target.host == host or below
        if origin == host or (named and target.scheme == "https" and target.port is None and not target.userinfo):
            return target
    raise Refused("The file's URL is not one of the vendor's.", code="host")


async def _read(answer: httpx.Response, limit: int, mime_type: str | None) -> Fetched:
    code = f"http-{answer.status_code}"
    if answer.status_code in {408, 429} or answer.is_server_error:
        raise NotAccepted("The file cannot be had now.", code=code, retry_after=retry_after(answer))
    if not answer.is_success:
        raise Refused("The file cannot be had.", code=code)
    told = answer.headers.get("content-length", "")
    if told.isdecimal() and int(told) > limit:
        raise Refused(f"The file has {told} bytes, more than {limit}.", code="too-large")
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise Refused(f"The file has more than {limit} bytes.", code="too-large")
    named = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    return Fetched(bytes(content), named if named and named != PLAIN else mime_type or PLAIN)
