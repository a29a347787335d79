"""The example for a cluster says the same as compose.yaml, and confines what it starts."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve
from kubernetes_validate.utils import validate

ROOT = Path(__file__).resolve().parents[3]
ITEMS: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/kubernetes/encore.yaml").read_text())["items"]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
DOCKERFILE = (ROOT / "deploy/images/Dockerfile").read_text()
PODS: dict[str, dict[str, Any]] = {
    item["metadata"]["name"]: item["spec"]["template"]["spec"]
    for item in ITEMS
    if item["kind"] in ("Deployment", "Job")
}
SERVICES = {container["name"]: (pod, container) for pod in PODS.values() for container in pod["containers"]}
SECONDS = {"40s": 40, "1m": 60, "2m": 120}


@pytest.mark.parametrize("version", ["1.30", "1.34", "1.37"])
@pytest.mark.parametrize("item", ITEMS, ids=[f"{item['kind']}-{item['metadata']['name']}" for item in ITEMS])
def test_an_item_has_only_fields_that_kubernetes_knows(item: dict[str, Any], version: str) -> None:
    assert validate(item, version, strict=True) == version


def settings_of(container: dict[str, Any]) -> dict[str, str]:
    """Return the variables of a container, those of its ConfigMaps included."""
    maps = {item["metadata"]["name"]: item["data"] for item in ITEMS if item["kind"] == "ConfigMap"}
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        found |= maps[source["configMapRef"]["name"]]
    return found | {entry["name"]: entry["value"] for entry in container.get("env", [])}


def secrets_of(pod: dict[str, Any]) -> dict[str, str]:
    """Return the secrets of a pod by the files that they lie in."""
    (volume,) = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
    assert volume["secretName"] == "encore"
    return {item["path"]: item["key"] for item in volume["items"]}


def probes_of(container: dict[str, Any]) -> list[dict[str, Any]]:
    return [container[name] for name in ("startupProbe", "livenessProbe", "readinessProbe") if name in container]


def test_every_service_of_compose_but_postgres_is_there() -> None:
    assert set(SERVICES) == set(COMPOSE) - {"postgres"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_that_of_compose(name: str) -> None:
    (pod, container), service = SERVICES[name], COMPOSE[name]
    assert container["image"] == service["image"]
    assert "command" not in container  # the image's entry point prepares the environment
    if name != "migrate":
        assert container.get("args") == service.get("command")
    assert set(settings_of(container)) == set(service["environment"])
    told = {key: value for key, value in service["environment"].items() if not value.startswith("${")}
    assert told.items() <= settings_of(container).items()
    needed = {secret for secret in service["secrets"] if f"/run/secrets/{secret}" in settings_of(container).values()}
    assert needed == set(service["secrets"]) <= set(secrets_of(pod))
    assert pod.get("shareProcessNamespace", False) == service.get("init", False)
    if "stop_grace_period" in service:
        assert pod["terminationGracePeriodSeconds"] >= SECONDS[service["stop_grace_period"]]


def test_migrating_and_collecting_are_what_compose_does_at_once() -> None:
    (collecting,) = PODS["portal"]["initContainers"]
    (shell, flag, migrating), (*_, collected) = SERVICES["migrate"][1]["args"], collecting["args"]
    assert COMPOSE["migrate"]["command"] == [shell, flag, f"{migrating} && {collected}"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_places_are_mounted_as_in_compose(name: str) -> None:
    (pod, container), service = SERVICES[name], COMPOSE[name]
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    assert {mount["name"] for mount in mounts.values()} <= volumes
    wanted = {re.sub(r"^(\$\{.*?\}|\w+):", "", volume) for volume in service["volumes"]} | set(service.get("tmpfs", []))
    found = {path + (":ro" if mount.get("readOnly") else "") for path, mount in mounts.items()}
    assert found == wanted | {"/run/secrets:ro"}
    assert container["securityContext"].get("readOnlyRootFilesystem", False) == service.get("read_only", False)


@pytest.mark.parametrize("pod", PODS.values(), ids=PODS)
def test_everything_is_confined_and_bounded(pod: dict[str, Any]) -> None:
    user = int(re.findall(r"--uid (\d+) ", DOCKERFILE)[0])
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == user
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"] + pod.get("initContainers", []):
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_probes_ask_where_something_answers(name: str) -> None:
    _, container = SERVICES[name]
    ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
    assert {"startupProbe", "livenessProbe"} <= set(container)
    for probe in probes_of(container):
        if "exec" in probe:
            assert ["CMD", *probe["exec"]["command"]] == COMPOSE[name]["healthcheck"]["test"]
            continue
        asked = probe["httpGet"]
        assert asked["port"] in ports
        if name == "portal":
            assert resolve(asked["path"]).url_name in ("healthz", "readyz")
            hosts = settings_of(container)["ENCORE_ALLOWED_HOSTS"].split(",")
            assert [header["value"] for header in asked["httpHeaders"]] == hosts[:1]


def test_ports_are_those_that_the_programs_open() -> None:
    opened = {name: [port["containerPort"] for port in found.get("ports", [])] for name, (_, found) in SERVICES.items()}
    for name in ("portal", "dagster"):
        assert [f"127.0.0.1:{port}:{port}" for port in opened[name]] == COMPOSE[name]["ports"]
    assert opened["follower"] == [int(SERVICES["follower"][1]["args"][-1].rpartition(":")[2])]
    workspace = yaml.safe_load((ROOT / "deploy/images/workspace.yaml").read_text())
    (code,) = [entry["grpc_server"] for entry in workspace["load_from"]]
    assert opened["code"] == [code["port"]]
    assert PODS["pipeline"]["hostAliases"] == [{"ip": "127.0.0.1", "hostnames": [code["host"]]}]


def test_services_and_claims_lead_somewhere() -> None:
    labels = [item["spec"]["template"]["metadata"]["labels"] for item in ITEMS if item["kind"] == "Deployment"]
    for item in ITEMS:
        if item["kind"] == "Deployment":
            assert item["spec"]["selector"]["matchLabels"] == item["spec"]["template"]["metadata"]["labels"]
        if item["kind"] == "Service":
            assert item["spec"]["selector"] in labels
    claimed = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in PODS.values()
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert claimed == {item["metadata"]["name"] for item in ITEMS if item["kind"] == "PersistentVolumeClaim"} | {
        "inbox"
    }


def test_who_may_reach_a_pod_is_said_of_each() -> None:
    """The portal believes what its proxies say of addresses: nobody else in the cluster may reach it."""
    policies = {
        item["spec"]["podSelector"]["matchLabels"]["app"]: item["spec"]
        for item in ITEMS
        if item["kind"] == "NetworkPolicy"
    }
    assert set(policies) == set(PODS) - {"migrate"}
    assert all(policy["policyTypes"] == ["Ingress"] for policy in policies.values())
    assert policies["pipeline"]["ingress"] == policies["follower"]["ingress"] == []
    (entry,) = policies["portal"]["ingress"]
    assert [list(peer) for peer in entry["from"]] == [["namespaceSelector"]]
    ports = [port["containerPort"] for port in SERVICES["portal"][1]["ports"]]
    assert [port["port"] for port in entry["ports"]] == ports


def test_no_secret_is_written_down() -> None:
    assert "Secret" not in {item["kind"] for item in ITEMS}
    for _, container in SERVICES.values():
        for variable, value in settings_of(container).items():
            assert variable.endswith("_FILE") == value.startswith("/run/secrets/"), variable
