"""The drawings of the docs show the assets, packages and imports that the code has."""

import ast
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

from orchestration.definitions import defs

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
Edges = set[tuple[str, str]]


def drawing(name: str) -> ET.Element:
    return ET.parse(ROOT / "docs" / "images" / name).getroot()  # noqa: S314 - our own file


def names(root: ET.Element, kind: str) -> set[str]:
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == kind]
    return {text.text or "" for group in groups for text in group.iter(f"{SVG}text") if text.get("class") == "name"}


def arrows(root: ET.Element) -> Edges:
    paths = [path for path in root.iter(f"{SVG}path") if path.get("data-from")]
    return {(path.get("data-from", ""), path.get("data-to", "")) for path in paths}


def inputs() -> Edges:
    graph = defs().resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    return {(parent.to_user_string(), node.key.to_user_string()) for node in nodes for parent in node.parent_keys}


def reached(edges: Edges) -> Edges:
    """Return the edges and every path along them."""
    found = set(edges)
    while more := {(a, d) for a, b in found for c, d in edges if b == c} - found:
        found |= more
    return found


def packages() -> list[str]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[str] = pyproject["tool"]["importlinter"]["root_packages"]
    return listed


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def imports() -> Edges:
    known = packages()
    return {
        (package, other)
        for package in known
        for file in (ROOT / package).rglob("*.py")
        for other in imported(file) & set(known) - {package}
    }


def test_the_architecture_shows_every_asset_and_its_inputs() -> None:
    root = drawing("architecture.svg")
    edges = inputs()
    assets = {name for edge in edges for name in edge}
    assert names(root, "asset") == assets
    assert {edge for edge in arrows(root) if set(edge) & assets} == edges


def test_the_architecture_shows_every_package_and_its_imports() -> None:
    root = drawing("architecture.svg")
    assert names(root, "package") == set(packages())
    assert {edge for edge in arrows(root) if set(edge) & set(packages())} == imports()


def test_the_flow_shows_assets_in_their_order() -> None:
    root = drawing("flow.svg")
    edges = arrows(root)
    assert edges
    assert {name for edge in edges for name in edge} == names(root, "asset")
    assert edges <= reached(inputs())
