import pytest

from tests.webportal.publishing import FLOORS, customer, summarise
from tests.webportal.told import MODEL_FACTS
from webportal.common.values import LEVELS
from webportal.customers.models import Snapshot
from webportal.insights.breakdowns import Breakdown, by_level, by_place, read_risen

BOSTON, BOZEMAN = "Boston-Cambridge-Newton, MA-NH", "Bozeman, MT"
SUMMARY = summarise(
    [
        customer("1", level="free", location=BOSTON, churn_probability=0.5),
        customer("2", level="free", location=BOSTON, churn_probability=0.1),
        customer("3", level="paid", location=BOZEMAN, churn_probability=0.15),
        customer("4", level=None, location=None, churn_probability=0.1),
        customer("5", churn_probability=None),
    ],
    FLOORS,
)


def counts(rows: list[Breakdown]) -> list[tuple[str, int, list[int]]]:
    return [(str(row.label), row.scored, [part.count for part in row.parts]) for row in rows]


def test_levels_are_named_in_their_order_with_bands_from_high_to_low() -> None:
    assert counts(by_level(SUMMARY, LEVELS)) == [
        ("Paid", 1, [0, 1, 0]),
        ("Free", 2, [1, 0, 1]),
        ("Unknown", 1, [0, 0, 1]),
    ]


def test_places_are_regions_and_shares_are_of_the_row() -> None:
    rows = by_place(SUMMARY)
    assert counts(rows) == [("MA-NH", 2, [1, 0, 1]), ("MT", 1, [0, 1, 0]), ("Unknown", 1, [0, 0, 1])]
    assert [part.percent for part in rows[0].parts] == [50.0, 0.0, 50.0]


def test_snapshots_of_before_have_neither() -> None:
    older = {name: SUMMARY[name] for name in ("customers", "bands")}  # type: ignore[literal-required]
    assert by_level(older, LEVELS) == []  # type: ignore[arg-type]
    assert by_place(older) == []  # type: ignore[arg-type]


def test_who_rose_is_counted() -> None:
    rows = [customer("1", risen_from="low", churn_probability=0.5), customer("2", churn_probability=0.5)]
    risen = read_risen(Snapshot(summary=summarise(rows, FLOORS), model_facts=MODEL_FACTS))
    assert (risen.count, risen.why) == (1, "")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (None, "Nothing was scored."),
        ({**MODEL_FACTS, "previous": None}, "There are no earlier scores"),
        ({**MODEL_FACTS, "previous": {"as_of": "2018-11-24", "same_model": False}}, "Another model scored before"),
        (MODEL_FACTS, "This snapshot was published without it."),
    ],
)
def test_without_a_count_it_says_why(facts: object, why: str) -> None:
    risen = read_risen(Snapshot(summary={**SUMMARY, "risen": None}, model_facts=facts))
    assert risen.count is None
    assert str(risen.why).startswith(why)
