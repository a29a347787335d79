"""The panel on the customer page: contacts by pages, the notice of recent contacts, and what lists filter by."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.webportal.desk.test_worklist import contact
from webportal.accounts.models import DeskSettings, User
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.desk.models import Channel, Contact, Outcome, State, Task, TaskReason
from webportal.desk.selectors import assigned_numbers, contacted_numbers, contacts_page, fatigue_of, panel_for, place_of

RowOf = Callable[[str], CustomerColumns]
SETTINGS, CONTACTS, NOTES, TASKS, FATIGUE = 1, 1, 1, 1, 1


def test_contacts_come_newest_first_and_page_by_page(db: None) -> None:
    made = [contact("1", days_ago=day) for day in range(25)]
    contact("1", standing=False)
    contact("2")
    pages, further = [], None
    while not pages or further:
        shown, further = contacts_page("1", further)
        pages.append([each.pk for each in shown])
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [pk for page in pages for pk in page] == [each.pk for each in made]


def test_contacts_of_one_moment_are_parted_by_their_order(db: None) -> None:
    moment = timezone.now()
    for _ in range(12):
        row = contact("1")
        Contact.objects.filter(pk=row.pk).update(at=moment)
    first, older = contacts_page("1")
    assert older is not None
    second, none = contacts_page("1", place_of("1", str(older.id)))
    assert (len({each.pk for each in first + second}), none) == (12, None)


@pytest.mark.parametrize("older", ["", "x", "-1", "1" * 30, "999999"])
def test_an_address_that_names_no_contact_names_no_place(db: None, older: str) -> None:
    contact("1")
    assert place_of("1", older) is None


def test_a_contact_of_somebody_else_or_corrected_is_no_place(db: None) -> None:
    assert place_of("1", str(contact("2").pk)) is None
    assert place_of("1", str(contact("1", standing=False).pk)) is None


def test_the_notice_says_how_often_and_the_last_time(db: None) -> None:
    desk, now = DeskSettings(fatigue_days=14, fatigue_contacts=2), timezone.now()
    contact("1", days_ago=20)
    last = contact("1", days_ago=2)
    assert fatigue_of("1", desk, now) is None
    contact("1", Outcome.NOT_REACHED, days_ago=1)
    assert fatigue_of("1", desk, now) is None
    contact("1", days_ago=5)
    fatigue = fatigue_of("1", desk, now)
    assert fatigue is not None
    assert (fatigue.contacts, fatigue.days, fatigue.last, fatigue.days_ago) == (2, 14, last, 2)


def test_the_panel_costs_five_queries(
    agent: User, list_of_six: Snapshot, row_of: RowOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Task.objects.create(customer_number="1", reason=TaskReason.AT_RISK, due_on=timezone.now().date(), assignee=agent)
    contact("1")
    row = row_of("1")
    with django_assert_num_queries(SETTINGS + CONTACTS + NOTES + TASKS + FATIGUE):
        panel = panel_for(agent, row)
    assert panel is not None
    assert (len(panel.contacts), len(panel.tasks), panel.notices.held_out) == (1, 1, False)
    assert panel.contact_form.initial["channel"] == Channel.WE_CALLED


def test_analysts_and_strangers_get_no_panel_and_no_query(
    analyst: User, list_of_six: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = customers_visible_to(analyst, list_of_six)[0]
    with django_assert_num_queries(0):
        assert panel_for(analyst, row) is None
        assert panel_for(AnonymousUser(), row) is None


def test_numbers_for_filters(agent: User, list_of_six: Snapshot) -> None:
    contact("1", days_ago=2)
    contact("2", days_ago=9)
    contact("3", Outcome.NOT_REACHED)
    assert set(contacted_numbers(7)) == {"1"}
    due = timezone.now() + timedelta(days=1)
    Task.objects.create(customer_number="4", reason=TaskReason.AT_RISK, due_on=due, assignee=agent)
    Task.objects.create(
        customer_number="5", reason=TaskReason.AT_RISK, due_on=due, assignee=agent, state=State.DONE, closed_at=due
    )
    Task.objects.create(customer_number="6", reason=TaskReason.AT_RISK, due_on=due)
    assert set(assigned_numbers(agent)) == {"4"}
    visible = customers_visible_to(agent, list_of_six)
    assert [row.customer_number for row in visible.filter(customer_number__in=contacted_numbers(7))] == ["1"]
    assert [row.customer_number for row in visible.filter(customer_number__in=assigned_numbers(agent))] == ["4"]
