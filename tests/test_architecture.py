"""Rules of the house that a machine can check: who may import whom, how long a file may be, one session builder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 250

FORBIDDEN = {
    "spark_assets": {"dagster", "django", "webportal", "orchestration", "deploy", "dagster_pyspark", "dagster_aws"},
    "orchestration": {"django", "webportal", "deploy"},
    "webportal": {"pyspark", "dagster", "orchestration", "deploy"},
    "deploy": {"spark_assets", "orchestration", "webportal"},
}
SEAM = {
    "orchestration": ("spark_assets.jobs", "spark_assets.contracts"),
    "webportal": ("spark_assets.contracts",),
}
"""What a package may take from `spark_assets`."""


def sources(package: str) -> list[Path]:
    return [path for path in sorted((ROOT / package).rglob("*.py")) if "node_modules" not in path.parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_package_imports_only_what_the_design_allows(package: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        for module in imports(path)
        if any(within(module, other) for other in FORBIDDEN[package])
    ]
    assert sources(package)
    assert broken == []


@pytest.mark.parametrize("package", sorted(SEAM))
def test_spark_assets_is_entered_by_its_doors_only(package: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        for module in imports(path)
        if within(module, "spark_assets") and not _is_door(module, SEAM[package])
    ]
    assert broken == []


def _is_door(module: str, doors: tuple[str, ...]) -> bool:
    return any(within(module, door) for door in doors) or module == "spark_assets"


def test_dagster_pipes_only_in_the_jobs() -> None:
    users = [path for path in sources("spark_assets") if "dagster_pipes" in set(imports(path))]
    assert [path for path in users if path.parent.name != "jobs"] == []


def test_contract_needs_neither_spark_nor_django() -> None:
    taken = {module.split(".")[0] for path in sources("spark_assets/contracts") for module in imports(path)}
    assert taken <= {"dataclasses", "enum", "math", "re", "typing", "unicodedata"}


def test_one_place_builds_the_session() -> None:
    builders = [path for path in sources("spark_assets") if "SparkSession.builder" in path.read_text(encoding="utf-8")]
    assert builders == [ROOT / "spark_assets" / "session.py"]


def test_no_private_module_of_dagster() -> None:
    private = [
        f"{path}: {module}" for path in sources("orchestration") for module in imports(path) if "dagster._" in module
    ]
    assert private == []


@pytest.mark.parametrize("package", [*sorted(FORBIDDEN), "tests"])
def test_no_file_outgrows_its_room(package: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(package)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_customers_are_read_through_the_one_query_that_knows_the_viewer() -> None:
    """Whoever else asks the tables of customers must be about one person's rights, which administrators alone have."""
    tables = ("CustomerSnapshot.objects", "CurrentCustomer.objects", "PseudonymousCustomer.objects")
    users = {
        str(path.relative_to(ROOT / "webportal"))
        for path in sources("webportal")
        if any(table in path.read_text(encoding="utf-8") for table in tables)
    }
    rights = {"audit/selectors.py", "privacy/exporting.py", "privacy/services.py"}
    assert users == {"customers/selectors.py", "customers/visibility.py"} | rights
