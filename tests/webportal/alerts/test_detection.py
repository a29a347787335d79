"""What a publish is news of, for whom: once a watch and snapshot, and with the eyes of who watches."""

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, MEDIUM, NOVEMBER, published, scored
from tests.webportal.publishing import pseudonym_of
from webportal.accounts.models import Team, User
from webportal.alerts.detection import NAMED, find_alerts
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, Watch, Webhook
from webportal.customers.models import RISKIEST_FIRST, Snapshot
from webportal.customers.selectors import customers_visible_to


def told() -> list[tuple[str, str, str, float]]:
    rows = AlertedCustomer.objects.order_by("customer_number")
    return list(rows.values_list("customer_number", "was", "band", "churn_probability"))


def watching(owner: User, *numbers: str) -> None:
    for number in numbers:
        Watch.objects.create(owner=owner, customer_number=number)


@pytest.fixture
def two(db: None) -> None:
    """7 rises, 8 falls, 9 stays, 10 is new, 11 cancels, 12 was not scored."""
    then = [("7", LOW), ("8", HIGH), ("9", MEDIUM), ("11", HIGH), ("12", None)]
    now = [("7", HIGH), ("8", MEDIUM), ("9", 0.16), ("10", HIGH), ("11", None), ("12", HIGH)]
    published([scored(*row) for row in then], as_of_date=NOVEMBER)
    published([scored(*row) for row in now], as_of_date=DECEMBER)


@pytest.mark.usefixtures("two")
def test_tells_who_crossed_up_or_down_and_nobody_else(agent: User) -> None:
    watching(agent, "7", "8", "9", "10", "11", "12", "99")
    assert find_alerts() == 2
    assert told() == [("7", "low", "high", HIGH), ("8", "high", "medium", MEDIUM)]
    assert {alert.as_of_date for alert in Alert.objects.all()} == {DECEMBER}


@pytest.mark.usefixtures("two")
def test_a_second_pass_finds_nothing(agent: User, supervisor: User) -> None:
    watching(agent, "7")
    watching(supervisor, "7")
    assert (find_alerts(), find_alerts()) == (2, 0)
    assert Alert.objects.count() == 2


@pytest.mark.usefixtures("two")
def test_the_database_holds_it_to_one_a_watch_and_snapshot(agent: User) -> None:
    watching(agent, "7")
    find_alerts()
    alert = Alert.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(owner=agent, watch=alert.watch, snapshot_id=alert.snapshot_id, as_of_date=alert.as_of_date)


@pytest.mark.usefixtures("two")
def test_what_was_published_before_somebody_watched_is_no_news(agent: User) -> None:
    Watch.objects.create(owner=agent, customer_number="7", since_snapshot=Snapshot.objects.latest("pk").pk)
    assert find_alerts() == 0


@pytest.mark.usefixtures("two")
def test_a_watch_looks_with_the_eyes_of_its_owner(agent: User, analyst: User) -> None:
    agent.team = Team.objects.create(name="free", levels=["free"])
    agent.save()
    watching(agent, "7")
    watching(analyst, "7", pseudonym_of("8"))
    assert find_alerts() == 1
    assert told() == [(pseudonym_of("8"), "high", "medium", MEDIUM)]


@pytest.mark.usefixtures("two")
def test_who_may_not_sign_in_is_told_nothing(agent: User) -> None:
    watching(agent, "7")
    User.objects.update(is_active=False)
    assert find_alerts() == 0


def test_says_when_another_model_scored_before(agent: User) -> None:
    watching(agent, "7")
    published([scored("7", LOW)], as_of_date=NOVEMBER, model_version="a")
    published([scored("7", HIGH)], as_of_date=DECEMBER, model_version="b")
    find_alerts()
    assert Alert.objects.get().model_changed


@pytest.mark.usefixtures("two")
def test_goes_by_mail_and_to_the_webhooks_that_take_customers(reachable: User, webhook: Webhook) -> None:
    for name, changes in (("off", {"is_active": False}), ("segments", {"takes_customers": False})):
        facts = {"address": webhook.address, "sealed_secret": webhook.sealed_secret, "takes_customers": True}
        Webhook.objects.create(name=name, **{**facts, **changes})
    watching(reachable, "7")
    find_alerts()
    ways = Delivery.objects.values_list("channel", "webhook__name").order_by("channel")
    assert list(ways) == [(Channel.MAIL, None), (Channel.WEBHOOK, "CRM")]


@pytest.mark.usefixtures("two")
def test_who_has_no_address_of_mail_finds_it_in_the_inbox_alone(agent: User) -> None:
    watching(agent, "7")
    find_alerts()
    assert Alert.objects.exists()
    assert not Delivery.objects.exists()


RISEN = [
    scored("1", 0.9, risen_from="low", level="paid", location="Bozeman, MT"),
    scored("2", 0.7, risen_from="medium", level="free", location="Bozeman, MT"),
    scored("3", 0.8, risen_from="low", level="paid", location="Billings, MT"),
    scored("4", MEDIUM, risen_from="low", level="paid", location="Bozeman, MT"),
    scored("5", 0.95, level="paid", location="Bozeman, MT"),
]


@pytest.mark.parametrize(
    ("segment", "numbers"),
    [
        ({"band": "high"}, ["1", "3", "2"]),
        ({"band": "medium"}, ["4"]),
        ({"band": "high", "level": "paid"}, ["1", "3"]),
        ({"band": "high", "place": "Bozeman, MT"}, ["1", "2"]),
        ({"band": "high", "level": "paid", "place": "MT"}, ["1", "3"]),
        ({"band": "high", "place": "CA"}, []),
    ],
)
def test_a_segment_tells_of_who_rose_into_it_the_riskiest_first(
    supervisor: User, segment: dict[str, str], numbers: list[str]
) -> None:
    Watch.objects.create(owner=supervisor, **segment)
    published(RISEN, as_of_date=DECEMBER)
    assert find_alerts() == bool(numbers)
    assert list(AlertedCustomer.objects.values_list("customer_number", flat=True)) == numbers
    assert [alert.count for alert in Alert.objects.all()] == [len(numbers)][: len(numbers)]


def test_a_segment_names_twenty_and_counts_all(supervisor: User) -> None:
    Watch.objects.create(owner=supervisor, band="high")
    published([scored(str(n), HIGH + n / 1000, risen_from="low") for n in range(33)], as_of_date=DECEMBER)
    find_alerts()
    alert = Alert.objects.get()
    assert (alert.count, alert.customers.count()) == (33, NAMED)
    assert alert.customers.first().customer_number == "32"  # type: ignore[union-attr]


def test_the_same_day_published_again_is_no_news_of_a_segment(supervisor: User) -> None:
    Watch.objects.create(owner=supervisor, band="high")
    published(RISEN, as_of_date=DECEMBER)
    assert find_alerts() == 1
    published(RISEN, as_of_date=DECEMBER)
    assert find_alerts() == 0


def test_a_pass_asks_as_often_however_many_they_watch(
    agent: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [scored(str(n), LOW) for n in range(60)]
    published(rows, as_of_date=NOVEMBER)
    published(rows, as_of_date=DECEMBER)
    watching(agent, *(str(n) for n in range(60)))
    # which is current, that one, watches, those before; of the owner: told, then, now, looked at, and a transaction
    with django_assert_num_queries(10):
        assert find_alerts() == 0


def test_the_partial_index_answers_for_segments(supervisor: User) -> None:
    others = [scored(str(n), HIGH) for n in range(10, 1_500)]
    snapshot = Snapshot.objects.get(pk=published([*RISEN, *others]))
    risen = customers_visible_to(supervisor, snapshot).filter(risen_from__isnull=False, risk_band="high")
    with connection.cursor() as cursor:
        cursor.execute("analyze customer_snapshot")
    plan = risen.order_by(*RISKIEST_FIRST)[:NAMED].explain()
    assert "risen_from IS NOT NULL" not in plan  # the index holds nobody else
    assert "Sort" not in plan
    assert "Index Scan" in plan


def test_before_the_first_publish_there_is_nothing_to_tell(db: None) -> None:
    assert find_alerts() == 0
