from datetime import timedelta

import pytest
from django.utils import timezone

from tests.webportal.desk.conftest import told as told_by_form
from webportal.api.contacts import NewContactSerializer

CALL = {"channel": "we called", "outcome": "kept"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"outcome": "kept"}, "channel"),
        ({"channel": "mail"}, "outcome"),
        ({**CALL, "channel": "pigeon"}, "channel"),
        ({**CALL, "outcome": ""}, "outcome"),
        ({**CALL, "outcome": ["kept"]}, "outcome"),
        ({**CALL, "reason": "mood"}, "reason"),
        ({**CALL, "offered": "a" * 201}, "offered"),
        ({**CALL, "words": "a" * 1_001}, "words"),
        ({**CALL, "words": {"a": 1}}, "words"),
        ({**CALL, "words": "a\0b"}, "words"),
        ({**CALL, "words": "\ud800"}, "words"),
        ({**CALL, "at": "yesterday"}, "at"),
        ({**CALL, "at": "2018-12-01T10:00:00Z"}, "at"),
        ({**CALL, "at": "9999-12-31T23:59:59-14:00"}, "at"),
        ({**CALL, "agent": "admin"}, "agent"),
        ({**CALL, "token": "x"}, "token"),
        ([CALL], "non_field_errors"),
        (None, "non_field_errors"),
    ],
)
def test_a_wrong_field_is_named(told: object, field: str) -> None:
    wanted = NewContactSerializer(data=told)
    assert not wanted.is_valid()
    assert list(wanted.errors) == [field]


@pytest.mark.parametrize(("hours", "valid"), [(-1, False), (29 * 24, True), (31 * 24, False)])
def test_a_contact_was_within_the_last_days(hours: int, valid: bool) -> None:
    at = (timezone.now() - timedelta(hours=hours)).isoformat()
    assert NewContactSerializer(data={**CALL, "at": at}).is_valid() is valid


def test_what_was_not_said_is_as_the_form_says_it() -> None:
    wanted = NewContactSerializer(data={**CALL, "reason": None, "words": "  "})
    assert wanted.is_valid()
    assert wanted.validated_data == told_by_form()


def test_a_time_without_an_offset_is_utc() -> None:
    at = timezone.now().replace(tzinfo=None, microsecond=0) - timedelta(hours=1)
    wanted = NewContactSerializer(data={**CALL, "at": at.isoformat()})
    assert wanted.is_valid()
    assert wanted.validated_data["at"] == at.replace(tzinfo=timezone.now().tzinfo)
