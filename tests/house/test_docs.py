"""Every command in the documents runs: curl and shell against a live server, make targets against the Makefile."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from concierge.cli import main
from concierge.postgres.ops import questions
from tests.apps import lent
from tests.fakes import FrozenClock
from tests.serving import serving
from tests.world import KEY, SECRET_KEY, open_world

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
SOURCES = sorted(
    path
    for pattern in ("*.toml", "*.yaml", "Makefile", "Dockerfile", ".env.example", "[bcst]*/**/*.py", "sql/**/*.sql")
    for path in ROOT.glob(pattern)
)
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"^concierge (.*)$", re.MULTILINE)
NOT_HERE = ("docker ",)  # no engine can be assumed; compose.yaml is checked by tests/house/test_manifests.py


def blocks() -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{n}", block)
        for path in DOCUMENTS
        for n, block in enumerate(BLOCK.findall(path.read_text()), 1)
    ]


class Door:
    """An address that stays while the world behind it changes with each test."""

    url: str
    app: Any

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
async def door() -> AsyncIterator[Door]:
    door = Door()
    server = uvicorn.Server(uvicorn.Config(door, port=0, lifespan="off", log_config=None, access_log=False))
    async with serving(server) as port:
        door.url = f"http://127.0.0.1:{port}"
        yield door


@pytest.fixture
async def live(db: str, clock: FrozenClock, tmp_path: Path, door: Door) -> AsyncIterator[tuple[str, Path]]:
    """The URL of a running service, and a folder like the checkout's, with `.concierge/env` in it."""
    home = tmp_path / ".concierge"
    home.mkdir()
    (home / "env").write_text(
        f"CONCIERGE_ENV=development\nDATABASE_URL={db}\nADMIN_API_KEY={KEY}\nCONCIERGE_SECRET_KEYS={SECRET_KEY}\n"
    )
    async with open_world(db, clock) as world:
        with lent(world.runtime) as door.app:
            async with door.app.lifespan():
                yield door.url, tmp_path


def obey(words: str) -> object:
    """The exit status of a command of ours."""
    try:
        return main(shlex.split(words))
    except SystemExit as error:  # of words that it does not know
        return error.code


@pytest.mark.parametrize(("name", "block"), blocks(), ids=[name for name, _ in blocks()])
async def test_a_block_of_commands_runs(
    name: str, block: str, live: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands of ours run in this process, where they are loaded already; the shell does what stands between them."""
    url, folder = live
    script = "\n".join(
        line for line in block.splitlines() if not re.match(r"\s*make ", line) and not line.startswith(NOT_HERE)
    )
    for line in block.splitlines():
        if found := re.match(r"\s*make\s+([a-z-]+)(?:\s+Q=\"?(\w+))?", line):
            assert re.search(rf"^{found[1]}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE), line
            assert found[2] is None or found[2] in {each.name for each in questions()}, line
    environ = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder)}
    script = script.replace("http://localhost:3000", url).replace("--max-time 1 ", "--max-time 0.2 ")
    script = script.replace("curl ", "curl --silent --show-error --fail-with-body ")
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.chdir(folder)
    for ours, part in zip(cycle((False, True)), OURS.split(script), strict=False):
        if ours:
            assert await asyncio.to_thread(obey, part) == 0, f"{name}: {part}"
        elif part.strip():
            command = ["bash", "-euo", "pipefail", "-c", part]
            run = await asyncio.to_thread(subprocess.run, command, env=environ, capture_output=True, text=True)
            assert run.returncode == 0, f"{name}: {run.stdout}{run.stderr}"


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in DOCUMENTS
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_target_that_is_named_exists() -> None:
    """In a code span, and at the beginning of a line of a code block; elsewhere `make` is a verb."""
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for path in [*DOCUMENTS, ROOT / "CHANGELOG.md", *SOURCES]:
        text = path.read_text()
        named = re.findall(r"`make ([a-z-]+)", text)
        if path in DOCUMENTS:
            named += re.findall(r"^(?: {4})?make ([a-z-]+)(?=\s{2}|$)", text, re.MULTILINE)
        assert set(named) <= set(targets), path.relative_to(ROOT)


def test_every_document_that_code_names_exists() -> None:
    for path in SOURCES:
        for named in re.findall(r"(?<![\w/.])docs/[\w./-]*\w", path.read_text()):
            assert any(ROOT.glob(f"{named.removesuffix('.new')}*")), f"{path.relative_to(ROOT)} → {named}"


def test_every_question_is_explained() -> None:
    for question in questions():
        assert question.comment[0].rstrip().endswith(("?", ")")), question.name
        assert any(line.startswith("Normal:") for line in question.comment), question.name
        assert any(line.startswith("If not:") for line in question.comment), question.name
