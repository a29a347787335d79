"""The places of a snapshot, for suggestions: names of towns and regions, of nobody."""

from functools import lru_cache

from django.db import connection

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from webportal.customers.models import Snapshot

MOST_KNOWN = 5_000
MOST_SUGGESTED = 12

# Jumps from one place to the next along the index of places: a thousand probes, where `distinct` reads every customer.
_DISTINCT = f"""
with recursive known (place) as (
    (select location from {CUSTOMER_SNAPSHOT.name} where snapshot_id = %(snapshot)s order by location limit 1)
    union all
    select (select c.location from {CUSTOMER_SNAPSHOT.name} c
            where c.snapshot_id = %(snapshot)s and c.location > known.place order by c.location limit 1)
    from known where known.place is not null
)
select place from known where place is not null limit %(most)s
"""  # noqa: S608 - a name of the contract


@lru_cache(maxsize=4)
def _places_of(snapshot_id: int) -> tuple[str, ...]:
    """Return the distinct places of a snapshot, at most `MOST_KNOWN`: read once a process, since they never change."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT, {"snapshot": snapshot_id, "most": MOST_KNOWN})
        return tuple(place for (place,) in cursor.fetchall())


def places_of(snapshot: Snapshot, *, regions_alone: bool) -> tuple[str, ...]:
    """Return regions, then whole places; for whoever may not see personal data regions alone."""
    whole = _places_of(snapshot.pk)
    regions = tuple(sorted({place.rpartition(", ")[2] for place in whole if ", " in place}))
    return regions if regions_alone else (*regions, *whole)


def known_places(snapshot: Snapshot, *, regions_alone: bool) -> dict[str, str]:
    """Return each place by its writing in lower case."""
    return {place.casefold(): place for place in places_of(snapshot, regions_alone=regions_alone)}


def suggested(snapshot: Snapshot, typed: str, *, regions_alone: bool) -> list[str]:
    """Return places that begin with what was typed, then those that hold it."""
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return []
    holding = [place for place in places_of(snapshot, regions_alone=regions_alone) if wanted in place.casefold()]
    return sorted(holding, key=lambda place: not place.casefold().startswith(wanted))[:MOST_SUGGESTED]
