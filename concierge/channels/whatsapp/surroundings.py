"""What a message came with: what it answers, where it was forwarded from, the ad that led to it, its group.

Shapes: Meta, Cloud API reference, “messages webhook”, the members `context`, `referral` and `group_id`.
"""

from collections.abc import Iterator

from msgspec import Raw, Struct
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, clean


class _Product(Struct):
    catalog_id: str | None = None
    product_retailer_id: str | None = None


class _Context(Struct):
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: _Product | None = None


class _Referral(Struct):
    source_url: str | None = None
    source_type: str | None = None
    headline: str | None = None
    body: str | None = None


class _Quoted(Struct):
    id: str | None = None
    message_id: str | None = None
    original_message_id: str | None = None


_context = Decoder(_Context)
_referral = Decoder(_Referral)
_quoted = Decoder(_Quoted)


def quotes(*sources: Raw) -> str | None:
    """The id of the message that the first of these members points to."""
    for source in sources:
        try:
            quoted = _quoted.decode(source) if source else None
        except UNDECODABLE:
            continue
        found = quoted and (quoted.id or quoted.message_id or quoted.original_message_id)
        if found:
            return clean(found)
    return None


def surroundings(context: Raw, referral: Raw, group: str) -> str | None:
    """All of it, readable; None where the message stands by itself."""
    parts = [*_from_context(context), *_from_referral(referral)]
    if group:
        parts.append("in a group")
    return clean("; ".join(parts)) or None


def _from_context(raw: Raw) -> Iterator[str]:
    try:
        context = _context.decode(raw) if raw else _Context()
    except UNDECODABLE:
        return
    if context.forwarded or context.frequently_forwarded:
        yield "forwarded many times" if context.frequently_forwarded else "forwarded"
    product = context.referred_product
    if product and (product.product_retailer_id or product.catalog_id):
        yield f"about the product {product.product_retailer_id or '?'} of the catalog {product.catalog_id or '?'}"


def _from_referral(raw: Raw) -> Iterator[str]:
    try:
        referral = _referral.decode(raw) if raw else None
    except UNDECODABLE:
        return
    if referral:
        title = referral.headline or referral.body
        named = [f"from the {referral.source_type or 'link'}", f"“{title}”" if title else None, referral.source_url]
        yield " ".join(part for part in named if part)
