"""When the newest batch has too much in quarantine."""

from typing import Any

import pytest

from orchestration.defs.checks.ingest import cleaned_events_checks, is_few_in_quarantine


def facts(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - as facts hold
    """Facts of a good log beside a small file without an event."""
    return {
        "quarantined_percent": 0.1,
        "quarantined_bytes_percent": 0.1,
        "files_without_events_percent": 50.0,
        "files_without_events": ["package.json"],
        "limit_percent": 5,
        **changes,
    }


def test_one_small_file_without_events_does_not_stop_the_others() -> None:
    assert is_few_in_quarantine(facts())
    warns = {spec.name: spec.blocking for spec in cleaned_events_checks.check_specs}
    assert warns["every_file_read"] is False


@pytest.mark.parametrize(
    "changes",
    [
        {"quarantined_percent": 5.1},
        {"quarantined_bytes_percent": 5.1},
        {"files_without_events": ["a.json", "b.json"]},
        {"quarantined_percent": 100.0, "quarantined_bytes_percent": 100.0, "files_without_events_percent": 100.0},
    ],
)
def test_a_share_above_the_limit_stops_the_run(changes: dict[str, Any]) -> None:
    assert not is_few_in_quarantine(facts(**changes))


def test_many_files_may_hold_a_few_without_events() -> None:
    assert is_few_in_quarantine(facts(files_without_events=["a.json", "b.json"], files_without_events_percent=4.0))
