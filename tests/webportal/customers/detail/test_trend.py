from typing import Any

from webportal.customers.detail.risk import RiskReading
from webportal.customers.detail.trend import PastScore, Trend, read_trend

FLOORED: Any = type("Floored", (), {"medium_from": 12.0, "high_from": 24.0})()


def past(as_of: str, p: float | None, version: str = "a", band: str | None = "low") -> PastScore:
    return {"as_of": as_of, "version": version, "score": {"p": p, "b": band if p is not None else None}}


def trend(*newest_first: PastScore, risk: RiskReading | None = FLOORED) -> Trend:
    found = read_trend(newest_first, risk)
    assert found is not None
    return found


def test_scores_go_from_old_to_new_over_their_days() -> None:
    found = trend(past("2018-11-11", 0.2, band="medium"), past("2018-11-03", 0.1), past("2018-11-01", 0.05))
    assert [(str(point.day), point.percent) for point in found.points] == [
        ("2018-11-01", 5.0),
        ("2018-11-03", 10.0),
        ("2018-11-11", 20.0),
    ]
    assert [point.left for point in found.points] == [0, 20, 100]
    assert [str(point.group.label) for point in found.points] == ["Low risk", "Low risk", "Medium risk"]
    assert (found.end, found.floors) == (30, (60.0, 20.0))
    assert found.points[-1].top == 33.33
    assert [line.points for line in found.lines] == ["0.0,83.33 20.0,66.67 100.0,33.33"]


def test_of_one_day_the_newest_snapshot_counts() -> None:
    found = trend(past("2018-11-01", 0.3, "b"), past("2018-11-01", 0.1, "a"))
    assert [(point.percent, point.version, point.left) for point in found.points] == [(30.0, "b", 50.0)]
    assert found.lines == ()


def test_a_change_of_the_model_parts_the_line_and_is_marked() -> None:
    after = [past("2018-11-04", 0.2, "b"), past("2018-11-03", 0.2, "b")]
    found = trend(*after, past("2018-11-02", 0.1), past("2018-11-01", 0.1))
    assert [point.other_model for point in found.points] == [False, False, True, False]
    assert found.changes == (66.67,)
    assert [len(line.points.split()) for line in found.lines] == [2, 2]


def test_snapshots_without_the_customer_or_a_score_leave_a_gap() -> None:
    absent: PastScore = {"as_of": "2018-11-02", "version": "a", "score": None}
    found = trend(past("2018-11-03", 0.2), absent, past("2018-11-01", None))
    assert [str(point.day) for point in found.points] == ["2018-11-03"]
    assert read_trend([absent], None) is None
    assert read_trend([], None) is None


def test_without_bands_there_are_no_floors_and_certainty_still_fits() -> None:
    found = trend(past("2018-11-02", 1.0, band="high"), past("2018-11-01", 0.5), risk=None)
    assert (found.floors, found.end, found.points[-1].top) == ((), 100, 0)
