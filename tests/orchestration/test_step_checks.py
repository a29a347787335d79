import dagster as dg

from orchestration.step_checks import Property, judge

UNIQUE = Property(
    "unique", "No two rows.", lambda facts: facts["rows"] == facts["distinct"], shows=("rows", "distinct")
)
SKILL = Property("skill", "Above chance.", lambda facts: facts["auc"] > 0.5, shows=("auc",), blocking=False)


def test_shows_the_values_it_judged() -> None:
    (verdict,) = judge("user_features", [UNIQUE], {"rows": 3, "distinct": 2})
    assert not verdict.passed
    assert verdict.severity == dg.AssetCheckSeverity.ERROR
    assert {name: value.value for name, value in verdict.metadata.items()} == {"rows": 3, "distinct": 2}


def test_what_does_not_block_only_warns() -> None:
    (verdict,) = judge("trained_model", [SKILL], {"auc": 0.4})
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_passes_when_the_property_holds() -> None:
    verdicts = list(judge("x", [UNIQUE, SKILL], {"rows": 1, "distinct": 1, "auc": 0.7}))
    assert [verdict.passed for verdict in verdicts] == [True, True]
