"""Rules beside the contracts of imports: how long a file may be, one session builder, one door to customers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 250

PACKAGES = ("spark_assets", "orchestration", "webportal", "deploy")


def sources(package: str) -> list[Path]:
    return [path for path in sorted((ROOT / package).rglob("*.py")) if "node_modules" not in path.parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_one_place_builds_the_session() -> None:
    builders = [path for path in sources("spark_assets") if "SparkSession.builder" in path.read_text(encoding="utf-8")]
    assert builders == [ROOT / "spark_assets" / "session.py"]


def test_no_private_module_of_dagster() -> None:
    private = [
        f"{path}: {module}" for path in sources("orchestration") for module in imports(path) if "dagster._" in module
    ]
    assert private == []


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
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
    rights = {"customers/personal_data.py"}
    assert users == {"customers/selectors.py"} | rights
