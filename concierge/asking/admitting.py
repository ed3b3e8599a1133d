"""Who must not be asked just now: a provider that rests, and one that costs more than is left."""

from datetime import datetime, timedelta

from concierge.asking import store
from concierge.asking.model import Behalf, Breaker, Means, Standing
from concierge.errors import BudgetSpent, ModelError, ModelStopped, ModelUnavailable
from concierge.llm.model import LanguageModel
from concierge.llm.prices import Price
from concierge.log import logger
from concierge.notifications import notify, withdraw
from concierge.postgres.query import Conn

PATIENCE = 5  # failures in a row after which a provider rests
REPAIR = timedelta(minutes=10)  # until an account that was stopped is tried again
KIND = "model_rests"  # of the notification
LONGEST_REST = timedelta(hours=1)  # whatever a vendor asks for

log = logger(__name__)


async def admit(
    name: str, model: LanguageModel, price: Price | None, standing: Standing, on: Behalf, means: Means
) -> None:
    """Returns if the model may be asked. Raises BudgetSpent or ModelUnavailable."""
    if not model.remote:
        return
    now = means.clock()
    if price is not None and is_spent(standing):
        await _tell(on, standing, means)
        raise BudgetSpent
    breaker = standing.breakers.get(name)
    if breaker is None or breaker.rests_till is None:
        return
    if breaker.rests_till <= now and await _is_first(name, now, means):
        return
    wait = max((breaker.rests_till - now).total_seconds(), 1.0)
    raise ModelUnavailable(f"{name} gave no answer lately and is left alone", retry_after=wait)


def is_spent(standing: Standing) -> bool:
    """Whether the budget is used up. Questions under way are not counted: it may be passed by their cost."""
    return standing.budget is not None and standing.spent >= standing.budget


async def _tell(on: Behalf, standing: Standing, means: Means) -> None:
    """Once a month, whether or not somebody saw it. No money at all is a decision, not news."""
    now = means.clock()
    async with means.pool.connection() as conn, conn.transaction():
        if await store.tell_spent(conn, tenant_id=on.tenant_id, month=now.date().replace(day=1), now=now):
            after = "the local model answers" if standing.at_limit == "local" else "nobody answers"
            text = f"the month's budget for models is used up: {after} until it is raised or the month is over"
            await notify(conn, on.tenant_id, "tenant", on.tenant_id, "model_budget", text, now=now)


async def _is_first(name: str, now: datetime, means: Means) -> bool:
    until = now + timedelta(seconds=means.settings.model_timeout_seconds)
    async with means.pool.connection() as conn:
        return bool(await store.try_provider(conn, provider=name, until=until, now=now))


async def blame(name: str, error: ModelError, means: Means) -> None:
    """A provider gave no answer. What is wrong with one prompt alone is not held against it."""
    now, until = means.clock(), None
    if isinstance(error, ModelStopped):
        until = now + REPAIR
    elif not isinstance(error, ModelUnavailable):
        return
    elif error.retry_after is not None:
        until = now + min(timedelta(seconds=error.retry_after), LONGEST_REST)
    async with means.pool.connection() as conn, conn.transaction():
        breaker = await store.fail_provider(conn, provider=name, patience=PATIENCE, until=until, now=now)
        if breaker.failures >= PATIENCE or isinstance(error, ModelStopped):  # not for a pause that it asked for
            await _tell_resting(conn, name, error, now)
    if breaker.rests_till is not None:
        log.warning("a provider rests", provider=name, until=breaker.rests_till.isoformat())


async def _tell_resting(conn: Conn, name: str, error: ModelError, now: datetime) -> None:
    """Once from the first time that nobody asks it until it answers again."""
    told = await store.tell_resting(conn, provider=name)
    if told is not None and told.tenant_id is not None:
        why = "is stopped" if isinstance(error, ModelStopped) else "gives no answer"
        text = f"{name} {why} and is only tried from time to time; its last answer: {error}"
        await notify(conn, told.tenant_id, "model_breaker", told.id, KIND, text, now=now)


async def absolve(name: str, breaker: Breaker | None, means: Means) -> None:
    """A provider answered; says so only if it did not before."""
    if breaker is not None:
        now = means.clock()
        async with means.pool.connection() as conn, conn.transaction():
            told = await store.heal_provider(conn, provider=name, now=now)
            if told is not None and told.tenant_id is not None:
                await withdraw(conn, told.tenant_id, told.id, KIND, now=now)
