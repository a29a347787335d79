"""Metrics of the overview page: the JSON column `summary` of a snapshot."""

from typing import TypedDict


class SamplePoint(TypedDict):
    """One customer of the days-against-songs chart, without any personal data."""

    days_listened: int
    songs_per_day: float
    group: str
    """A `RiskBand`, `cancelled` or `unscored`."""


class PlaceShare(TypedDict):
    """A region or place: its scored customers by `RiskBand`."""

    place: str
    bands: dict[str, int]


class Driver(TypedDict):
    """How a feature leads among the reasons of the scored customers.

    How many it raises and lowers, and the mean size of its contribution (log-odds) over all scored customers.
    """

    raises: int
    lowers: int
    weight: float


class SnapshotSummary(TypedDict):
    """What the overview page shows, computed once per snapshot so that no request counts customers.

    `customers = active + cancelled`. Medians are over all customers (songs per day: those with a day listened), null
    without any. `bands` counts scored customers, `genders` and `levels` all customers (`UNKNOWN` where the logs are
    silent, `OTHERS` for all but the 50 most frequent). `risk_histogram` holds 20 counts of scored customers, bins of
    width 0.05 from 0. `base_rate` is the share
    of leavers in training, `band_lifts` holds for each band but `low` how many times that rate it begins at,
    `band_floors` its least probability; without a model the first is null and the others are empty. `sample` holds at
    most 2,000 customers, drawn by a hash of the number.

    `percentiles` holds for `days_listened` and `songs_per_day` the values below which 0, 1, ... 100 % of the customers
    lie (empty without any). `bands_by_level` and `places` count scored customers; `places` are the regions with most of
    them in the highest band, at most 12, and `unknown` for customers without a place. `risen` counts customers who rose
    into the highest band since the as-of date before; null where nothing compares. `drivers` tell of the reasons by
    leading feature, the weightiest first. `set_aside` counts customers that could not be published; they are in no
    other figure.
    """

    customers: int
    active: int
    cancelled: int
    scored: int
    median_days_listened: float | None
    median_songs_per_day: float | None
    bands: dict[str, int]
    base_rate: float | None
    band_lifts: dict[str, float]
    band_floors: dict[str, float]
    genders: dict[str, int]
    levels: dict[str, int]
    risk_histogram: list[int]
    sample: list[SamplePoint]
    percentiles: dict[str, list[float]]
    bands_by_level: dict[str, dict[str, int]]
    places: list[PlaceShare]
    risen: int | None
    drivers: dict[str, Driver]
    set_aside: int
