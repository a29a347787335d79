from typing import Any, cast

from webportal.common.static_files import DashFilesFinder


def test_finds_what_dash_loads_and_leaves_the_rest() -> None:
    found = cast("list[tuple[str, Any]]", list(DashFilesFinder().list(None)))  # `prefix` is set by django-plotly-dash
    paths = {f"{storage.prefix}/{path}" for path, storage in found}
    assert "dash/component/dash/dcc/dash_core_components.js" in paths
    assert "dash/component/plotly/package_data/plotly.min.js" in paths
    assert not [path for path in paths if path.endswith((".py", ".map", ".json"))]


def test_ignores_what_it_is_told_to() -> None:
    paths = {path for path, _ in DashFilesFinder().list(["*.js"])}
    assert not [path for path in paths if path.endswith(".js")]
