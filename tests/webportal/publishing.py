"""Publishes synthetic snapshots by plain SQL, as the contract says: what the portal's tests read.

Works on any DB-API cursor, so that the same helper serves Django's test database and one that a real server reads.
"""

import json
import random
from base64 import b32encode
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Any, Protocol

from spark_assets.contracts import CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, SNAPSHOT, RiskBand, SnapshotSummary
from spark_assets.contracts.explaining import Change, ModelFacts, Reason

Row = dict[str, Any]


class Cursor(Protocol):
    """What is used of a DB-API cursor."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> object: ...

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> object: ...

    def fetchone(self) -> tuple[Any, ...] | None: ...


AS_OF = date(2018, 12, 1)
DATA_FROM = date(2018, 10, 1)
FLOORS = {RiskBand.HIGH.value: 0.24, RiskBand.MEDIUM.value: 0.12}
LIFTS = {RiskBand.HIGH.value: 2.0, RiskBand.MEDIUM.value: 1.0}
PLACES = ("Boston-Cambridge-Newton, MA-NH", "Los Angeles-Long Beach-Anaheim, CA", "Bozeman, MT", None)
REASONS: list[Reason] = [
    {
        "c": 0.62,
        "f": "adverts_7d",
        "v": 12.0,
        "q": 93,
        "s": "12 adverts in the last 7 days, more than usual; typical is 4",
    },
    {
        "c": 0.41,
        "f": "songs_trend_7d",
        "v": -0.25,
        "q": 21,
        "s": "40 % fewer songs in the last 7 days than in the 7 before, fewer than usual; typical is 5 % more",
    },
    {
        "c": -0.3,
        "f": "account_age_days",
        "v": 1204.0,
        "q": 97,
        "s": "Registered 1,204 days ago, longer than usual; typical is 71",
    },
    {
        "c": 0.12,
        "f": "thumbs_down_share_30d",
        "v": None,
        "q": None,
        "s": "No thumbs up or down in the last 30 days; the model assumes what is typical",
    },
    {
        "c": -0.09,
        "f": "is_paid",
        "v": 1.0,
        "q": 62,
        "s": "On the paid level, like most customers",
    },
]
CHANGE: Change = {
    "p": 0.214,
    "m": [
        {"f": "adverts_7d", "o": 0.05, "n": 0.62, "s": "12 adverts in the last 7 days; was 3"},
        {"f": "songs_7d", "o": 0.1, "n": -0.2, "s": "210 songs in the last 7 days; was 64"},
    ],
}
MODEL_FACTS: ModelFacts = {
    "estimator": "RandomForest",
    "made_on": "2018-12-02",
    "base": -1.8,
    "features": {
        "adverts_7d": {"topic": "adverts", "typical": 4.0},
        "songs_trend_7d": {"topic": "course", "typical": 0.025},
        "account_age_days": {"topic": "age", "typical": 71.0},
        "thumbs_down_share_30d": {"topic": "thumbs", "typical": None},
        "is_paid": {"topic": "plan", "typical": 1.0},
        "songs_7d": {"topic": "songs", "typical": 90.0},
    },
    "of_a_hundred": [],
    "previous": {"as_of": "2018-11-24", "same_model": True},
    "shifted": {},
    "stale_after_days": 3,
    "old_after_days": 35,
}
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
    }


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
    places = ", ".join(["%s"] * len(columns))
    statement = f"insert into {table} ({', '.join(columns)}) values ({places})"  # noqa: S608 - names of the contract
    cursor.executemany(statement, [[_plain(row[column]) for column in columns] for row in rows])


def _plain(value: object) -> object:
    """Documents as the text that Postgres takes for JSON; everything else as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else value
