"""Where a call may lead that somebody else asked for. Pure.

Sources: OWASP, “Server-Side Request Forgery Prevention Cheat Sheet”; IANA, special-purpose address registries (which
`ipaddress.is_global` follows); RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo).
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2_000  # characters
_UNICAST = ip_network("2000::/3")  # all that IPv6 routes through the open internet, but for
_NAT64 = ip_network("64:ff9b::/96")


def networks(given: Sequence[str] | None) -> tuple[Network, ...]:
    """Networks such as 127.0.0.0/8 or fd00::/8. Raises ValueError."""
    return tuple(ip_network(each) for each in given or ())


def is_within(address: str, allowed: Sequence[Network]) -> bool:
    """Whether the address lies in one of the networks."""
    within = _plain(ip_address(address))
    return any(within.version == network.version and within in network for network in allowed)


def is_public(address: str) -> bool:
    """Whether the address is one of the open internet: not ours, not the machine's, not a metadata service's.

    An IPv6 address that carries an IPv4 one leads to that one, so both are judged.
    """
    return all(_is_open(each) for each in _led_to(ip_address(address)))


def wrong_with(url: str, *, plain: bool) -> str | None:
    """Why nothing can be sent to the URL, as far as one can tell without asking anybody; None: nothing is wrong.

    `plain`: whether http is taken, too.
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"must be a URL of at most {LONGEST_URL} printable ASCII characters"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "must be a URL"
    if parts.scheme not in ({"https", "http"} if plain else {"https"}) or not host:
        return "must begin with https:// and name a host"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or password"
    if parts.fragment:
        return "must not hold a fragment"
    return "must not name port 0" if port == 0 else None


def literal(url: str) -> str | None:
    """The address, where the URL's host is one."""
    host = urlsplit(url).hostname or ""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _is_open(address: Address) -> bool:
    routed = address.version == 4 or address in _UNICAST or address in _NAT64
    return routed and address.is_global and not address.is_multicast


def _led_to(address: Address) -> Iterator[Address]:
    yield _plain(address)
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo


def _plain(address: Address) -> Address:
    """An IPv4 address in IPv6's clothes, without them."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
