"""Where variables come from: the process, then `.env`, then what `concierge run` remembered."""

import os
import stat
from pathlib import Path

import pytest

from concierge import environ
from concierge.errors import SettingsError
from tests.each import each


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {})
    return tmp_path


def ours(variables: dict[str, str]) -> dict[str, str]:
    """Without what pytest itself puts there."""
    return {name: value for name, value in variables.items() if not name.startswith("PYTEST_")}


@each(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("  export A = 1  ", "1"),
        ("A=My business", "My business"),
        ("A='My business'", "My business"),
        ("A='a \\ #'  # comment", "a \\ #"),
        ('A="a \\"b\\" \\\\ #c"', 'a "b" \\ #c'),
        ("A=1 # comment", "1"),
        ("A=postgresql://me:a#b@host/db?x=y", "postgresql://me:a#b@host/db?x=y"),
        ("A=it's", "it's"),
    ],
)
def test_a_line_gives_a_value(folder: Path, line: str, value: str) -> None:
    (folder / ".env").write_text(f"\n# a comment\n{line}\n")
    assert ours(environ.given()) == {"A": value}


@each("line", ["A=", "A=''", 'A=""', "A= # nothing"])
def test_empty_is_unset(folder: Path, line: str) -> None:
    (folder / ".env").write_text(line)
    assert ours(environ.given()) == {}


@each("line", ["hunter2", "A='hunter2", 'A="hunter2" 3', "2A=hunter2"])
def test_a_wrong_line_is_named_but_not_shown(folder: Path, line: str) -> None:
    (folder / ".env").write_text(f"B=1\n{line}\n")
    with pytest.raises(SettingsError, match=r"line 2 of \.env") as caught:
        environ.given()
    assert "hunter2" not in str(caught.value)


def test_the_process_comes_first_and_what_was_remembered_last(folder: Path) -> None:
    os.environ.update(A="process", B="")
    (folder / ".env").write_text("A=file\nB=file\nC=file\n")
    (folder / ".concierge").mkdir()
    (folder / ".concierge/env").write_text("A=run\nC=run\nD=run\n")
    assert ours(environ.given()) == {"A": "process", "B": "", "C": "file"}
    assert ours(environ.here()) == {"A": "process", "B": "", "C": "file", "D": "run"}


def test_a_secret_in_a_file_hides_the_same_one_below_and_is_hidden_by_it(folder: Path) -> None:
    os.environ.update(A="process", B_FILE="/process")
    (folder / ".env").write_text("A_FILE=/file\nB=file\n")
    assert ours(environ.given()) == {"A": "process", "B_FILE": "/process"}


def test_what_is_remembered_is_found_again_and_nobody_elses_to_read(folder: Path) -> None:
    environ.remember({"A": "1", "B_FILE": "/b", "C": "", "D": "not asked for"}, ["A", "B", "C"])
    assert ours(environ.here()) == {"A": "1", "B_FILE": "/b"}
    assert ours(environ.given()) == {}
    assert stat.S_IMODE((folder / ".concierge/env").stat().st_mode) == 0o600


def test_the_example_can_be_copied(folder: Path) -> None:
    text = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(text)
    assert environ.given()["TENANT_NAME"] == "My business"
    assert "DATABASE_URL" not in environ.given()
