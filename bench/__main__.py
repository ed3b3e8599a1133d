"""`python -m bench`: measure, then print one table."""

import argparse
import sys

from bench import ingest, pipeline, plans
from bench.report import Line, table
from bench.rig import Rig, open_rig

PARTS = {"ingest": ingest.measure, "pipeline": pipeline.measure, "plans": plans.measure}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all of them unless named")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=3, help="alternations; medians are shown")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(unknown)}")
    lines: list[Line] = []
    postgres = ""
    for name in options.parts or PARTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        with open_rig() as rig:
            postgres = rig.postgres.version
            lines += _measured(name, rig, options)
    print(table(lines, postgres=postgres))
    return 0


def _measured(name: str, rig: Rig, options: argparse.Namespace) -> list[Line]:
    return PARTS[name](rig, seconds=options.seconds, rounds=options.rounds)


sys.exit(main())
