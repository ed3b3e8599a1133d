"""Webhooks a second: our web process against pgbench that calls the same function, one message a commit.

Alternating in one run, so that both meet the same machine. Once with no worker, once with one that handles everything.
"""

from contextlib import nullcontext
from statistics import median

from bench.load import Load, fire, requests
from bench.report import Line
from bench.rig import ACCOUNT, SECRET, Rig, accept

CONNECTIONS = (1, 16, 64)
MOST = 18_000  # requests a second that are prepared for


def measure(rig: Rig, *, seconds: float, rounds: int) -> list[Line]:
    lines = []
    for working in (False, True):
        for connections in CONNECTIONS:
            ours: list[Load] = []
            theirs: list[float] = []
            for n in range(rounds):
                theirs.append(_pgbench(rig, connections, seconds, working=working))
                ours.append(_web(rig, connections, seconds, working=working, run=f"{int(working)}{connections:02}{n}"))
            rate, limit = median(each.rate for each in ours), median(theirs)
            what = f"webhooks, {connections} connections, {'worker running' if working else 'no worker'}"
            detail = (
                f"p50 {median(each.p50 for each in ours):.1f} ms, p99 {median(each.p99 for each in ours):.1f} ms; "
                f"pgbench {limit:,.0f}/s"
            )
            if refused := sum(each.refused for each in ours):
                detail += f"; {refused} REFUSED"
            lines.append(Line(what, f"{rate:,.0f}/s", f"{rate / limit:.2f}", detail))
    lines.append(_arriving_steadily(rig, seconds))
    return lines


def _web(rig: Rig, connections: int, seconds: float, *, working: bool, run: str) -> Load:
    rig.forget()
    made = requests(run, round(MOST * (seconds + 1)), account=ACCOUNT, secret=SECRET)
    with rig.web() as port, rig.worker() if working else nullcontext():
        return fire(made, port=port, connections=connections, seconds=seconds)


def _pgbench(rig: Rig, clients: int, seconds: float, *, working: bool) -> float:
    rig.forget()
    with rig.worker() if working else nullcontext():
        return rig.pgbench(accept(rig), clients=clients, seconds=seconds)[0]


def _arriving_steadily(rig: Rig, seconds: float) -> Line:
    rig.forget()
    rate = 100
    made = requests("open", round(rate * (seconds * 3 + 2)), account=ACCOUNT, secret=SECRET)
    with rig.web() as port, rig.worker():
        load = fire(made, port=port, connections=64, seconds=seconds * 3, rate=rate, warm_up=1.0)
    return Line(f"webhooks at {rate}/s, worker running", f"p50 {load.p50:.1f} ms", "", f"p99 {load.p99:.1f} ms")
