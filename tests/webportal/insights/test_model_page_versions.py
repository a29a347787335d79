from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.webportal.cards import MODEL_CARD
from tests.webportal.publishing import customer, publish
from webportal.customers.models import Snapshot
from webportal.insights.model_page import get_versions


def published(day: int, **changes: object) -> Snapshot:
    with connection.cursor() as cursor:
        number = publish(cursor, [customer("1")], as_of_date=date(2018, 11, day), **changes)
    return Snapshot.objects.get(snapshot_id=number)


@pytest.mark.django_db
def test_each_version_is_listed_once_with_what_it_scored(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    published(1, model_version="old", model_card=None, model_facts=None)
    published(8, model_version="new", model_card={**MODEL_CARD, "as_of": "2018-11-08"})
    published(12, model_version=None, model_card=None)
    now = published(15, model_version="new", model_card={**MODEL_CARD, "as_of": "2018-11-08"})
    published(22, model_version="later")
    with django_assert_num_queries(1) as queries:
        new, old = get_versions(now)
    assert '"model_card" #> ' in queries.captured_queries[0]["sql"]
    assert (new.version, new.first.day, new.last.day, new.snapshots, new.now) == ("new", 8, 15, 2, True)
    assert (new.data_to, new.pr_auc, new.lift) == (date(2018, 11, 8), 0.0978, 2.4242)
    assert new.estimator == "RandomForest"
    assert (old.version, old.snapshots, old.data_to, old.pr_auc, old.estimator, old.now) == (
        "old", 1, None, None, "", False
    )  # fmt: skip
