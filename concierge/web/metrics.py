"""`/metrics`: what the database knows of the machine, in Prometheus' text format, for keys with `platform:*`."""

from collections.abc import Iterable

from litestar import MediaType, Response, get
from litestar.di import NamedDependency

from concierge.admin import machine_store as store
from concierge.api.scopes import needs
from concierge.runtime import Runtime

SILENT = 15.0  # seconds after which a worker counts as dead
Sample = tuple[str, dict[str, str], float]


@get("/", opt=needs("platform:*"), media_type=MediaType.TEXT, include_in_schema=False)
async def show_metrics(runtime: NamedDependency[Runtime]) -> Response[str]:
    """Queues, workers, accounts, and what waits or failed in the outbox."""
    async with runtime.connection() as conn:
        queues, workers = await store.queues(conn), await store.workers(conn)
        unsent, accounts = await store.unsent(conn), await store.accounts(conn)
    samples: list[Sample] = [("concierge_up", {}, 1)]
    for queue in queues:
        counts = {"ready": queue.ready, "waiting": queue.waiting, "doing": queue.doing, "failed": queue.failed}
        samples += [("concierge_jobs", {"queue": queue.name, "state": state}, n) for state, n in counts.items()]
        samples.append(("concierge_queue_oldest_seconds", {"queue": queue.name}, queue.oldest_seconds or 0))
        samples.append(("concierge_queue_paused", {"queue": queue.name}, queue.paused_at is not None))
    alive = [each for each in workers if each.silent_seconds < SILENT]
    samples.append(("concierge_workers_alive", {}, len(alive)))
    samples += [("concierge_outbound_messages", {"status": each.status}, each.count) for each in unsent]
    samples += [
        ("concierge_channel_accounts", {"channel": each.channel, "status": each.status}, each.count)
        for each in accounts
    ]
    return Response(_text(samples), media_type="text/plain; version=0.0.4")


def _text(samples: Iterable[Sample]) -> str:
    lines, seen = [], set()
    for name, labels, value in sorted(samples, key=lambda each: each[0]):
        if name not in seen:
            lines.append(f"# TYPE {name} gauge")
            seen.add(name)
        inside = ",".join(f'{key}="{said}"' for key, said in labels.items())
        lines.append(f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}")
    return "\n".join(lines) + "\n"


HANDLERS = (show_metrics,)
