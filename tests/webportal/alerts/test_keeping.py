"""A person's rights, and retention, over watches and alerts."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, published, scored
from tests.webportal.publishing import pseudonym_of
from webportal.accounts.models import User
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, AlertedCustomer, Delivery, Watch
from webportal.privacy.services import erase, everything_about


@pytest.fixture
def told(reachable: User, analyst: User, supervisor: User) -> None:
    """The agent watches 7 and 8, the analyst 7 by pseudonym, the supervisor a segment with both."""
    Watch.objects.create(owner=reachable, customer_number="7")
    Watch.objects.create(owner=reachable, customer_number="8")
    Watch.objects.create(owner=analyst, customer_number=pseudonym_of("7"))
    Watch.objects.create(owner=supervisor, band="high")
    published([scored("7", LOW), scored("8", LOW)], as_of_date=NOVEMBER)
    published([scored(number, HIGH, risen_from="low") for number in ("7", "8")], as_of_date=DECEMBER)
    assert find_alerts() == 4


@pytest.mark.usefixtures("told")
def test_the_export_holds_watches_and_alerts_under_every_name() -> None:
    documents = everything_about("7")
    assert [set(row) for row in documents["watches"]] == [{"since"}] * 2  # the agent's and the analyst's
    assert len(documents["alerts"]) == 3
    assert not any("user" in row for row in documents["alerts"])
    assert {(row["was"], row["band"]) for row in documents["alerts"]} == {("low", "high")}


@pytest.mark.usefixtures("told")
def test_erasure_leaves_nothing_of_the_person_and_everything_of_others() -> None:
    erased = erase(number="7", reason="asked", by="admin")
    assert (erased["watches"], erased["alerts"]) == (2, 3)
    assert not AlertedCustomer.objects.filter(customer_number__in=["7", pseudonym_of("7")]).exists()
    assert sorted(Alert.objects.values_list("owner__username", flat=True)) == ["agent", "supervisor"]
    assert set(AlertedCustomer.objects.values_list("customer_number", flat=True)) == {"8"}
    assert list(Watch.objects.exclude(customer_number=None).values_list("customer_number", flat=True)) == ["8"]
    assert Delivery.objects.count() == 1
    assert find_alerts() == 0


@pytest.mark.usefixtures("told")
def test_retention_deletes_old_alerts_with_their_deliveries(settings: Settings) -> None:
    settings.KEEP_ALERT_DAYS = 10
    old = Alert.objects.filter(owner__username="agent")
    old.update(created_at=timezone.now() - timedelta(days=11))
    call_command("apply_retention")
    assert set(Alert.objects.values_list("owner__username", flat=True)) == {"analyst", "supervisor"}
    assert not Delivery.objects.exists()
    assert Watch.objects.count() == 4
