"""What Dagster's event log knows of assets, checks and runs, as gauges: read anew each time, so that none is lost."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

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
