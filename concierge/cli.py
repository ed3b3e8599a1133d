"""The commands: run · web · worker · migrate · seed · operators · ops · schema · describe · demo · …"""

import argparse
import asyncio
import atexit
import gc
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from concierge import __version__
from concierge import environ as variables
from concierge import settings as environment
from concierge.errors import ConciergeError
from concierge.settings import Settings

WITH_PARENT = "begin at a line of standard input, stop at its end"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. What is wrong is said in one paragraph, without a traceback."""
    atexit.register(gc.freeze)  # on its way out Python looks for garbage in all that was loaded: a tenth of a second
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except ConciergeError as error:
        print(f"concierge: {error}", file=sys.stderr)
    except psycopg.OperationalError as error:
        print(f"concierge: the database does not answer: {str(error).strip().splitlines()[-1]}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="concierge", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, help: str, command: Callable[[argparse.Namespace], Any]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help)
        added.set_defaults(command=command)
        return added

    whole = add("run", "everything on this machine: Postgres, migrations, web and worker", _everything)
    whole.add_argument("--simulate", action="store_true", help="with a simulator in Meta's place")
    for name, help, command in (("web", "the HTTP process", _web), ("worker", "the job process", _worker)):
        child = add(name, help, command)
        child.add_argument("--with-parent", action="store_true", help=WITH_PARENT)
    schema = add("migrate", "bring the database's schema up to date", _migrate)
    schema.add_argument("--seed", action="store_true", help="then seed, as a deployment does in one step")
    add("seed", "make or change the first tenant as the environment says", _seed)
    ops = add("ops", "ask an operator's question; without a name, list them", _ops)
    ops.add_argument("words", nargs="*", metavar="NAME name=value …", help="a file in sql/ops and its parameters")
    add("schema", "print the schema that the migrations make (sql/schema.sql)", _schema)
    describe = add("describe", "print the description of the HTTP API (OpenAPI 3.1)", _describe)
    describe.add_argument("--postman", action="store_true", help="as a Postman collection")
    demo = add("demo", "play the main story against a service of its own, or the running one", _demo)
    demo.add_argument("--running", action="store_true", help="against what `make run` started, in real time")
    _add_actions(add("simulate", "write by WhatsApp to what `run --simulate` started", _simulate))
    imports = add("bookings", "import bookings from a CSV or JSON file, or a calendar", _bookings)
    imports.add_argument("verb", choices=["import"])
    imports.add_argument("place", help="a file, or the https address of an iCalendar feed")
    imports.add_argument("--source", default="import", help="whose ids these are; the same id is the same booking")
    imports.add_argument("--policy", help="name of the reminder policy; without it the usual one")
    imports.add_argument("--zone", help="zone of times that have none; without it the tenant's")
    imports.add_argument("--tenant", type=UUID, dest="tenant_id", help="id of the tenant; without it the first one")
    imports.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")
    trial = add("eval", "how well a model reads: hand-checked messages, and where it fails", _eval)
    trial.add_argument("paths", nargs="*", type=Path, default=[Path("tests/corpus")], help="files or folders of cases")
    trial.add_argument("--model", default="local", help="anthropic, openai, groq, compatible or local")
    trial.add_argument("--tape", type=Path, help="answers recorded earlier, which are played instead of asking")
    trial.add_argument("--record", action="store_true", help="ask what is not on the tape, and add it")
    trial.add_argument("--at-once", type=int, default=4, help="questions that are open at the same time")
    hired = add("operators", "who may sign in to the console; passwords are asked for, or read from a pipe", _operators)
    hired.add_argument("verb", choices=["list", "add", "password"])
    hired.add_argument("login", nargs="?")
    hired.add_argument("--name", help="without it the login")
    hired.add_argument("--role", choices=["viewer", "operator", "admin"], default="viewer")
    hired.add_argument("--tenant", type=UUID, dest="tenant_id", help="id of the tenant; without it the first one")
    hired.add_argument("--platform", action="store_true", help="sees the machine, too: queues, jobs, questions")
    health = add("doctor", "what is set up, what answers, what waits", _doctor)
    health.add_argument("--worker", action="store_true", help="only: is a worker alive? (for health checks)")
    return parser


def _add_actions(parser: argparse.ArgumentParser) -> None:
    """Those of `simulate`; without one it talks."""
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--instagram", action="store_true", help="write by Instagram instead")
    who.add_argument("--person", help="another phone number or Instagram id")
    parser.set_defaults(word=None, instagram=False, person=None, wait=None)
    actions = parser.add_subparsers(dest="action", metavar="action")
    actions.add_parser("talk", parents=[who], help="type, and see the conversation with its ticks")
    say = actions.add_parser("say", parents=[who], help="write one message and see what comes of it")
    say.add_argument("word", metavar="TEXT")
    say.add_argument("--wait", type=float, help="seconds to watch, instead of until it is quiet")
    next = actions.add_parser("next", help="what the next request to Meta meets")
    next.add_argument("word", metavar="CODE|lost|slow", help="an error, a lost answer, five seconds of waiting")
    serve = actions.add_parser("serve", help="the server alone, at WHATSAPP_BASE_URL")
    serve.add_argument("--shuffled", action="store_true", help="reports come twice and in any order")
    serve.add_argument("--with-parent", action="store_true", help=WITH_PARENT)


def _settings() -> Settings:
    """As deployed: what `concierge run` remembered on this machine stays out of it."""
    return environment.load(variables.given())


def _settings_here() -> Settings:
    return environment.load(variables.here())


def _run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """On uvloop where there is one: it takes two thirds off the tail of job latencies. Begun once that is loaded."""
    try:
        import uvloop  # noqa: PLC0415  not on Windows
    except ImportError:
        return asyncio.run(main())
    return uvloop.run(main())


def _everything(options: argparse.Namespace) -> int:
    from concierge.running import run  # noqa: PLC0415

    return int(run(simulate=options.simulate))


def _web(options: argparse.Namespace) -> None:
    gc.disable()  # until all is loaded
    from concierge.processes import serve  # noqa: PLC0415  half a second that other commands need not pay

    _run(lambda: serve(_settings(), with_parent=options.with_parent))


def _worker(options: argparse.Namespace) -> None:
    gc.disable()  # until all is loaded
    from concierge.processes import work  # noqa: PLC0415

    _run(lambda: work(_settings(), with_parent=options.with_parent))


def _migrate(options: argparse.Namespace) -> None:
    from concierge.postgres.migrate import migrate  # noqa: PLC0415

    applied = asyncio.run(migrate(_settings().database_url.reveal(), print))
    print(f"{len(applied)} applied; the schema is up to date")
    if options.seed:
        _seed(options)


def _seed(_options: argparse.Namespace) -> None:
    from concierge.preparing import begin  # noqa: PLC0415

    asyncio.run(begin(_settings()))


def _ops(options: argparse.Namespace) -> None:
    from rich.console import Console  # noqa: PLC0415

    from concierge.postgres.ops import show  # noqa: PLC0415

    asyncio.run(show(_settings_here().database_url.reveal(), options.words, Console()))


def _bookings(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415

    from concierge.bookings.sources.importing import Wanted, bring_in  # noqa: PLC0415
    from concierge.wiring import briefly  # noqa: PLC0415

    wanted = Wanted(**{name: getattr(options, name) for name in Wanted.__struct_fields__})
    failed = asyncio.run(briefly(_settings_here(), "import", lambda runtime: bring_in(runtime, wanted, Console())))
    return 1 if failed else 0


def _operators(options: argparse.Namespace) -> None:
    from concierge.console.hiring import Hired, asked_for, hire  # noqa: PLC0415
    from concierge.wiring import briefly  # noqa: PLC0415

    wanted = Hired(**{name: getattr(options, name) for name in Hired.__struct_fields__})
    password = None if options.verb == "list" else asked_for(options.login)
    told = asyncio.run(briefly(_settings_here(), "operators", lambda runtime: hire(runtime, wanted, password)))
    print(*told, sep="\n")


def _describe(options: argparse.Namespace) -> None:
    from concierge.web.describing.writing import collected, described  # noqa: PLC0415

    print(collected(described()) if options.postman else described(), end="")


def _schema(_options: argparse.Namespace) -> None:
    from concierge.postgres.schema import generate  # noqa: PLC0415

    print(generate(), end="")


def _demo(options: argparse.Namespace) -> int:
    from concierge.demo import play  # noqa: PLC0415

    return int(play(running=options.running))


def _simulate(options: argparse.Namespace) -> None:
    if options.action == "serve":
        from concierge.processes import simulate  # noqa: PLC0415

        dice = Random() if options.shuffled else None  # noqa: S311
        _run(lambda: simulate(_settings(), with_parent=options.with_parent, dice=dice))
    else:
        from concierge.simulators.terminal import act  # noqa: PLC0415

        channel, words = "instagram" if options.instagram else "whatsapp", (options.action or "talk", options.word)
        asyncio.run(act(_settings_here(), *words, channel=channel, person=options.person, wait=options.wait))


def _eval(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415

    from concierge.evaluating.running import evaluate  # noqa: PLC0415
    from concierge.llm.tape import Tape  # noqa: PLC0415

    tape = Tape(options.tape, recording=options.record) if options.tape else None
    unneeded = {
        "CONCIERGE_ENV": "development",
        "DATABASE_URL": "postgresql://x/x",
        "CONCIERGE_SECRET_KEYS": "A" * 43 + "=",
    }
    settings, console = environment.load(unneeded | variables.here()), Console()
    run = evaluate(settings, options.model, options.paths, tape=tape, at_once=options.at_once, console=console)
    return int(asyncio.run(run))


def _doctor(options: argparse.Namespace) -> int:
    from concierge.doctor import examine  # noqa: PLC0415

    return int(asyncio.run(examine(_settings_here(), only_worker=options.worker)))
