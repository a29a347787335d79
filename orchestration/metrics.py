"""Metrics of assets, checks and runs from Dagster's event log, and their delivery to Prometheus."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from prometheus_client import CollectorRegistry, push_to_gateway, write_to_textfile
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from orchestration.settings import is_of_the_web

_CHECKED = {"SUCCEEDED": 1.0, "FAILED": 0.0}
"""Of how a check's execution stands; others were not executed, or not to their end."""

_PUBLISHED = dg.AssetKey("portal_snapshot")
_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
_FIGURES = {
    "encore_asset_rows": ("Rows of the asset when it was last materialized.", "dagster/row_count"),
    "encore_asset_seconds": ("Seconds that its last materialization took.", "seconds"),
    "encore_damaged_files": ("Log files in the inbox that cannot be read to their end.", "damaged_files"),
    "encore_unsettled_files": ("Log files that somebody was still writing, left for the next run.", "unsettled_files"),
}


class PipelineCollector(Collector):
    """Gauges of `assets` and `checks` in a Dagster instance; what was never computed has none."""

    def __init__(
        self, instance: dg.DagsterInstance, assets: Iterable[dg.AssetKey], checks: Iterable[dg.AssetCheckKey]
    ) -> None:
        self._instance = instance
        self._assets = sorted(assets)
        self._checks = sorted(checks)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the event log."""
        yield from self._of_assets()
        yield self._of_checks()
        yield self._of_runs()

    def _of_assets(self) -> Iterator[GaugeMetricFamily]:
        made = GaugeMetricFamily(
            "encore_asset_materialized_timestamp_seconds", "When the asset was last materialized.", labels=["asset"]
        )
        as_of = GaugeMetricFamily(
            "encore_as_of_timestamp_seconds", "Begin (UTC) of the day that the published scores are as of.", labels=[]
        )
        figures = {name: GaugeMetricFamily(name, help_, labels=["asset"]) for name, (help_, _) in _FIGURES.items()}
        for key in self._assets:
            event = self._instance.get_latest_materialization_event(key)
            if event is None or event.asset_materialization is None:
                continue
            asset = [key.to_user_string()]
            made.add_metric(asset, event.timestamp)
            metadata = event.asset_materialization.metadata
            if key == _PUBLISHED and "as_of" in metadata:
                day = datetime.fromisoformat(str(metadata["as_of"].value))
                as_of.add_metric([], day.replace(tzinfo=UTC).timestamp())
            for name, (_, told) in _FIGURES.items():
                value = metadata.get(told)
                if value is not None:
                    figures[name].add_metric(asset, _number(value))
        yield made
        yield as_of
        yield from figures.values()

    def _of_checks(self) -> GaugeMetricFamily:
        passed = GaugeMetricFamily(
            "encore_check_passed", "1 when the check last passed, 0 when it failed.", labels=["asset", "check"]
        )
        latest = self._instance.event_log_storage.get_latest_asset_check_execution_by_key(self._checks)
        for key in self._checks:
            record = latest.get(key)
            if record is not None and record.status.value in _CHECKED:
                passed.add_metric([key.asset_key.to_user_string(), key.name], _CHECKED[record.status.value])
        return passed

    def _of_runs(self) -> GaugeMetricFamily:
        ended = GaugeMetricFamily("encore_run_ended_timestamp_seconds", "When a run last ended so.", labels=["status"])
        for status in _ENDED:
            records = self._instance.get_run_records(
                dg.RunsFilter(statuses=[status]), limit=1, order_by="update_timestamp"
            )
            if records and records[0].end_time is not None:
                ended.add_metric([status.value.lower()], records[0].end_time)
        return ended


def registry_of(repository: dg.RepositoryDefinition, instance: dg.DagsterInstance) -> CollectorRegistry:
    """A registry with the figures of all assets and checks of `repository`."""
    graph = repository.asset_graph
    registry = CollectorRegistry()
    registry.register(PipelineCollector(instance, graph.materializable_asset_keys, graph.asset_check_keys))
    return registry


def _number(value: dg.MetadataValue[Any]) -> float:
    return float(value.value)


JOB = "encore_pipeline"
_TIMEOUT_SECONDS = 10


class BadFiguresSettingsError(ValueError):
    """A variable of the figures is wrong; the text names it."""


@dataclass(frozen=True)
class FiguresSettings:
    """A file, an address, or neither."""

    textfile: Path | None = None
    gateway: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "FiguresSettings":
        """Read `ENCORE_PIPELINE_METRICS_FILE` and `ENCORE_PUSHGATEWAY`.

        Raises:
            BadFiguresSettingsError: the file does not end in `.prom`, or the address is none.
        """
        named, gateway = environ.get("ENCORE_PIPELINE_METRICS_FILE", ""), environ.get("ENCORE_PUSHGATEWAY", "")
        if named and Path(named).suffix != ".prom":
            raise BadFiguresSettingsError(
                f"ENCORE_PIPELINE_METRICS_FILE={named!r} does not end in .prom, as in /var/lib/encore.prom."
            )
        if gateway and not is_of_the_web(gateway):
            raise BadFiguresSettingsError(
                "ENCORE_PUSHGATEWAY is not an address of the web, as in http://127.0.0.1:9091."
            )
        return cls(Path(named) if named else None, gateway)

    @staticmethod
    def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
        """Whether a variable asks for figures, however it is written: definitions must load even if it is mistyped."""
        return any(environ.get(name) for name in ("ENCORE_PIPELINE_METRICS_FILE", "ENCORE_PUSHGATEWAY"))

    @property
    def is_on(self) -> bool:
        """Whether the figures go anywhere."""
        return bool(self.textfile or self.gateway)


def hand_over(registry: CollectorRegistry, settings: FiguresSettings) -> None:
    """Write the file at once, so that no reader sees half of it, and push.

    Raises:
        OSError: a file cannot be written, or the gateway does not take it.
    """
    if settings.textfile:
        settings.textfile.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(settings.textfile), registry)
    if settings.gateway:
        push_to_gateway(settings.gateway, JOB, registry, timeout=_TIMEOUT_SECONDS)
