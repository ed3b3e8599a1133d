"""What models cost, in US dollars per million tokens: which is also micro-dollars per token."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from concierge.llm.model import Usage


class Price(Struct, frozen=True):
    """Dollars per million tokens that are read and written; above `longest` tokens read, `beyond` holds instead."""

    input: float
    output: float
    cached: float = 0.1  # share of `input` that a token read from the vendor's cache costs
    stored: float = 1.0  # share of `input` that a token put into it costs
    longest: int | None = None
    beyond: tuple[float, float] = (0.0, 0.0)


PRICES: Mapping[str, Price] = {
    # platform.claude.com/docs/en/about-claude/pricing
    "claude-haiku-5-5": Price(0.10, 0.50, stored=1.25, longest=100_000, beyond=(0.50, 2.50)),
    "claude-sonnet-5-5": Price(2, 10, stored=1.25),
    "claude-opus-5-5": Price(4, 20, stored=1.25),
    "claude-fable-5-1": Price(10, 50, stored=1.25),
    # developers.openai.com/api/docs/pricing
    "gpt-5-mini": Price(0.25, 2.00),
    "gpt-5.4-mini": Price(0.75, 4.50),
    "gpt-5.4": Price(2.50, 15.00),
    # groq.com/pricing
    "openai/gpt-oss-20b": Price(0.075, 0.30, cached=0.5),
    "openai/gpt-oss-120b": Price(0.15, 0.60, cached=0.5),
    "llama-3.3-70b-versatile": Price(0.59, 0.79, cached=1.0),
}


def price_list(own: Sequence[str]) -> Mapping[str, Price]:
    """The list with an operator's own prices, each `model=input/output` in dollars per million tokens."""
    prices = dict(PRICES)
    for line in own:
        model, _, price = line.partition("=")
        read, _, written = price.partition("/")
        prices[model] = Price(float(read), float(written))
    return prices


def cost(price: Price | None, usage: Usage) -> int:
    """Micro-dollars, rounded up; 0 without a price."""
    if price is None:
        return 0
    long = price.longest is not None and usage.input > price.longest
    read, written = price.beyond if long else (price.input, price.output)
    plain = usage.input - usage.cached - usage.stored
    tokens = plain + usage.cached * price.cached + usage.stored * price.stored
    return -int(-(tokens * read + usage.output * written) // 1)
