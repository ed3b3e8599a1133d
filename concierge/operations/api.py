"""`/api/jobs/…` and `/api/cron/…`: for a scheduler that calls URLs."""

from datetime import timedelta
from hmac import compare_digest
from typing import Annotated

from litestar import get, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import QueryParameter

from concierge.clock import system_clock
from concierge.errors import Forged, Missing
from concierge.operations import store
from concierge.operations.running import Ran, run_outbound
from concierge.operations.store import Metrics
from concierge.runtime import Runtime
from concierge.secret import Secret

DAY = timedelta(days=1)
MOST_JOBS = 10_000
CRON = 50  # conversations a call

Token = Annotated[str, QueryParameter(max_length=500, description="JOB_RUNNER_TOKEN, or CRON_SECRET for the cron")]
Most = Annotated[int, QueryParameter(ge=1, le=100, description="Conversations to handle, and to send for")]


@get("/api/jobs/metrics")
async def job_metrics(runtime: NamedDependency[Runtime], token: Token = "") -> Metrics:
    """How the jobs are doing. The queue's own rows carry the time of the machine, not that of the product."""
    _admit(token, runtime.settings.job_runner_token)
    async with runtime.connection() as conn:
        return await store.metrics(conn, since=system_clock() - DAY, most=MOST_JOBS)


@route("/api/jobs/run-outbound", http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def run_outbound_jobs(runtime: NamedDependency[Runtime], token: Token = "", max: Most = 10) -> Ran:
    """Handle what waits and send what is due, at most `max` conversations of each."""
    _admit(token, runtime.settings.job_runner_token)
    return await run_outbound(runtime, max)


@get("/api/cron/run-outbound-jobs")
async def run_outbound_cron(runtime: NamedDependency[Runtime], token: Token = "") -> Ran:
    """The same for a cron, with a secret of its own."""
    _admit(token, runtime.settings.cron_secret)
    return await run_outbound(runtime, CRON)


def _admit(given: str, wanted: Secret | None) -> None:
    """Raises Missing where the path is closed, Forged where the token is not the one; any wrong one takes as long."""
    if wanted is None:
        raise Missing("this path is closed: its token is not set")
    if not compare_digest(given.encode(), wanted.reveal().encode()):
        raise Forged("the token is missing or wrong")


HANDLERS = (job_metrics, run_outbound_jobs, run_outbound_cron)
