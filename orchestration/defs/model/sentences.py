"""Sentences of the checks of model and scores: the figures that were judged, and their bounds."""

from orchestration.defs.model.judgements import factor_by_chance, is_window_judged, least_auc_by_chance
from orchestration.step_checks import Facts, few, figure
from spark_assets.contracts.explanations import LEAST_LEAVERS_TO_JUDGE


def promotion(facts: Facts) -> str:
    """Which version scores, which one the last training gave, and why that does not score."""
    champion, attempted = (facts[name] or "none" for name in ("champion", "attempted"))
    reason = f" {facts['reason']}" if facts["reason"] else ""
    return f"Version that scores: {champion}; version of the last training: {attempted}.{reason}"


def leaks(facts: Facts) -> str:
    """Features that alone rank too well."""
    named = [f"{name} {auc:.3f}" for name, auc in facts["leaks"].items()]
    found = f": {few(named)}" if named else ""
    return (
        f"Features that alone surely rank who leaves with a ROC AUC above {figure(facts['max_feature_auc'])}: "
        f"{len(named)}{found}."
    )


def skill(facts: Facts) -> str:
    """The ROC AUC beside the one that is suspicious."""
    return f"{_auc(facts)} Above {figure(facts['suspicious_auc'])} it is suspicious."


def chance(facts: Facts) -> str:
    """The ROC AUC beside the least that chance explains."""
    if not is_window_judged(facts):
        return f"{_auc(facts)} Fewer than {LEAST_LEAVERS_TO_JUDGE} left or stayed: not judged."
    return f"{_auc(facts)} Without any skill it is {least_auc_by_chance(facts):.3f} or more."


def leavers(facts: Facts) -> str:
    """How many left and stayed in the judging window."""
    left, stayed = facts["leavers"], facts["examples"] - facts["leavers"]
    return (
        f"In the judging window {left:,} customers left and {stayed:,} stayed; {LEAST_LEAVERS_TO_JUDGE} of each are "
        "needed to tell how good the model is."
    )


def baselines(facts: Facts) -> str:
    """PR AUC beside those of knowing nothing and of events per day."""
    return (
        f"PR AUC of {_version(facts)} is {figure(facts['pr_auc'])}; it should be above {figure(facts['base_rate'])} "
        f"(knowing nothing) and {figure(facts['events_per_day_pr_auc'])} (events per day alone)."
    )


def calibration(facts: Facts) -> str:
    """Mean probability and observed share, and the factors that may lie between them."""
    most = f"a factor of {figure(facts['max_calibration_ratio'])} is allowed"
    chance_too = f", {factor_by_chance(facts):.2f} may be chance" if facts["examples"] else ""
    return (
        f"Mean probability of {_version(facts)} is {figure(facts['mean_probability'])}, the observed share "
        f"{figure(facts['base_rate'])} ({facts['leavers']:,} leavers of {facts['examples']:,} customers); "
        f"{most}{chance_too}."
    )


def calibration_error(facts: Facts) -> str:
    """The calibration error, its interval and the limit."""
    interval = facts["intervals"]["ece"]
    reaches = f" (95 % interval {interval[0]:.3g} to {interval[1]:.3g})" if interval else ""
    return (
        f"Expected calibration error of {_version(facts)} is {figure(facts['ece'])}{reaches}; the interval should "
        f"reach down to {figure(facts['max_calibration_error'])}."
    )


def probabilities(facts: Facts) -> str:
    """How many probabilities are none."""
    return f"{facts['outside']:,} of {facts['rows']:,} scores are no number in [0, 1]."


def customers(facts: Facts) -> str:
    """Rows and customers of the scores."""
    return f"{facts['rows']:,} rows of churn_scores hold {facts['distinct']:,} different customers."


def contributions(facts: Facts) -> str:
    """How many explanations miss their score, and by how much."""
    return (
        f"Contributions of {facts['not_adding_up']:,} of {facts['rows']:,} customers miss the log-odds of their "
        f"probability; the largest difference is {facts['largest_difference']:.2g}, 1e-6 is allowed."
    )


def jump(facts: Facts) -> str:
    """The mean probability now and in the last snapshot."""
    return (
        f"Mean probability is {figure(facts['mean_probability'])} now (version {facts['model_version'] or 'none'}) "
        f"and was {figure(facts['last_mean_probability'])} in the last snapshot; a factor of "
        f"{figure(facts['max_score_ratio'])} is allowed."
    )


def drift(facts: Facts) -> str:
    """The features that are furthest from training."""
    furthest = [f"{name} {index:.3f}" for name, index in facts["drifted"].items()]
    found = f" Furthest: {few(furthest)}." if furthest else ""
    return (
        f"Largest population stability index since the training of {facts['model_version'] or 'no model'} is "
        f"{figure(facts['largest_psi'])}; {figure(facts['max_psi'])} is allowed.{found}"
    )


def _auc(facts: Facts) -> str:
    judged_on = f"{facts['leavers']:,} leavers of {facts['examples']:,} customers"
    return f"ROC AUC of {_version(facts)} is {figure(facts['roc_auc'])} on {judged_on}."


def _version(facts: Facts) -> str:
    return f"version {facts['champion']}" if facts["champion"] else "no version"
