"""The machine as a whole: queues, jobs, workers, ticks, questions. For keys with the scope `platform:*`."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from concierge.admin import machine_store as store
from concierge.admin.machine_store import JobStatus, Queue, QueuedJob, Worker
from concierge.api.scopes import needs
from concierge.errors import Conflicting, Missing
from concierge.postgres import ops
from concierge.runtime import Runtime

PLATFORM = needs("platform:*")
MOST = 1_000
LATEST = 2**62
Number = Annotated[int, PathParameter(ge=0, le=LATEST)]
Word = Annotated[str, Meta(min_length=1, max_length=100)]


class Queues(Struct, frozen=True):
    """Every queue with something in it."""

    data: list[Queue]


class Workers(Struct, frozen=True):
    """Every worker."""

    data: list[Worker]


class Jobs(Struct, frozen=True):
    """A page of jobs, newest first. `next_before`: the `before` of the page after it."""

    data: list[QueuedJob]
    next_before: int | None
    has_more: bool


class Chosen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which failed jobs run again: all, or those of a queue or kind."""

    queue: Word | None = None
    kind: Word | None = None


class Retried(Struct, frozen=True):
    """How many; a thousand at most, so ask again until it is none."""

    retried: int


class Come(Struct, frozen=True):
    """The job that runs the tick."""

    job_id: int


class Told(Struct, frozen=True):
    """What Postgres said to a question: rows of values in the order of the columns."""

    name: str
    question: str
    columns: list[str]
    rows: list[list[Any]]


class Question(Struct, frozen=True):
    """A question that can be asked, and what has to be named in it."""

    name: str
    question: str
    parameters: list[str]


class Questions(Struct, frozen=True):
    """Every question."""

    data: list[Question]


@get("/admin/queues", opt=PLATFORM)
async def list_queues(runtime: NamedDependency[Runtime]) -> Queues:
    """What waits, what is done, what failed, and how old the oldest is, queue by queue."""
    async with runtime.connection() as conn:
        return Queues(await store.queues(conn))


@get("/admin/jobs", opt=PLATFORM)
async def list_jobs(
    runtime: NamedDependency[Runtime],
    status: FromQuery[JobStatus | None] = None,
    queue: Annotated[str | None, QueryParameter(max_length=100)] = None,
    kind: Annotated[str | None, QueryParameter(max_length=100)] = None,
    before: Annotated[int, QueryParameter(ge=1, le=LATEST, description="Jobs older than this one")] = LATEST,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> Jobs:
    """Jobs, newest first."""
    async with runtime.connection() as conn:
        rows = await store.jobs(conn, status=status, queue=queue, kind=kind, before=before, limit=limit + 1)
    more = len(rows) > limit
    return Jobs(rows[:limit], rows[limit - 1].id if more else None, more)


@get("/admin/jobs/{id:int}", opt=PLATFORM)
async def show_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """One job."""
    async with runtime.connection() as conn:
        found = await store.job(conn, id)
    if found is None:
        raise Missing("there is no such job")
    return found


@post("/admin/jobs/{id:int}/retry", opt=PLATFORM, status_code=200)
async def retry_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """A failed job runs again."""
    async with runtime.begin() as conn:
        found = await store.job(conn, id)
        if found is None:
            raise Missing("there is no such job")
        if not await store.retry(conn, id=id, queue=None, kind=None, limit=1):
            raise Conflicting(f"the job is {found.status}")
        return await store.job(conn, id) or found


@post("/admin/jobs/{id:int}/cancel", opt=PLATFORM, status_code=200)
async def cancel_job(id: Number, runtime: NamedDependency[Runtime]) -> QueuedJob:
    """A job that waits does not run."""
    async with runtime.begin() as conn:
        found = await store.job(conn, id)
        if found is None:
            raise Missing("there is no such job")
        if await store.cancel(conn, id) is None:
            raise Conflicting(f"the job is {found.status}")
        return await store.job(conn, id) or found


@post("/admin/jobs/retry", opt=PLATFORM, status_code=200)
async def retry_jobs(data: JSONBody[Chosen], runtime: NamedDependency[Runtime]) -> Retried:
    """Failed jobs run again, oldest first."""
    async with runtime.begin() as conn:
        return Retried(await store.retry(conn, id=None, queue=data.queue, kind=data.kind, limit=MOST))


@get("/admin/workers", opt=PLATFORM)
async def list_workers(runtime: NamedDependency[Runtime]) -> Workers:
    """Workers, how long they have been silent, and what they do."""
    async with runtime.connection() as conn:
        return Workers(await store.workers(conn))


@post("/admin/periodics/{name:str}/run", opt=PLATFORM, status_code=202)
async def run_periodic(name: FromPath[str], runtime: NamedDependency[Runtime]) -> Come:
    """Let a tick come now, beside those that come by themselves; every tick may run twice."""
    async with runtime.begin() as conn:
        if "\0" in name or await store.is_periodic(conn, name=name) is None:
            raise Missing("no tick of this name ever came")
        return Come(await store.run_periodic(conn, name=name))


@get("/admin/ops", opt=PLATFORM)
async def list_questions() -> Questions:
    """The questions operators ask; `concierge ops` asks the same."""
    return Questions([Question(each.name, each.comment[0], each.parameters) for each in ops.questions()])


@get("/admin/ops/{name:str}", opt=PLATFORM)
async def ask_question(name: FromPath[str], request: Request[Any, Any, Any], runtime: NamedDependency[Runtime]) -> Told:
    """The answer to a question; what has to be named in it comes as query parameters."""
    asked = ops.question(name)
    async with runtime.connection() as conn:
        answer = await ops.ask(conn, asked, _given(request.query_params))
    return Told(name, asked.comment[0], answer.columns, [[_shown(each) for each in row] for row in answer.rows])


def _given(parameters: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value).replace("\0", "") for name, value in parameters.items()}


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


HANDLERS = (
    list_queues,
    list_jobs,
    show_job,
    retry_job,
    cancel_job,
    retry_jobs,
    list_workers,
    run_periodic,
    list_questions,
    ask_question,
)
