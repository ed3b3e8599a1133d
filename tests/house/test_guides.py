"""The examples of the API's guides in Python and TypeScript run against a live server; curl ones in test_docs.py."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_docs import door, live
from tests.world import KEY

__all__ = ["door", "live"]
ROOT = Path(__file__).parents[2]
GUIDES = sorted(ROOT.glob("docs/api/*.md"))
BLOCK = re.compile(r"^```(python|ts)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([A-Z]+ /[^`]*)` \|", re.MULTILINE)
METHODS = {"get", "post", "put", "patch", "delete"}
# one process for all the examples of a language, each as if it were alone: in a namespace of its own
COMMANDS = {
    "python": [sys.executable, "-c", "import runpy, sys; [runpy.run_path(path) for path in sys.argv[1:]]"],
    "ts": ["node", "--input-type=module", "-e", "for (const path of process.argv.slice(1)) await import(path)"],
}


def blocks(language: str) -> list[tuple[str, str]]:
    return [
        (f"{path.stem}-{n}", code)
        for path in GUIDES
        for n, (kind, code) in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")), 1)
        if kind == language and "BASE_URL" in code  # others are pieces of a receiver, tested with the webhooks
    ]


@pytest.mark.parametrize("language", ["python", "ts"])
async def test_the_examples_run(language: str, live: tuple[str, Path]) -> None:
    if language == "ts" and shutil.which("node") is None:
        pytest.skip("THE TYPESCRIPT EXAMPLES WERE NOT RUN: there is no node on this machine")
    url, folder = live
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "BASE_URL": url, "API_KEY": KEY}
    found = blocks(language)
    assert len(found) >= 3
    paths = [folder / f"{name}.{'py' if language == 'python' else 'mjs'}" for name, _ in found]
    for path, (_, code) in zip(paths, found, strict=True):
        path.write_text(code)
    run = await asyncio.to_thread(
        subprocess.run, [*COMMANDS[language], *paths], env=environ, capture_output=True, text=True, cwd=folder
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_operation_stands_in_one_guide() -> None:
    """Whoever looks for a path finds it where its area is explained; what is gone is gone there, too."""
    description = json.loads((ROOT / "docs/api/openapi.json").read_text(encoding="utf-8"))
    there = [
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method in methods
        if method in METHODS
    ]
    told = [row for path in GUIDES for row in ROW.findall(path.read_text(encoding="utf-8"))]
    assert sorted(set(there) - set(told)) == [], "stand in no guide: a row in the last table of their area's"
    assert sorted(told) == sorted(set(told) & set(there)), "stand there though they are gone, or twice"
