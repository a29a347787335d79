"""What can be seen of images, compose file and units without building or starting them."""

import ast
import configparser
import os
import re
import socket
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.dagster_home import dagster_home
from tests.webportal.starting import COMPLETE

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = (ROOT / "deploy/images/Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
WORKSPACE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/images/workspace.yaml").read_text())
PATIENCE_S = 60
OURS = {"spark_assets", "webportal", "deploy"}


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def stage(name: str) -> list[str]:
    """Return the lines of a stage of the Dockerfile, those that go on in the next one joined."""
    stages = re.split(r"^FROM ", DOCKERFILE.replace("\\\n", " "), flags=re.MULTILINE)
    (found,) = [stage for stage in stages if stage.splitlines()[0].endswith(f" AS {name}")]
    return found.splitlines()


def test_images_run_as_nobody_in_particular_and_are_pinned() -> None:
    for name in ("portal", "pipeline"):
        assert "USER encore" in stage(name)
    assert all(":latest" not in line for line in instructions("FROM"))
    assert re.search(r"^ARG PYTHON=python:3\.11-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert instructions("ADD") == []
    assert all("requirements.txt" in line for line in instructions("RUN") if "pip install" in line)


def test_everything_copied_is_there_and_not_ignored() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for line in instructions("COPY"):
        if not line.startswith("--from"):
            for source in line.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert any(source == name or source.startswith(f"{name}/") for name in kept), source


def test_the_portal_image_has_every_package_that_the_portal_imports() -> None:
    files = [*(ROOT / "webportal").rglob("*.py"), *(ROOT / "spark_assets/contracts").rglob("*.py")]
    imported = {name.split(".")[0] for path in files for name in _imports(path)} - OURS - set(sys.stdlib_module_names)
    owners = metadata.packages_distributions()
    roots = [line for line in (ROOT / "deploy/images/portal.txt").read_text().split("\n") if line and line[0] != "#"]
    installed = _closure({_canonical(line.partition("[")[0]) for line in roots})
    missing = {name for name in imported if not {_canonical(owner) for owner in owners[name]} & installed}
    assert missing == set()


@pytest.mark.parametrize("name", ["portal", "pipeline"])
def test_images_hold_the_file_with_the_version(name: str) -> None:
    assert "COPY pyproject.toml ./" in stage(name)


@pytest.mark.parametrize("name", ["migrate", "portal", "follower", "code", "dagster", "daemon"])
def test_services_are_ours_confined_and_told_secrets_by_file(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["build"]["target"] in ("portal", "pipeline")
    assert service["cap_drop"] == ["ALL"]
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    for variable, value in service["environment"].items():
        assert variable.endswith("_FILE") == value.startswith("/run/secrets/"), variable
        if variable.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_nothing_listens_beyond_this_machine_and_volumes_are_declared() -> None:
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        names = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith(("$", "./"))}
        assert names <= set(COMPOSE["volumes"])
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])


def test_the_pipeline_gives_way_to_whoever_serves_pages() -> None:
    weights = {name: service.get("cpu_shares", 1024) for name, service in COMPOSE["services"].items()}
    pipeline = {"code", "dagster", "daemon"}
    assert sum(weights[name] for name in pipeline) < min(weights[name] for name in weights if name not in pipeline)
    assert all(int(unit_of(name)["CPUWeight"]) < 100 for name in pipeline)  # systemd's own, which the others have
    assert not any("CPUWeight" in unit_of(name) for name in ("portal", "follower"))


@pytest.mark.parametrize("name", ["portal", "pipeline"])
def test_a_new_volume_belongs_to_whom_the_image_runs_as(name: str) -> None:
    """Docker gives a new volume the owner of the folder that the image has in its place: without one, root."""
    made = {line.split()[-1] for line in stage("base") + stage(name) if "install --directory --owner=encore" in line}
    for service in COMPOSE["services"].values():
        if service.get("build", {}).get("target") == name:
            volumes = [volume.split(":") for volume in service["volumes"] if not volume.startswith("$")]
            assert {place for _, place in volumes} <= made


def test_who_looks_into_the_pipeline_finds_the_home_that_the_entry_point_gives_it(tmp_path: Path) -> None:
    """Health checks and `exec` do not pass the entry point, which sets DAGSTER_HOME for all that it starts."""
    (home,) = [line.split()[1].partition("=")[2] for line in stage("base") if line.startswith("ENV ENCORE_HOME=")]
    assert f"ENV DAGSTER_HOME={home}/{dagster_home(tmp_path).relative_to(tmp_path)}" in stage("pipeline")


def test_the_code_server_is_the_process_that_answers_and_has_the_name_by_which_it_is_found() -> None:
    (command,) = [ast.literal_eval(line.removeprefix("CMD ")) for line in stage("pipeline") if line.startswith("CMD ")]
    assert command[:3] == ["dagster", "api", "grpc"]
    (found,) = [entry["grpc_server"] for entry in WORKSPACE["load_from"]]
    told = dict(zip(command[3::2], command[4::2], strict=True))
    assert (told["--port"], told["--location-name"]) == (str(found["port"]), found["location_name"])
    assert found["host"] in COMPOSE["services"]


def test_what_runs_leave_behind_is_collected() -> None:
    """The Java of a run outlives who started it; ended, it stays until the container's first process collects it."""
    for service in COMPOSE["services"].values():
        assert service.get("init", False) == (service["image"] == "encore-pipeline")


@pytest.mark.parametrize("name", sorted(set(COMPOSE["services"]) - {"migrate"}))
def test_every_service_that_runs_on_tells_whether_it_is_well(name: str) -> None:
    service = COMPOSE["services"][name]
    assert "healthcheck" in service or (service["build"]["target"] == "portal" and "command" not in service)


def test_postgres_is_healthy_only_when_it_answers_to_others() -> None:
    assert "--host=127.0.0.1" in COMPOSE["services"]["postgres"]["healthcheck"]["test"]


def unit_of(name: str) -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign] # systemd's names have capitals
    unit.read(ROOT / f"deploy/systemd/encore-{name}.service")
    return unit["Service"]


@pytest.mark.parametrize("name", ["portal", "follower", "code", "dagster", "daemon"])
def test_units_are_confined_and_stop_gracefully(name: str) -> None:
    service = unit_of(name)
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("encore", "true", "strict")
    assert int(service["TimeoutStopSec"]) > 30
    assert service["ExecStart"].startswith("/opt/encore/.venv/bin/python -m deploy.local run")
    assert service["Restart"] == "always"


def test_units_run_the_programs_of_compose() -> None:
    """`dg dev` is for developers: when one of its parts dies, all of it does."""
    programs = {name: unit_of(name)["ExecStart"].partition(" -- ")[2].split() for name in ("code", "dagster", "daemon")}
    (code,) = [ast.literal_eval(line.removeprefix("CMD ")) for line in stage("pipeline") if line.startswith("CMD ")]
    assert _local(code) == programs["code"]
    for name in ("dagster", "daemon"):
        assert _local(COMPOSE["services"][name]["command"]) == programs[name]
    workspace = yaml.safe_load((ROOT / "deploy/systemd/workspace.yaml").read_text())
    (found,) = [entry["grpc_server"] for entry in workspace["load_from"]]
    told = dict(zip(programs["code"][3::2], programs["code"][4::2], strict=True))
    assert (told["--host"], told["--port"], told["--location-name"]) == tuple(
        map(str, (found["host"], found["port"], found["location_name"]))
    )


def _local(command: list[str]) -> list[str]:
    return [word.replace("0.0.0.0", "127.0.0.1").replace("deploy/images/", "deploy/systemd/") for word in command]  # noqa: S104 - read, not bound


@pytest.mark.parametrize("name", ["portal", "pipeline"])
def test_a_container_gets_the_variables_of_its_part(name: str) -> None:
    (entry,) = [ast.literal_eval(line.partition(" ")[2]) for line in stage(name) if line.startswith("ENTRYPOINT ")]
    assert entry[entry.index("--for") + 1] == name


def test_the_portal_image_looks_after_itself_under_its_own_name_alone() -> None:
    """Its HEALTHCHECK, against the portal as production has it, which answers to no other host."""
    (check,) = instructions("HEALTHCHECK")
    command = ast.literal_eval(check.partition(" CMD ")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *(word.replace(":8000", f":{port}") for word in command[1:])]
    environ = os.environ | COMPLETE | {"DJANGO_SETTINGS_MODULE": "webportal.config.settings.prod"}
    serve = [sys.executable, "-m", "gunicorn", "-c", "python:webportal.config.gunicorn", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*serve, "webportal.config.wsgi:application"], cwd=ROOT, env=environ)
    try:
        until = time.monotonic() + PATIENCE_S
        while subprocess.run(command, env=environ, capture_output=True, check=False).returncode != 0:
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.5)
    finally:
        server.terminate()
        server.wait()


def _imports(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return named + [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]


def _closure(names: set[str]) -> set[str]:
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        names |= {_canonical(re.split(r"[^\w.-]", line)[0]) for line in needed if "extra ==" not in line}
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
