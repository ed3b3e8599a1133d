"""What models cost, in micro-dollars (millionths of a US dollar) per million tokens; from the vendors' price pages."""

from msgspec import Struct

from concierge.llm.model import Usage

MILLION = 1_000_000


class Price(Struct, frozen=True):
    """Dollars per million tokens: read, written; what a cached token read or stored costs, as a share of one read."""

    input: float
    output: float
    cached: float = 0.1
    stored: float = 1.25


PRICES: dict[str, Price] = {
    "claude-haiku-5-5": Price(0.10, 0.50),
    "claude-sonnet-5-5": Price(2, 10),
    "claude-opus-5-5": Price(4, 20),
    "claude-fable-5-1": Price(10, 50),
}


def cost(model: str, usage: Usage) -> int:
    """Micro-dollars, rounded up; 0 for a model without a price, which runs on somebody's own machine."""
    price = PRICES.get(model)
    if price is None:
        return 0
    plain = usage.input - usage.cached
    micros = plain * price.input + usage.cached * price.input * price.cached + usage.output * price.output
    return -int(-micros // 1)
