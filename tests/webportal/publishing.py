"""Publishes synthetic snapshots by plain SQL, as the contract says: what the portal's tests read.

Works on any DB-API cursor, so that the same helper serves Django's test database and one that a real server reads.
"""

import json
import random
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Any, Protocol

from spark_assets.contracts import CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, SNAPSHOT, RiskBand
from spark_assets.contracts.explanations import HOLD_OUT_DRAWS
from spark_assets.contracts.search_keys import name_key
from spark_assets.contracts.summary import SnapshotSummary
from tests.webportal.cards import MODEL_CARD
from tests.webportal.told import ACTIVITY, CHANGE, MODEL_FACTS, MOMENTS, REASONS

Row = dict[str, Any]


class Cursor(Protocol):
    """What is used of a DB-API cursor."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> object: ...

    def fetchone(self) -> tuple[Any, ...] | None: ...


AS_OF = date(2018, 12, 1)
DATA_FROM = date(2018, 10, 1)
FLOORS = {RiskBand.HIGH.value: 0.24, RiskBand.MEDIUM.value: 0.12}
LIFTS = {RiskBand.HIGH.value: 2.0, RiskBand.MEDIUM.value: 1.0}
PLACES = ("Boston-Cambridge-Newton, MA-NH", "Los Angeles-Long Beach-Anaheim, CA", "Bozeman, MT", None)
NAMES = (("Colin", "Freeman"), ("Zoë", "Müller"), ("Micah", "Long"), ("Adelyn", "Jordan"), ("Lucero", "Reed"))


def customer(number: str, **changes: object) -> Row:
    """Return a plausible scored customer with `changes`; the band follows from the probability."""
    row: Row = {
        "customer_number": number,
        "first_name": "Colin",
        "last_name": "Freeman",
        "gender": "M",
        "level": "paid",
        "location": PLACES[0],
        "registered_on": date(2018, 9, 12),
        "last_seen_at": datetime(2018, 11, 30, 21, 5, tzinfo=UTC),
        "cancelled_on": None,
        "days_listened": 20,
        "songs_per_day": 60.0,
        "account_age_days": 80,
        "days_listened_7d": 3,
        "days_listened_30d": 11,
        "songs_7d": 150,
        "songs_30d": 640,
        "churn_probability": 0.3,
        "pseudonym": pseudonym_of(number),
        **changes,
    }
    row.setdefault("risk_band", band_of(row["churn_probability"]))
    scored = row["churn_probability"] is not None
    row.setdefault("reasons", REASONS if scored else None)
    row.setdefault("change", CHANGE if scored else None)
    row.setdefault("doubts", None)
    row.setdefault("name_key", name_key(" ".join(filter(None, (row["first_name"], row["last_name"])))))
    row.setdefault("last_name_key", name_key(row["last_name"]))
    row.setdefault("risen_from", None)
    row.setdefault("hold_out_draw", int(sha256(number.encode()).hexdigest(), 16) % HOLD_OUT_DRAWS)
    row.setdefault("activity", ACTIVITY)
    row.setdefault("moments", MOMENTS)
    return row


def pseudonym_of(number: str) -> str:
    """Return a pseudonym of the shape that the publisher gives."""
    return "P" + b32encode(sha256(number.encode()).digest()[:10]).decode()


def band_of(probability: float | None) -> str | None:
    """Return the band of a probability by `FLOORS`."""
    if probability is None:
        return None
    floors = sorted(FLOORS.items(), key=lambda floor: -floor[1])
    return next((band for band, least in floors if probability >= least), RiskBand.LOW.value)


def synthetic_customers(count: int = 300, seed: int = 7) -> list[Row]:
    """Return `count` customers numbered from 300001; every ninth has cancelled."""
    dice = random.Random(seed)  # noqa: S311 - sample data, not secrets
    return [_synthetic(dice, 300001 + position, cancelled=position % 9 == 4) for position in range(count)]


def _synthetic(dice: random.Random, number: int, *, cancelled: bool) -> Row:
    first, last = dice.choice(NAMES)
    days = dice.randint(1, 60)
    registered = DATA_FROM - timedelta(days=dice.randint(-20, 150))
    return customer(
        str(number),
        first_name=first,
        last_name=last,
        gender=dice.choice(("F", "M")),
        level=dice.choice(("free", "paid", "paid")),
        location=dice.choice(PLACES),
        registered_on=registered,
        last_seen_at=datetime(2018, 11, dice.randint(1, 30), dice.randint(0, 23), 15, tzinfo=UTC),
        cancelled_on=date(2018, 11, dice.randint(1, 30)) if cancelled else None,
        days_listened=days,
        songs_per_day=round(max(1.0, dice.gauss(55, 22)), 3),
        account_age_days=(AS_OF - registered).days,
        churn_probability=None if cancelled else round(dice.betavariate(1.2, 7.5), 4),
    )


def summarise(customers: Sequence[Row], floors: dict[str, float]) -> SnapshotSummary:
    """Return the figures of the overview as the contract defines them."""
    scores = [row["churn_probability"] for row in customers if row["churn_probability"] is not None]
    listeners = [row for row in customers if row["days_listened"]]
    cancelled = sum(row["cancelled_on"] is not None for row in customers)
    histogram = Counter(min(int(score / 0.05), 19) for score in scores)
    return {
        "customers": len(customers),
        "active": len(customers) - cancelled,
        "cancelled": cancelled,
        "scored": len(scores),
        "median_days_listened": median(row["days_listened"] for row in listeners) if listeners else None,
        "median_songs_per_day": median(row["songs_per_day"] for row in listeners) if listeners else None,
        "bands": dict(Counter(row["risk_band"] for row in customers if row["risk_band"])),
        "base_rate": floors.get(RiskBand.MEDIUM),
        "band_lifts": LIFTS if floors else {},
        "band_floors": floors,
        "genders": dict(Counter(row["gender"] or "unknown" for row in customers)),
        "levels": dict(Counter(row["level"] or "unknown" for row in customers)),
        "risk_histogram": [histogram[place] for place in range(20)],
        "sample": [
            {"days_listened": row["days_listened"], "songs_per_day": row["songs_per_day"], "group": _group(row)}
            for row in listeners
        ],
        "percentiles": {
            "days_listened": _quantiles([row["days_listened"] for row in customers]),
            "songs_per_day": _quantiles([row["songs_per_day"] for row in listeners]),
        },
        "bands_by_level": _bands_by(customers, lambda row: row["level"]),
        "places": [
            {"place": place, "bands": bands}
            for place, bands in _bands_by(customers, lambda row: (row["location"] or "").rpartition(", ")[2]).items()
        ],
        "risen": sum(row["risen_from"] is not None and row["risk_band"] == RiskBand.HIGH for row in customers),
        "drivers": {
            "adverts_7d": {"raises": len(scores), "lowers": 0, "weight": 0.62},
            "songs_trend_7d": {"raises": len(scores), "lowers": 0, "weight": 0.41},
            "account_age_days": {"raises": 0, "lowers": len(scores), "weight": 0.3},
        },
        "set_aside": 0,
    }


def _quantiles(values: Sequence[float]) -> list[float]:
    ranked = sorted(values)
    return [ranked[round(step / 100 * (len(ranked) - 1))] for step in range(101)] if ranked else []


def _bands_by(customers: Sequence[Row], key: Callable[[Row], str | None]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in customers:
        if row["risk_band"]:
            bands = found.setdefault(key(row) or "unknown", {band.value: 0 for band in RiskBand})
            bands[row["risk_band"]] += 1
    return found


def _group(row: Row) -> str:
    return "cancelled" if row["cancelled_on"] else row["risk_band"] or "unscored"


def publish(cursor: Cursor, customers: Sequence[Row], **changes: object) -> int:
    """Publish `customers` as the next snapshot, make it the current one, and return its id."""
    cursor.execute("select nextval('snapshot_id_seq')")
    row = cursor.fetchone()
    assert row is not None
    snapshot_id: int = row[0]
    scored = [row for row in customers if row["churn_probability"] is not None]
    snapshot: Row = {
        "snapshot_id": snapshot_id,
        "as_of_date": AS_OF,
        "data_from": DATA_FROM,
        "horizon_days": 14,
        "model_version": "2018-12-01.1",
        "model_note": None,
        "dagster_run_id": "5f0c2a2e",
        "customer_rows": len(customers),
        "scored_rows": len(scored),
        "published_at": datetime(2018, 12, 2, 4, 30, tzinfo=UTC),
        "summary": summarise(customers, FLOORS if scored else {}),
        **changes,
    }
    snapshot.setdefault("model_facts", MODEL_FACTS if scored else None)
    snapshot.setdefault("model_card", MODEL_CARD if scored else None)
    _insert(cursor, SNAPSHOT.name, SNAPSHOT.column_names, [snapshot])
    partition = f"{CUSTOMER_SNAPSHOT.name}_s{snapshot_id}"
    cursor.execute(f"create table {partition} (like {CUSTOMER_SNAPSHOT.name} including indexes)")
    rows = [{**row, "snapshot_id": snapshot_id} for row in customers]
    _insert(cursor, partition, CUSTOMER_SNAPSHOT.column_names, rows)
    cursor.execute(f"alter table {CUSTOMER_SNAPSHOT.name} attach partition {partition} for values in ({snapshot_id})")
    cursor.execute(
        f"insert into {CURRENT_SNAPSHOT.name} (singleton, snapshot_id) values (1, %s)"  # noqa: S608 - names of the contract
        " on conflict (singleton) do update set snapshot_id = excluded.snapshot_id",
        [snapshot_id],
    )
    return snapshot_id


def _insert(cursor: Cursor, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    places = f"({', '.join(['%s'] * len(columns))})"
    values = ", ".join([places] * len(rows))
    statement = f"insert into {table} ({', '.join(columns)}) values {values}"  # noqa: S608 - names of the contract
    texts: dict[int, str] = {}  # most rows share their documents
    cursor.execute(statement, [_plain(row[column], texts) for row in rows for column in columns])


def _plain(value: object, texts: dict[int, str]) -> object:
    """Documents as the text that Postgres takes for JSON; everything else as it is."""
    if not isinstance(value, dict | list):
        return value
    return texts.get(id(value)) or texts.setdefault(id(value), json.dumps(value))
