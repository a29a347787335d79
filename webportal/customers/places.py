"""The places of a snapshot, for suggestions: names of towns and regions, of nobody."""

from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from webportal.accounts.models import User
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

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


def places_of(viewer: Viewer, snapshot: Snapshot, holding: str = "") -> tuple[str, ...]:
    """Return regions, then whole places, at which `viewer` sees customers; without personal data regions alone.

    With a text in lower case only places that hold it count; a region is the end of its places.
    """
    whole = tuple(place for place in _places_of(snapshot.pk) if holding in place.casefold())
    visible = customers_visible_to(viewer, snapshot)
    if visible.model.is_pseudonymous:
        return _among(visible, _regions_of(whole)) if _is_scoped(viewer) else _regions_of(whole)
    if _is_scoped(viewer):
        whole = _among(visible, whole)
    return (*_regions_of(whole), *whole)


def known_places(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """Return each place by its writing, and by that in lower case where no place is written so."""
    places = places_of(viewer, snapshot)
    return {place.casefold(): place for place in places} | {place: place for place in places}


def suggested(viewer: Viewer, snapshot: Snapshot, typed: str) -> list[str]:
    """Return places that begin with what was typed, then those that hold it."""
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return []
    holding = [place for place in places_of(viewer, snapshot, wanted) if wanted in place.casefold()]
    return sorted(holding, key=lambda place: not place.casefold().startswith(wanted))[:MOST_SUGGESTED]


def _regions_of(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({place.rpartition(", ")[2] for place in places if ", " in place}))


def _is_scoped(viewer: Viewer) -> bool:
    """Tell whether a viewer sees some customers alone; anybody who is no user sees none."""
    if not isinstance(viewer, User):
        return True
    return viewer.team is not None and not viewer.team.sees_all and not viewer.is_administrator


def _among(visible: QuerySet[CustomerColumns], places: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `places` at which there is a customer of `visible`: a probe of an index each."""
    there = visible.filter(location=RawSQL("known.place", ())).order_by().values(one=Value(1))
    try:
        probe, parameters = there.query.sql_with_params()
    except EmptyResultSet:
        return ()
    listed = "select place from unnest(%s::text[]) with ordinality as known (place, nth)"
    with connection.cursor() as cursor:
        cursor.execute(f"{listed} where exists ({probe}) order by nth", [list(places), *parameters])
        return tuple(place for (place,) in cursor.fetchall())
