"""A publish that nobody followed loses no alert, and a watch is looked at once for each snapshot."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, MEDIUM, NOVEMBER, published, scored
from tests.webportal.publishing import pseudonym_of
from webportal.accounts.models import User
from webportal.alerts import detection
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, AlertedCustomer, Watch
from webportal.customers.models import Snapshot

BETWEEN = date(2018, 11, 28)


def told() -> list[tuple[str, str, str]]:
    return list(AlertedCustomer.objects.order_by("pk").values_list("customer_number", "was", "band"))


def followed(numbers: dict[str, float], as_of: date, risen: dict[str, str] | None = None) -> int:
    """Publish a snapshot and look at it."""
    published([scored(n, p, risen_from=(risen or {}).get(n)) for n, p in numbers.items()], as_of_date=as_of)
    return find_alerts()


def test_a_missed_snapshot_hides_no_crossing(agent: User) -> None:
    Watch.objects.create(owner=agent, customer_number="7")
    assert followed({"7": LOW}, NOVEMBER) == 0
    published([scored("7", HIGH)], as_of_date=BETWEEN)
    assert followed({"7": HIGH}, DECEMBER) == 1
    assert told() == [("7", "low", "high")]


def test_who_is_back_in_their_band_after_a_missed_snapshot_is_no_news(agent: User) -> None:
    Watch.objects.create(owner=agent, customer_number="7")
    followed({"7": LOW}, NOVEMBER)
    published([scored("7", HIGH)], as_of_date=BETWEEN)
    assert followed({"7": LOW}, DECEMBER) == 0


def test_where_the_snapshot_seen_last_was_dropped_the_oldest_kept_is_compared_with(agent: User) -> None:
    Watch.objects.create(owner=agent, customer_number="7")
    followed({"7": MEDIUM}, NOVEMBER)
    oldest = published([scored("7", LOW)], as_of_date=BETWEEN)
    published([scored("7", HIGH)], as_of_date=BETWEEN)
    Snapshot.objects.filter(pk__lt=oldest).delete()
    assert followed({"7": HIGH}, DECEMBER) == 1
    assert told() == [("7", "low", "high")]


@pytest.mark.parametrize("who", ["supervisor", "analyst"])
def test_a_segment_tells_of_who_rose_in_a_missed_snapshot(who: str, request: pytest.FixtureRequest) -> None:
    owner: User = request.getfixturevalue(who)
    Watch.objects.create(owner=owner, band="high")
    followed({"1": LOW, "2": LOW, "3": MEDIUM}, NOVEMBER)
    rose = {"1": "low", "2": "low"}
    published([scored(n, HIGH, risen_from=rose.get(n)) for n in "123"], as_of_date=BETWEEN)
    assert followed({"1": HIGH, "2": LOW, "3": HIGH}, DECEMBER, {"3": "medium"}) == 1
    named = {"analyst": pseudonym_of}.get(who, str)
    assert sorted(told()) == sorted([(named("1"), "low", "high"), (named("3"), "medium", "high")])


def test_a_day_that_was_told_is_not_told_again_when_later_ones_are_missed(supervisor: User) -> None:
    Watch.objects.create(owner=supervisor, band="high")
    assert followed({"1": HIGH}, NOVEMBER, {"1": "low"}) == 1
    published([scored("1", HIGH, risen_from="low")], as_of_date=NOVEMBER)
    published([scored("1", HIGH)], as_of_date=BETWEEN)
    assert followed({"1": HIGH, "2": HIGH}, DECEMBER, {"2": "medium"}) == 1
    assert told() == [("1", "low", "high"), ("2", "medium", "high")]


def test_a_watch_without_news_is_looked_at_once(
    agent: User, supervisor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Watch.objects.create(owner=agent, customer_number="7")
    Watch.objects.create(owner=supervisor, band="high")
    followed({"7": LOW}, NOVEMBER)
    assert followed({"7": LOW}, DECEMBER) == 0
    with django_assert_num_queries(2):  # the pointer, and that no watch waits
        assert find_alerts() == 0


def test_what_fails_for_one_owner_is_looked_at_again(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    Watch.objects.create(owner=agent, customer_number="7")
    followed({"7": LOW}, NOVEMBER)
    monkeypatch.setattr(detection, "_write", fail)
    with pytest.raises(ZeroDivisionError):
        followed({"7": HIGH}, DECEMBER)
    monkeypatch.undo()
    assert find_alerts() == 1
    assert Alert.objects.count() == 1


def fail(*_: object) -> int:
    raise ZeroDivisionError
