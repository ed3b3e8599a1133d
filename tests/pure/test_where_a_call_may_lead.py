"""A URL that a tenant names must not lead into our own network, in whatever clothes the address comes."""

from concierge.egress.addresses import is_public, is_within, literal, networks, wrong_with
from tests.each import each


@each("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_the_open_internet(address: str) -> None:
    assert is_public(address)


@each(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",  # carrier-grade NAT
        "127.0.0.1",
        "169.254.169.254",  # metadata of most clouds
        "172.16.0.1",
        "192.168.1.1",
        "198.18.0.1",  # benchmarks
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",  # NAT64 of loopback
        "64:ff9b:1::a00:1",  # NAT64 of one's own network
        "2002:7f00:1::",  # 6to4 of loopback
        "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo of 127.0.0.1
        "2001:db8::1",
        "fc00::1",
        "fd00:ec2::254",  # metadata of one cloud
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_what_is_ours_or_nobodys(address: str) -> None:
    assert not is_public(address)


def test_networks_that_are_allowed() -> None:
    allowed = networks(["127.0.0.0/8", "fd00::/8"])
    assert [is_within(each, allowed) for each in ("127.1.2.3", "::ffff:127.0.0.1", "fd00::1")] == [True] * 3
    assert [is_within(each, allowed) for each in ("128.0.0.1", "::1", "10.0.0.1")] == [False] * 3
    assert networks(None) == ()


@each(
    ("url", "wrong"),
    [
        ("https://hooks.example.com/in?tenant=7", None),
        ("https://hooks.example.com:8443/in", None),
        ("http://hooks.example.com/in", "must begin with https"),
        ("ftp://hooks.example.com/in", "must begin with https"),
        ("https:///in", "must begin with https"),
        ("https://user:secret@hooks.example.com/", "must not hold a user name"),
        ("https://hooks.example.com/#x", "must not hold a fragment"),
        ("https://hooks.example.com:0/", "must not name port 0"),
        ("https://hooks.example.com:99999/", "must be a URL"),
        ("https://[::1/", "must be a URL"),
        ("https://hooks.example.com/\r\nX-Evil: 1", "must be a URL"),
        ("https://hooks.example.com/" + "x" * 2000, "must be a URL"),
        ("https://hööks.example.com/", "must be a URL"),
    ],
)
def test_what_is_wrong_with_a_url(url: str, wrong: str | None) -> None:
    said = wrong_with(url, plain=False)
    assert said is None if wrong is None else (said or "").startswith(wrong)


def test_http_is_taken_where_it_is_allowed() -> None:
    assert wrong_with("http://127.0.0.1:9/", plain=True) is None


def test_a_host_that_is_an_address() -> None:
    assert literal("https://[::1]:8443/x") == "::1"
    assert literal("https://169.254.169.254/latest/meta-data") == "169.254.169.254"
    assert literal("https://example.com/") is None
