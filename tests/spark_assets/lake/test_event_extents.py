from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spark_assets.lake.event_extents import Span, overlapping_groups

START = datetime(2018, 12, 1, tzinfo=UTC)


def span(first: int, length: int = 0) -> Span:
    return Span(START + timedelta(minutes=first), START + timedelta(minutes=first + length))


def test_spans_of_one_file_do_not_meet_each_other() -> None:
    assert overlapping_groups([("a", span(0, 9)), ("a", span(1, 2)), ("b", span(20))]) == set()
    assert overlapping_groups([("a", span(0, 9)), ("a", span(1, 2)), ("b", span(5))]) == {0, 2}


def test_spans_that_share_one_moment_meet() -> None:
    assert overlapping_groups([("a", span(0, 5)), ("b", span(5, 1))]) == {0, 1}
    assert not overlapping_groups([("a", span(0, 5)), ("b", span(6, 1))])
    assert not overlapping_groups([])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.builds(span, st.integers(0, 20), st.integers(0, 8))), max_size=8))
def test_the_sweep_finds_what_a_look_at_every_pair_finds(spans: list[tuple[str, Span]]) -> None:
    expected = {
        place
        for place, (file, one) in enumerate(spans)
        for other_file, other in spans
        if other_file != file and one.first <= other.last and other.first <= one.last
    }
    assert overlapping_groups(spans) == expected
