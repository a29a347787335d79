from datetime import date, timedelta

from spark_assets.features.registry import FEATURE, MODEL_FEATURES
from spark_assets.modelling.drift import comparable, grows

BEGIN = date(2018, 10, 1)
NAMES = ("songs_7d", "songs_30d", "songs_trend_14d", "thumbs_down_share", "days_known", "upgrades", "is_paid")


def kept(weeks: int, names: tuple[str, ...] = NAMES) -> list[str]:
    """Compare a week after the last of some weekly cut-offs, the first of them a fortnight after the logs begin."""
    days = [BEGIN + timedelta(days=14 + 7 * week) for week in range(weeks)]
    card = {
        "data_from": str(BEGIN),
        "training_cut_offs": [str(day) for day in days[:-2]],
        "folds": [{"validate": [str(days[-2])]}],
        "evaluation_cut_off": str(days[-1]),
    }
    return comparable(names, card, days[-1] + timedelta(days=7))


def test_on_short_logs_only_short_windows_and_shares_are_compared() -> None:
    assert kept(4) == ["songs_7d", "thumbs_down_share", "is_paid"]


def test_once_most_cut_offs_had_full_windows_those_are_compared_too() -> None:
    # of weekly cut-offs from day 14 on, three fall short of 30 days and two of 28
    assert "songs_trend_14d" not in kept(19)
    assert kept(20) == ["songs_7d", "songs_trend_14d", "thumbs_down_share", "is_paid"]
    assert "songs_30d" not in kept(29)
    assert kept(30) == ["songs_7d", "songs_30d", "songs_trend_14d", "thumbs_down_share", "is_paid"]


def test_what_counts_from_the_first_event_on_is_never_compared() -> None:
    growing = {name for name in MODEL_FEATURES if grows(FEATURE[name].formula)}
    assert {
        "account_age_days",
        "days_known",
        "days_listened",
        "upgrades",
        "days_since_help",
        "days_on_level",
    } <= growing
    assert growing.isdisjoint({"songs_per_day", "songs_30d", "adverts_per_song", "is_female"})
    assert kept(100, tuple(growing)) == []
    assert len(growing) < 21
