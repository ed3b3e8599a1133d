"""`python -m bench`: measure, then print one table."""

import argparse
import sys

from bench import ingest, pages, pipeline, plans
from bench.report import Line, table
from bench.rig import Rig, open_rig
from bench.soak import command as soak

PARTS = {"ingest": ingest.measure, "pipeline": pipeline.measure, "plans": plans.measure, "pages": pages.measure}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all of them unless named; or soak"
    )
    parser.add_argument("--seconds", type=float, help="length of one measurement (4), or of the soak (600)")
    parser.add_argument("--rounds", type=int, default=3, help="alternations; medians are shown")
    parser.add_argument("--rate", type=float, default=100, help="soak: messages a second")
    parser.add_argument("--workers", type=int, default=2, help="soak: worker processes")
    parser.add_argument("--people", type=int, default=5_000, help="soak: how many write")
    options = parser.parse_args()
    if options.parts == ["soak"]:
        return soak.run(
            seconds=options.seconds or 600, rate=options.rate, workers=options.workers, people=options.people
        )
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(unknown)} (soak goes alone)")
    lines: list[Line] = []
    version = ""
    for name in options.parts or PARTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        with open_rig() as rig:
            version = rig.one("show server_version")
            lines += _measured(name, rig, options)
    print(table(lines, postgres=version))
    return 0


def _measured(name: str, rig: Rig, options: argparse.Namespace) -> list[Line]:
    return PARTS[name](rig, seconds=options.seconds or 4.0, rounds=options.rounds)


sys.exit(main())
