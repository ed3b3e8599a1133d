"""Strict bodies: every bad field is named at once, by its JSON pointer.

msgspec stops at the first mistake, so a body is first read as plain JSON, then held against its type field by field.
"""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, UnsetType, ValidationError
from msgspec.structs import FieldInfo, fields

from concierge.errors import Invalid, Malformed

T = TypeVar("T")
Fault = tuple[str, str]  # JSON pointer, what is wrong there

MOST_FAULTS = 100


def decode(body: bytes, wanted: type[T]) -> T:
    """What the body says. Raises Malformed where it is not JSON, Invalid with every field that is wrong."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("the body is not JSON") from None
    return convert(said, wanted)


def convert(said: Any, wanted: type[T]) -> T:
    """JSON that is read already, as `wanted`. Raises Invalid."""
    if found := [each for each, _ in zip(faults(said, wanted), range(MOST_FAULTS), strict=False)]:
        raise Invalid(found)
    try:
        return msgspec.convert(said, wanted)
    except ValidationError as error:  # what a Struct says about its fields together
        raise Invalid([("", _plain(error))]) from None


def faults(said: Any, wanted: Any, pointer: str = "") -> Iterator[Fault]:
    """Everything that keeps `said` from being a `wanted`."""
    origin, inside = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        yield from _of_annotated(said, wanted, pointer)
    elif origin in (Union, types.UnionType):
        yield from _of_union(said, [each for each in inside if each is not UnsetType], pointer)
    elif isinstance(wanted, type) and issubclass(wanted, Struct) and isinstance(said, dict):
        yield from _of_struct(said, wanted, pointer)
    elif origin in (list, tuple, set, frozenset) and isinstance(said, list):
        for n, each in enumerate(said):
            yield from faults(each, inside[0], f"{pointer}/{n}")
    elif origin in (dict, Mapping) and isinstance(said, dict):
        for key, each in said.items():
            yield from faults(key, inside[0], f"{pointer}/{_escaped(key)}")
            yield from faults(each, inside[1], f"{pointer}/{_escaped(key)}")
    else:
        yield from _of_leaf(said, wanted, pointer)


def _of_annotated(said: Any, wanted: Any, pointer: str) -> Iterator[Fault]:
    inner, *notes = get_args(wanted)
    found = list(faults(said, inner, pointer))
    yield from found
    if found:
        return
    # the bounds alone: what is inside has been looked at
    found = list(_of_leaf(said, Annotated[_bare(inner), *notes], pointer))
    yield from found
    for note in [] if found else notes:
        check = (note.extra or {}).get("check") if isinstance(note, Meta) else None
        if check and said is not None and (wrong := check(said)):
            yield pointer, wrong


def _of_union(said: Any, members: list[Any], pointer: str) -> Iterator[Fault]:
    if said is None and type(None) in members:
        return
    others = [each for each in members if each is not type(None)]
    if len(others) == 1:
        yield from faults(said, others[0], pointer)
        return
    for each in others:
        if not any(True for _ in faults(said, each, pointer)):
            return
    yield from _of_leaf(said, Union[tuple(others)], pointer)  # noqa: UP007 - made while running


def _of_struct(said: dict[str, Any], wanted: type[Struct], pointer: str) -> Iterator[Fault]:
    known = _known(wanted)
    for name in said:
        if name not in known:
            yield f"{pointer}/{_escaped(name)}", "there is no such field"
    for name, field in known.items():
        if name in said:
            yield from faults(said[name], field.type, f"{pointer}/{name}")
        elif field.required:
            yield f"{pointer}/{name}", "is missing"


def _of_leaf(said: Any, wanted: Any, pointer: str) -> Iterator[Fault]:
    if get_origin(wanted) is Literal and isinstance(said, str) and said not in (words := get_args(wanted)):
        yield pointer, f"must be one of {', '.join(map(str, words))}"
        return
    try:
        msgspec.convert(said, wanted)
    except ValidationError as error:
        yield pointer, _plain(error)
        return
    if isinstance(said, str) and "\0" in said:
        yield pointer, "must not contain the character NUL"


@cache
def _known(wanted: type[Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in fields(wanted)}


def _bare(wanted: Any) -> Any:
    """The outer shape of a type: bounds on a list's length need not know what is in it."""
    origin = get_origin(wanted)
    return origin if origin in (list, tuple, set, frozenset, dict) else wanted


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _plain(error: ValidationError) -> str:
    text = str(error).partition(" - at `")[0]
    return text[:1].lower() + text[1:]
