"""What the value of a variable must be beside its type. Each check raises ValueError, with what to say or without."""

import base64
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

from concierge.secret import Secret


def _check_database(url: Secret) -> None:
    if not url.reveal().startswith(("postgresql://", "postgres://")):
        raise ValueError


def _check_keys(keys: list[Secret]) -> None:
    for key in keys:
        if len(base64.b64decode(key.reveal(), altchars=b"-_", validate=True)) != 32:
            raise ValueError
    if not keys:
        raise ValueError


def _check_length(key: Secret | None) -> None:
    if key is not None and len(key.reveal()) < 16:
        raise ValueError


def _check_networks(networks: list[str]) -> None:
    for network in networks:
        ip_network(network)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError("no such time zone") from None


def _check_prices(prices: list[str]) -> None:
    for price in prices:
        if not re.fullmatch(r"[^=\s]+=\d+(\.\d+)?/\d+(\.\d+)?", price):
            raise ValueError(f"{price!r} is not model=read/written")


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "database_url": _check_database,
    "concierge_secret_keys": _check_keys,
    "admin_api_key": _check_length,
    "job_runner_token": _check_length,
    "cron_secret": _check_length,
    "tenant_zone": _check_zone,
    "model_prices": _check_prices,
    "egress_networks": _check_networks,
}
"""By the name of the field."""
