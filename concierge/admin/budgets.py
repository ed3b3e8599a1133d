"""Money for models: what a tenant spends, and how much it may."""

from datetime import date
from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.asking import budgets
from concierge.asking.budgets import Budget, Spending
from concierge.notifications import withdraw
from concierge.runtime import Runtime
from concierge.tenants import businesses


@get("/tenants/{id:uuid}/model-spending", opt=needs("credits:read"))
async def show_spending(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Spending:
    """What models have cost this month (UTC), and what they may cost."""
    async with runtime.connection() as conn:
        await businesses.find(conn, id, caller)
        return await budgets.spending(conn, tenant_id=id, month=_month(runtime))


@put("/tenants/{id:uuid}/model-budget", opt=needs("platform:*"))
async def change_budget(
    id: FromPath[UUID], data: JSONBody[Budget], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Spending:
    """How much a tenant may spend on models in a month. It is for whoever pays the providers to say."""
    async with runtime.begin() as conn:
        await businesses.find(conn, id, caller)
        if data.monthly_micro_usd is None:
            await budgets.lift(conn, tenant_id=id)
        else:
            await budgets.limit(conn, tenant_id=id, monthly_micro_usd=data.monthly_micro_usd, at_limit=data.at_limit)
        if await budgets.has_room(conn, tenant_id=id, month=_month(runtime)):
            await withdraw(conn, id, id, "model_budget", now=runtime.clock())
        return await budgets.spending(conn, tenant_id=id, month=_month(runtime))


def _month(runtime: Runtime) -> date:
    return runtime.clock().date().replace(day=1)


HANDLERS = (show_spending, change_budget)
