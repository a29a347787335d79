from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import customer, publish
from webportal.customers.models import Snapshot
from webportal.customers.selectors import get_current_snapshot
from webportal.insights.model_page import get_model_page


def current() -> Snapshot:
    snapshot = get_current_snapshot()
    assert snapshot is not None
    return snapshot


def test_reads_the_card_and_the_versions(snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    shown = current()
    with django_assert_num_queries(2):
        page = get_model_page(shown)
    assert page.card is not None
    assert (page.dates.logs_from, page.dates.logs_to) == (date(2018, 10, 1), date(2018, 12, 1))
    assert (page.dates.made_on, page.dates.judged_on) == (date(2018, 12, 2), date(2018, 11, 19))
    assert page.dates.cut_offs[0] == date(2018, 10, 15)
    assert [candidate.chosen for candidate in page.candidates] == [True, False, False]
    assert page.candidates[2].settings == "maxDepth 5, numTrees 60, minInstancesPerNode 20"
    assert ("horizon_days", "14") in page.settings
    assert ("regParam", "0.3") in page.settings
    assert ("pyspark", "4.0.2") in page.packages


@pytest.mark.django_db
@pytest.mark.parametrize("card", [None, {}, {"version": "2018-01-01.1", "metrics": None, "search": []}])
def test_cards_of_before_show_what_they_have(card: dict[str, object] | None) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], model_card=card)
    page = get_model_page(current())
    assert (page.words, page.figures, page.calibration) == (None, [], None)
    assert (page.confusions, page.candidates, page.settings, page.packages) == ([], [], [], [])
    assert len(page.versions) == 1
    assert str(page.drivers[0].topic) == "Adverts"
