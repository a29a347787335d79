import json
from datetime import date

from spark_assets.contracts.explanations import MOST_MOMENTS, MomentKind
from webportal.customers.detail.timeline import NAMES, Timeline, read_timeline
from webportal.customers.models import CustomerSnapshot

UPGRADE = {"d": "2018-10-14", "k": "upgrade", "n": 1}
ERRORS = {"d": "2018-11-21", "k": "error", "n": 2}


def told(timeline: Timeline) -> list[tuple[str, str, int]]:
    return [(str(entry.day), str(entry.label), entry.times) for entry in timeline.entries]


def test_the_newest_stands_first_and_the_registration_last() -> None:
    customer = CustomerSnapshot(moments=json.dumps([ERRORS, UPGRADE]), registered_on=date(2018, 10, 14))
    assert told(read_timeline(customer)) == [
        ("2018-11-21", "Met an error", 2),
        ("2018-10-14", "Upgraded to paid", 1),
        ("2018-10-14", "Registered", 1),
    ]


def test_a_cancellation_is_told_once_wherever_it_comes_from() -> None:
    cancelled = [{"d": "2018-11-22", "k": "cancel", "n": 1}]
    customer = CustomerSnapshot(moments=json.dumps(cancelled), cancelled_on=date(2018, 11, 22))
    assert told(read_timeline(customer)) == [("2018-11-22", "Cancelled", 1)]
    assert told(read_timeline(CustomerSnapshot(cancelled_on=date(2018, 11, 22)))) == [("2018-11-22", "Cancelled", 1)]


def test_it_says_when_older_moments_were_not_published() -> None:
    moments = [{"d": f"2018-{1 + place // 28:02}-{1 + place % 28:02}", "k": "help", "n": 1} for place in range(40)]
    assert len(moments) == MOST_MOMENTS
    assert read_timeline(CustomerSnapshot(moments=json.dumps(moments))).cut
    assert not read_timeline(CustomerSnapshot(moments=json.dumps(moments[1:]))).cut


def test_a_customer_without_moments_has_an_empty_timeline() -> None:
    assert read_timeline(CustomerSnapshot()) == Timeline((), cut=False)


def test_every_kind_of_the_contract_has_a_name_and_an_unknown_one_its_key() -> None:
    assert set(MomentKind) <= set(NAMES)
    customer = CustomerSnapshot(moments='[{"d": "2018-11-22", "k": "sang", "n": 1}]')
    assert told(read_timeline(customer)) == [("2018-11-22", "sang", 1)]
