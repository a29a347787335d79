"""What the model page says of outcomes, and when it says that the sample is too small."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from webportal.customers.models import Snapshot
from webportal.desk.evaluation import Evaluation, Verdict, apart, read_evaluation
from webportal.desk.models import BandMeasure, HoldOutMeasure

FIRST = date(2018, 12, 1)


def measure(day: int = 0, held: tuple[int, int] = (0, 0), called: tuple[int, int] = (0, 0), **more: object) -> None:
    """Write a measure; pairs are (customers, left)."""
    HoldOutMeasure.objects.create(
        **{
            "snapshot_id": 100 + day,
            "as_of_date": FIRST + timedelta(days=day),
            "horizon_days": 14,
            "hold_out_percent": 10,
            "counted_at": timezone.now(),
            "held_out": held[0],
            "held_out_left": held[1],
            "open_to_calls": called[0],
            "open_to_calls_left": called[1],
            "called": called[0],
            "called_left": called[1],
            **more,
        }
    )


def shown(evaluation: Evaluation) -> str:
    page = render_to_string("desk/evaluation.html", {"evaluation": evaluation})
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    ("held", "called", "verdict", "words"),
    [
        ((99, 50), (1_000, 100), Verdict.TOO_FEW, "one of the two groups has fewer than 100 customers"),
        ((0, 0), (1_000, 100), Verdict.TOO_FEW, "one of the two groups has fewer than 100 customers"),
        ((100, 12), (150, 15), Verdict.UNDECIDED, "The sample is too small to tell"),
        ((500, 150), (900, 90), Verdict.HELPS, "More of them stayed"),
        ((500, 50), (900, 270), Verdict.HARMS, "Fewer of them stayed"),
    ],
)
def test_says_what_the_interval_of_the_difference_allows(
    snapshot: Snapshot, held: tuple[int, int], called: tuple[int, int], verdict: Verdict, words: str
) -> None:
    measure(held=held, called=called)
    evaluation = read_evaluation(snapshot)
    assert evaluation.called.verdict == evaluation.open_to_calls.verdict == verdict
    assert words in shown(evaluation)


def test_figures_are_kept_rates_with_their_intervals(snapshot: Snapshot) -> None:
    measure(held=(80, 32), called=(70, 14))  # 48/80 and 56/70 stayed: a printed example of Newcombe's
    evaluation = read_evaluation(snapshot)
    assert (evaluation.held_out.percent, evaluation.called.kept.percent) == (60.0, 80.0)
    bounds = evaluation.called.interval
    assert bounds is not None
    assert (round(bounds.low, 2), round(bounds.high, 2)) == (5.24, 33.39)
    assert "80 48 60.0 % " in shown(evaluation)
    assert "20.0 (5.2 … 33.4)" in shown(evaluation)


def test_snapshots_whose_horizons_overlap_count_once(snapshot: Snapshot) -> None:
    for day in (0, 7, 13, 14, 27, 28):
        measure(day, held=(100, 10), called=(100, 10))
    measure(35, counted_at=None, held_out=None)
    evaluation = read_evaluation(snapshot)
    assert (evaluation.snapshots, evaluation.held_out.customers) == (3, 300)
    assert evaluation.newest == FIRST + timedelta(days=28)
    used = apart(list(HoldOutMeasure.objects.exclude(counted_at=None)))
    assert [row.snapshot_id for row in used] == [128, 114, 100]


def test_bands_stand_from_high_to_low_beside_what_was_foretold(snapshot: Snapshot) -> None:
    measure()
    seen = {"snapshot_id": 1, "as_of_date": FIRST, "counted_at": timezone.now(), "wrong_alarms": 2}
    BandMeasure.objects.create(risk_band="medium", contacts=148, left=15, expected=22.2, **seen)
    BandMeasure.objects.create(risk_band="high", contacts=263, left=81, expected=105.2, **seen)
    page = shown(read_evaluation(snapshot))
    assert "High risk 263 81 30.8 % (25.5 … 36.6) 40.0 % 2 Medium risk 148 15 10.1 % (6.2 … 16.0) 15.0 % 2" in page


def test_says_what_is_missing(snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        nothing = read_evaluation(snapshot)
    assert "Nothing has been counted yet." in shown(nothing)
    measure(counted_at=None)
    page = shown(read_evaluation(snapshot))
    assert "The newest snapshot has not been counted yet." in page
    assert "No contact is old enough" in page
    assert "No snapshot is old enough" in page
    measure(1, snapshot_id=snapshot.snapshot_id, counted_at=None)
    assert not read_evaluation(snapshot).is_behind
