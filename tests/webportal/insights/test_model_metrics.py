import pytest

from tests.webportal.cards import MODEL_CARD
from webportal.insights.model_metrics import read_confusions, read_figures, read_words


def test_words_tell_the_lift_as_one_in_so_many() -> None:
    words = read_words(MODEL_CARD)
    assert words is not None
    assert (words.lift, words.lift_interval) == (2.4242, (1.0953, 3.9472))
    assert (words.one_in, words.usual_one_in) == (10, 24)  # 2.4242 x 4.21 % = 10.2 %
    assert (words.mean_probability, words.base_rate) == pytest.approx((4.92, 4.21))
    assert not words.may_be_chance


def test_a_lift_whose_interval_holds_one_may_be_chance() -> None:
    metrics = {**MODEL_CARD["metrics"], "intervals": {"lift_top_tenth": [0.9, 3.0]}}
    words = read_words({"metrics": metrics})
    assert words is not None
    assert words.may_be_chance


@pytest.mark.parametrize("lift", [None, 0.0])
def test_without_a_lift_there_is_no_one_in(lift: float | None) -> None:
    words = read_words({"metrics": {**MODEL_CARD["metrics"], "lift_top_tenth": lift}})
    assert words is not None
    assert words.one_in is None


def test_a_model_that_was_not_judged_has_no_words_and_no_figures() -> None:
    for card in ({}, {"metrics": None}):
        assert read_words(card) is None
        assert read_figures(card) == []


def test_figures_stand_with_interval_no_skill_and_baseline() -> None:
    found = {figure.kind.key: figure for figure in read_figures(MODEL_CARD)}
    assert list(found)[:3] == ["roc_auc", "pr_auc", "lift_top_tenth"]
    ranking = found["pr_auc"]
    assert (ranking.value, ranking.interval, ranking.no_skill, ranking.baseline) == (
        0.0978, (0.0518, 0.213), 0.0421, 0.0483
    )  # fmt: skip
    assert (found["weighted_f1"].value, found["weighted_f1"].no_skill) == (0.9366, 0.9372)
    assert (found["roc_auc"].no_skill, found["ece"].no_skill) == (0.5, None)


def test_confusions_are_in_percent_and_older_cards_have_none() -> None:
    high, medium = read_confusions(MODEL_CARD)
    assert (str(high.group.label), str(medium.group.label)) == ("High risk", "Medium risk")
    for row in (high, medium):
        assert row.hits + row.misses == MODEL_CARD["metrics"]["leavers"]
        assert row.hits + row.misses + row.false_alarms + row.rest == MODEL_CARD["metrics"]["examples"]
        assert row.precision == pytest.approx(100 * row.hits / (row.hits + row.false_alarms), abs=0.01)
        assert row.recall == pytest.approx(100 * row.hits / MODEL_CARD["metrics"]["leavers"], abs=0.01)
    assert read_confusions({}) == []
