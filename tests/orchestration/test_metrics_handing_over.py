"""A file and a gateway that take figures, and settings that name neither rightly."""

from pathlib import Path
from urllib.error import HTTPError

import pytest
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.parser import text_string_to_metric_families

from orchestration.metrics import BadFiguresSettingsError, FiguresSettings, hand_over
from tests.orchestration.listeners import gateway


@pytest.fixture
def registry() -> CollectorRegistry:
    made = CollectorRegistry()
    Gauge("encore_asset_rows", "Rows.", ["asset"], registry=made).labels("churn_scores").set(5)
    return made


def _rows(text: str) -> float:
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    (value,) = [sample.value for sample in samples if sample.labels == {"asset": "churn_scores"}]
    return value


def test_the_file_holds_the_figures_and_nothing_lies_beside_it(registry: CollectorRegistry, tmp_path: Path) -> None:
    file = tmp_path / "collector" / "encore.prom"
    hand_over(registry, FiguresSettings(textfile=file))
    assert _rows(file.read_text()) == 5
    assert list(file.parent.iterdir()) == [file]


def test_the_gateway_gets_the_figures_under_the_pipelines_name(registry: CollectorRegistry) -> None:
    with gateway() as (address, received):
        hand_over(registry, FiguresSettings(gateway=f"http://{address}"))
    ((path, text),) = received
    assert path == "/metrics/job/encore_pipeline"
    assert _rows(text) == 5


def test_a_gateway_that_refuses_is_an_error(registry: CollectorRegistry) -> None:
    with gateway(status=400) as (address, _), pytest.raises(HTTPError):
        hand_over(registry, FiguresSettings(gateway=f"http://{address}"))


def test_settings_come_from_the_environment() -> None:
    assert not FiguresSettings.from_environ({}).is_on
    named = {
        "ENCORE_PIPELINE_METRICS_FILE": "/var/lib/x/encore.prom",
        "ENCORE_PUSHGATEWAY": "http://push.internal:9091",
    }
    settings = FiguresSettings.from_environ(named)
    assert settings == FiguresSettings(Path("/var/lib/x/encore.prom"), "http://push.internal:9091")
    assert settings.is_on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENCORE_PIPELINE_METRICS_FILE", "/var/lib/x/encore.txt"),
        ("ENCORE_PUSHGATEWAY", "push.internal:9091"),
        ("ENCORE_PUSHGATEWAY", "ftp://push.internal"),
        ("ENCORE_PUSHGATEWAY", "http://["),
    ],
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(BadFiguresSettingsError, match=name):
        FiguresSettings.from_environ({name: value})
