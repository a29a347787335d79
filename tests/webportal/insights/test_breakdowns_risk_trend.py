from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import Row, customer, publish
from webportal.customers.models import Snapshot
from webportal.insights.breakdowns import RiskTrend, get_risk_trend

HIGH, MEDIUM = customer("1", churn_probability=0.5), customer("2", churn_probability=0.2)
LOW = customer("3", churn_probability=0.05)


def published(rows: list[Row], day: int, **changes: object) -> Snapshot:
    with connection.cursor() as cursor:
        number = publish(cursor, rows, as_of_date=date(2018, 11, day), **changes)
    return Snapshot.objects.get(snapshot_id=number)


def trend_of(snapshot: Snapshot) -> RiskTrend:
    trend = get_risk_trend(snapshot)
    assert trend is not None
    return trend


@pytest.mark.django_db
def test_bands_are_counted_from_old_to_new_and_stand_on_each_other() -> None:
    published([MEDIUM, LOW], 1)
    published([{**HIGH, "customer_number": "8"}, LOW, MEDIUM, {**LOW, "customer_number": "9"}], 8)
    trend = trend_of(published([HIGH, LOW], 15, model_version="other"))
    assert [(column.day.day, column.scored, column.high, column.medium) for column in trend.columns] == [
        (1, 2, 0, 1),
        (8, 4, 1, 1),
        (15, 2, 1, 0),
    ]
    assert [column.high_percent for column in trend.columns] == [0.0, 25.0, 50.0]
    assert (trend.end, trend.changes) == (50, (2,))
    eighth = trend.columns[1]
    assert (eighth.high_top, eighth.high_height, eighth.medium_top, eighth.medium_height) == (0, 50, 50, 50)


@pytest.mark.django_db
def test_of_one_day_the_newest_counts_and_what_came_later_or_unscored_does_not() -> None:
    published([HIGH], 1)
    again = published([LOW], 1)
    published([customer("4", churn_probability=None)], 2, model_version=None)
    later = published([HIGH, MEDIUM], 3)
    assert [(column.day.day, column.high) for column in trend_of(again).columns] == [(1, 0)]
    assert [(column.day.day, column.high) for column in trend_of(later).columns] == [(1, 0), (3, 1)]


@pytest.mark.django_db
def test_one_query_that_leaves_the_sample_where_it_is(
    snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1) as queries:
        get_risk_trend(snapshot)
    assert '"summary" -> ' in queries.captured_queries[0]["sql"]
    assert '"snapshot"."summary",' not in queries.captured_queries[0]["sql"]


def test_there_is_no_trend_without_scores(unscored_snapshot: Snapshot) -> None:
    assert get_risk_trend(unscored_snapshot) is None
