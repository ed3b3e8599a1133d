"""Jobs and messages a second through one worker process, and how long an idle system takes.

A no-op is a job for a conversation that is not there: fetched, one look-up, finished. A message goes all the way:
kept, read by the local model, settled as a task with a confirmation, delivered to the sandbox.
"""

from statistics import median

from bench.load import fire, requests
from bench.report import Line
from bench.rig import ACCOUNT, SECRET, Rig, accept, until

JOBS = 4_000
MESSAGES = 1_500
SAMPLES = 60


def measure(rig: Rig, *, seconds: float, rounds: int) -> list[Line]:
    limits, jobs, messages = [], [], []
    for _ in range(rounds):
        rig.forget()
        limits.append(rig.pgbench(accept(rig), clients=16, seconds=seconds)[0])
        jobs.append(_jobs(rig))
        messages.append(_messages(rig))
    limit = median(limits)
    beside = f"one worker process; pgbench {limit:,.0f}/s with 16 clients"
    return [
        Line("jobs without work", f"{median(jobs):,.0f}/s", f"{median(jobs) / limit:.2f}", beside),
        Line("messages, arrival to delivery", f"{median(messages):,.0f}/s", f"{median(messages) / limit:.2f}", beside),
        *_latencies(rig),
    ]


def _jobs(rig: Rig) -> float:
    rig.forget()
    _queue_jobs(rig)
    with rig.worker():
        until(lambda: not _live(rig), "the end of the jobs", seconds=120, pause=0.1)
    return JOBS / _busy(rig)


def _messages(rig: Rig) -> float:
    rig.forget()
    rig.keep(range(MESSAGES), run="bench", text="Please remind me tomorrow at 9am to ask about my parcel")
    with rig.worker():
        until(lambda: _sent(rig) == MESSAGES, "the last message", seconds=120, pause=0.1)
        until(lambda: not _live(rig), "the end of the jobs", pause=0.1)
    return MESSAGES / _busy(rig)


def _latencies(rig: Rig) -> list[Line]:
    """On an idle system: from arrival to the answer's delivery, and from a task's due time to its reminder's."""
    rig.forget()
    with rig.web() as port, rig.worker():
        made = requests("idle", 400, account=ACCOUNT, secret=SECRET)
        fire(made, port=port, connections=1, rate=6, seconds=SAMPLES / 6, warm_up=1.0)
        until(lambda: not _live(rig), "the end of the jobs")
        answered = rig.rows("""
            select extract(epoch from o.moved_at - m.received_at)::float * 1000
            from outbound_message o join inbound_message m on m.conversation_id = o.conversation_id and m.seq = 2
            order by 1
        """)
        rig.rows("""
            update task set due_at = clock_timestamp() + interval '1 second' + n * interval '337 milliseconds'
            from (select id, row_number() over () as n from task where status = 'pending') numbered
            where numbered.id = task.id
        """)
        until(lambda: not rig.one("select count(*) from task where status = 'pending'"), "due tasks", seconds=90)
        until(lambda: not _live(rig), "the end of the jobs")
        reminded = rig.rows("""
            select extract(epoch from o.moved_at - t.due_at)::float * 1000
            from task t join outbound_message o on o.id = t.reminder_id order by 1
        """)
    return [_latency("arrival to answer, idle system", answered), _latency("due to sent, idle system", reminded)]


def _latency(what: str, rows: list[tuple[float]]) -> Line:
    values = [value for (value,) in rows]
    p99 = values[len(values) * 99 // 100]
    return Line(what, f"p50 {median(values):,.0f} ms", "", f"p99 {p99:,.0f} ms of {len(values)}")


def _queue_jobs(rig: Rig) -> None:
    rig.rows(
        """
        select procrastinate_defer_jobs_v1(array_agg(
            row('inbox', 'inbox.handle', 0, null, null, jsonb_build_object('conversation_id', uuid_v7()), null)
            ::procrastinate_job_to_defer_v1))
        from generate_series(1, %s)
        """,
        JOBS,
    )


def _live(rig: Rig) -> bool:
    return bool(
        rig.one("select count(*) from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'ticks'")
    )


def _sent(rig: Rig) -> int:
    return int(rig.one("select count(*) from outbound_message where status = 'sent'"))


def _busy(rig: Rig) -> float:
    """Seconds from the first job's start to the last one's end: the start of the process is not counted."""
    busy: float = rig.one("""
        select extract(epoch from max(e.at) - min(e.at))::float
        from procrastinate_events e join procrastinate_jobs j on j.id = e.job_id
        where j.queue_name <> 'ticks' and e.type in ('started', 'succeeded')
    """)
    return busy
