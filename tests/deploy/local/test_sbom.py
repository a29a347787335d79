import json
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.local.console import LocalError
from deploy.local.sbom import pins, sbom_json

ROOT = Path(__file__).parents[3]


def test_the_document_of_the_real_pins_keeps_to_the_schema() -> None:
    text = sbom_json(ROOT / "requirements.txt", "0.2.0")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = json.loads(text)
    lines = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert sorted(f"{each['name']}=={each['version']}" for each in bom["components"]) == sorted(lines)
    (encore,) = [each for each in bom["dependencies"] if each["ref"] == "encore"]
    assert len(encore["dependsOn"]) == len(lines)


def test_a_licence_is_that_of_the_pinned_version(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    installed = metadata.version("django")
    file.write_text(f"Django=={installed}\n", encoding="utf-8")
    (component,) = json.loads(sbom_json(file, "0.2.0"))["components"]
    assert component["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    file.write_text("django==0.96\nno-such-package==1.0\n", encoding="utf-8")
    assert not any("licenses" in each for each in json.loads(sbom_json(file, "0.2.0"))["components"])


@pytest.mark.parametrize("line", ["django", "django>=5", "django==5.2,!=5.2.1"])
def test_refuses_what_is_not_pinned(tmp_path: Path, line: str) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(LocalError, match="make lock"):
        pins(file)
