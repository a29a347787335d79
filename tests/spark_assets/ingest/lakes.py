"""Ingest into a lake of a test's own, and read back what became of every line."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from spark_assets.ingest.batch import IngestResult, ingest
from spark_assets.lake.ledger import BatchEntry, Ledger


@dataclass(frozen=True)
class Lake:
    """An inbox and a lake."""

    spark: SparkSession
    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def uri(self) -> str:
        return str(self.home / "lake")

    def ingest(self, now: datetime | None = None, quiet: timedelta = timedelta(0)) -> IngestResult:
        moment = now or datetime.now(UTC)
        return ingest(self.spark, str(self.inbox), self.uri, lambda: moment, quiet, sleep=lambda _: None)

    def ingest_batch(self) -> BatchEntry:
        """Ingest what must be something new."""
        entry = self.ingest().batch
        assert entry is not None
        return entry

    def songs(self) -> Counter[str]:
        """Songs of the events that count, with how often each stands there."""
        return Counter(row["song"] for row in self._rows("cleaned_events"))

    def content(self) -> Counter[str]:
        """Events that count, whatever file and batch brought them."""
        rows = self._rows("cleaned_events")
        return Counter(repr({key: value for key, value in row.items() if key != "source"}) for row in rows)

    def quarantine(self) -> list[tuple[str, int, str, bytes]]:
        """Quarantined lines that count, as (file, line, reason, raw)."""
        rows = self._rows("quarantined_events")
        return sorted((row["file"], row["line"], row["reason"], row["raw"]) for row in rows)

    def days(self) -> dict[date, int]:
        """Events by the date of their folder."""
        counts: Counter[date] = Counter()
        for number in Ledger.load(self.uri).batch_numbers:
            for path in (self.home / "lake/cleaned_events" / f"batch={number:06d}").rglob("*.parquet"):
                day = date.fromisoformat(path.parent.name.removeprefix("event_date="))
                counts[day] += pq.ParquetFile(path).metadata.num_rows
        return dict(counts)

    def _rows(self, table: str) -> list[dict[str, object]]:
        rows = []
        for number in Ledger.load(self.uri).batch_numbers:
            for path in sorted((self.home / "lake" / table / f"batch={number:06d}").rglob("*.parquet")):
                rows += pq.ParquetFile(path).read().to_pylist()
        return rows
