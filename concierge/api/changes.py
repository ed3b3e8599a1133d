"""What a PATCH names."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct


def named(change: Struct) -> dict[str, Any]:
    """The fields that were given, null included; the others stay as they are."""
    given = ((name, getattr(change, name)) for name in change.__struct_fields__)
    return {name: value for name, value in given if value is not UNSET}


def changed(present: Struct, change: Struct) -> dict[str, Any]:
    """Every field of the change, as it is to be: as given, else as it is now."""
    now = msgspec.structs.asdict(present)
    return {name: now[name] for name in change.__struct_fields__} | named(change)
