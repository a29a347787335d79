"""The software bill of materials of a release: CycloneDX 1.6 of the packages that requirements.txt pins."""

from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.local.console import LocalError

MAX_LICENSE_LENGTH = 80
"""Some packages have the whole text of the licence in the field of its name."""


def sbom_json(requirements: Path, version: str) -> str:
    """Return the document: Encore in this version, and every pinned package with its licence where it is installed.

    Raises:
        LocalError: a line of the file pins no single version.
    """
    encore = Component(name="encore", version=version, type=ComponentType.APPLICATION, bom_ref="encore")
    bom = Bom(components=[_component(*pin) for pin in pins(requirements)])
    bom.metadata.component = encore
    bom.register_dependency(encore, bom.components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


def pins(requirements: Path) -> list[tuple[str, str]]:
    """Return name and version of each pinned package.

    Raises:
        LocalError: a line of the file pins no single version.
    """
    lines = (line.partition("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    return [_pin(line, requirements) for line in lines if line]


def _pin(line: str, requirements: Path) -> tuple[str, str]:
    requirement = Requirement(line)
    specifiers = list(requirement.specifier)
    if len(specifiers) != 1 or specifiers[0].operator != "==":
        raise LocalError(f"{requirements.name} pins no version in the line {line!r}: run `make lock` and commit it.")
    return canonicalize_name(requirement.name), specifiers[0].version


def _component(name: str, version: str) -> Component:
    url = PackageURL("pypi", name=name, version=version)
    return Component(name=name, version=version, purl=url, bom_ref=url.to_string(), licenses=_licenses(name, version))


def _licenses(name: str, version: str) -> list[License]:
    try:
        found = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return []
    text = str(found.get("license_expression") or found.get("license") or "")
    if found["version"] != version or not text or "\n" in text or len(text) > MAX_LICENSE_LENGTH:
        return []
    return [LicenseFactory().make_from_string(text)]
