"""A crowd of customers, made in the database itself and put into a partition as the publisher does it.

Names, places, probabilities and last visits are drawn with the skew that real ones have. So that ten million fit on a
small disk, the JSON columns of what is told (reasons, change, activity, moments) are of full length for one customer
in `TOLD_EVERY` alone, the ones whose pages are opened; the others have null there.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from spark_assets.contracts import CUSTOMER_SNAPSHOT, SNAPSHOT
from spark_assets.contracts.search_keys import name_key
from spark_assets.publishing import partitions
from tests.benchmarks import names
from tests.webportal.publishing import FLOORS, publish, synthetic_customers
from tests.webportal.told import ACTIVITY, CHANGE, MOMENTS, REASONS

TOLD_EVERY = 50
_AT_ONCE = 500_000
_FEW = 2_000
"""Customers of the snapshot before, whose summary the large one repeats: the overview's sample holds as many."""


@dataclass(frozen=True)
class Crowd:
    """What was loaded, and what that took."""

    snapshot_id: int
    customers: int
    fill_seconds: float
    index_seconds: float
    heap_bytes: int
    index_bytes: dict[str, int]


_DRAWN = """
select n, f.name as first_name, l.name as last_name, f.key || ' ' || l.key as name_key, l.key as last_name_key,
       p.name as location, d.gender, d.paid, d.days, d.songs, d.age, d.told, d.seen,
       case when d.gone then null else d.p end as p
from (
    select n, power(random(), 2.5) as a, power(random(), 2.5) as b, power(random(), 2) as c,
           random() < 0.48 as gender, random() < 0.55 as paid, random() < 0.05 as gone,
           round((0.9 * power(random(), 6))::numeric, 6)::float8 as p,
           1 + (60 * power(random(), 2))::int as days, round((5 + 110 * random())::numeric, 2)::float8 as songs,
           30 + (1500 * power(random(), 2))::int as age, n % {told_every} = 1 as told,
           timestamptz '2018-12-01 23:59:59+00' - make_interval(secs => 90 * 86400 * power(random(), 4)) as seen
    from generate_series(%(begin)s, %(end)s) n
) d
join bench_first f on f.id = floor({first_names} * d.a)
join bench_last l on l.id = floor({last_names} * d.b)
join bench_place p on p.id = floor({places} * d.c)
"""

_VALUES = {
    "snapshot_id": "%(snapshot_id)s",
    "customer_number": "n::text",
    "first_name": "first_name",
    "last_name": "last_name",
    "gender": "case when gender then 'F' else 'M' end",
    "level": "case when paid then 'paid' else 'free' end",
    "location": "location",
    "registered_on": "date '2018-12-01' - age",
    "last_seen_at": "seen",
    "cancelled_on": "case when p is null then seen::date end",
    "days_listened": "days",
    "songs_per_day": "songs",
    "account_age_days": "age",
    "days_listened_7d": "least(days, 7)",
    "days_listened_30d": "least(days, 30)",
    "songs_7d": "(least(days, 7) * songs)::int",
    "songs_30d": "(least(days, 30) * songs)::int",
    "churn_probability": "p",
    "risk_band": "case when p >= {high} then 'high' when p >= {medium} then 'medium' when p is not null then 'low' end",
    "pseudonym": "'P' || upper(substr(md5(n::text), 1, 16))",
    "reasons": "case when told and p is not null then %(reasons)s end",
    "change": "case when told and p is not null then %(change)s end",
    "doubts": "null",
    "name_key": "name_key",
    "last_name_key": "last_name_key",
    "risen_from": "case when p >= {medium} and n %% 30 = 1 then 'low' end",
    "hold_out_draw": "n %% 10000",
    "activity": "case when told then %(activity)s end",
    "moments": "case when told then %(moments)s end",
}


def load(cursor: Cursor, customers: int) -> Crowd:
    """Load a crowd into a partition of its own and show it to readers."""
    few = publish(cursor, synthetic_customers(_FEW))
    snapshot_id = few + 1
    _draw_pools(cursor)
    partition, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, snapshot_id, [])
    fill_seconds = _timed(lambda: _fill(cursor, partition, snapshot_id, customers))
    index_seconds = _timed(lambda: partitions.build_indexes(cursor, CUSTOMER_SNAPSHOT, partition))
    partitions.attach(cursor, CUSTOMER_SNAPSHOT, snapshot_id)
    _show(cursor, few, snapshot_id, customers)
    cursor.execute("select pg_table_size(%s::regclass)", (partition,))
    (heap,) = cursor.fetchall()[0]
    cursor.execute(
        "select substring(pg_get_indexdef(indexrelid) from 'USING (.*)'), pg_relation_size(indexrelid) "
        "from pg_index where indrelid = %s::regclass",
        (partition,),
    )
    return Crowd(snapshot_id, customers, fill_seconds, index_seconds, int(heap), dict(cursor.fetchall()))


def _draw_pools(cursor: Cursor) -> None:
    dice = random.Random(1)  # noqa: S311 - sample data
    pools = {
        "bench_first": names.first_names(dice),
        "bench_last": names.last_names(dice),
        "bench_place": names.places(dice),
    }
    for table, pool in pools.items():
        cursor.execute(f"create temporary table {table} (id bigint, name text, key text)")
        rows = [{"id": place, "name": name, "key": name_key(name)} for place, name in enumerate(pool)]
        cursor.execute(
            f"insert into {table} select * from json_to_recordset(%s) as r(id bigint, name text, key text)",  # noqa: S608
            (json.dumps(rows),),
        )
        cursor.execute(f"analyze {table}")


def _fill(cursor: Cursor, partition: str, snapshot_id: int, customers: int) -> None:
    columns = CUSTOMER_SNAPSHOT.column_names
    floors = {"high": FLOORS["high"], "medium": FLOORS["medium"]}
    pools = {"first_names": names.FIRST_NAMES, "last_names": names.LAST_NAMES, "places": names.PLACES}
    drawn = _DRAWN.replace(" % ", " %% ").format(told_every=TOLD_EVERY, **pools)
    values = ", ".join(_VALUES[column].format(**floors) for column in columns)
    told = {"reasons": REASONS, "change": CHANGE, "activity": ACTIVITY, "moments": [*MOMENTS] * 6}
    given = {"snapshot_id": snapshot_id, **{name: json.dumps(value) for name, value in told.items()}}
    cursor.execute("set enable_mergejoin = off")  # sorting the crowd would fill the disk
    cursor.execute("select setseed(0.1)")
    for begin in range(1, customers + 1, _AT_ONCE):
        cursor.execute(
            f"insert into {partition} ({', '.join(columns)}) select {values} from ({drawn}) drawn",  # noqa: S608
            {**given, "begin": begin, "end": min(begin + _AT_ONCE - 1, customers)},
        )


def _show(cursor: Cursor, few: int, snapshot_id: int, customers: int) -> None:
    """Give the crowd a snapshot row, that of the few with other numbers, and move the pointer to it."""
    other = {"snapshot_id": str(snapshot_id), "customer_rows": str(customers), "scored_rows": str(customers)}
    values = ", ".join(other.get(name, name) for name in SNAPSHOT.column_names)
    cursor.execute(
        f"insert into snapshot ({', '.join(SNAPSHOT.column_names)}) "  # noqa: S608 - names of the contract
        f"select {values} from snapshot where snapshot_id = %s",
        (few,),
    )
    cursor.execute("update current_snapshot set snapshot_id = %s", (snapshot_id,))


def _timed(work: Callable[[], None]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
