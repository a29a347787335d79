"""Judgements and sentences of the model's checks: figures, their bounds, and what could not be judged passes."""

import math

from orchestration.step_definitions import Facts, few, figure
from spark_assets.contracts.explanations import LEAST_LEAVERS_TO_JUDGE, JudgedOn, is_judged

_SURE = 3.0
"""Standard errors beyond which a difference is not put down to chance."""


def enough_leavers_to_judge(facts: Facts) -> bool:
    """Whether the judging window holds enough leavers and stayers to tell how well the champion ranks."""
    return not facts["examples"] or is_window_judged(facts)


def not_worse_than_chance(facts: Facts) -> bool:
    """Whether a model that knows nothing could rank the window as badly: a rank test (Mann and Whitney, 1947).

    Without skill the ROC AUC has the mean 0.5 and the variance `(n + 1) / (12 * leavers * stayers)`, ties lowering it.
    From `LEAST_LEAVERS_TO_JUDGE` on it is close to normal, with the lighter tails.
    """
    if facts["roc_auc"] is None or not is_window_judged(facts):
        return True
    return bool(facts["roc_auc"] >= least_auc_by_chance(facts))


def least_auc_by_chance(facts: Facts) -> float:
    """The ROC AUC below which a model without skill surely does not rank the judging window."""
    examples, leavers = facts["examples"], facts["leavers"]
    return 0.5 - _SURE * math.sqrt((examples + 1) / (12 * leavers * (examples - leavers)))


def skill_is_plausible(facts: Facts) -> bool:
    """Whether the ROC AUC is not above what such logs allow; of few leavers it may be anything by chance."""
    return facts["roc_auc"] is None or not is_window_judged(facts) or facts["roc_auc"] <= facts["suspicious_auc"]


def better_than_baselines(facts: Facts) -> bool:
    """Whether PR AUC is above the base rate and above that of events per day alone."""
    if facts["pr_auc"] is None or not is_window_judged(facts):
        return True
    return bool(facts["pr_auc"] > max(facts["base_rate"], facts["events_per_day_pr_auc"] or 0.0))


def calibrated_on_average(facts: Facts) -> bool:
    """Whether mean probability and observed share are within the allowed factor, or their distance within chance.

    Chance is that of both sides: few leavers told the level, and few were observed. The logarithm of the ratio of
    two counts has a variance of about `1 / one + 1 / other`, each raised by a half (Haldane, Annals of Human Genetics
    20, 1956).
    """
    mean, rate, examples = facts["mean_probability"], facts["base_rate"], facts["examples"]
    if not examples:
        return True
    expected, observed = mean * examples + 0.5, rate * examples + 0.5
    within_chance = abs(math.log(expected / observed)) <= math.log(factor_by_chance(facts))
    return within_chance or _within_factor(mean, rate, facts["max_calibration_ratio"])


def factor_by_chance(facts: Facts) -> float:
    """The factor between mean probability and observed share that the counts behind them explain."""
    observed = facts["base_rate"] * facts["examples"] + 0.5
    return math.exp(_SURE * math.sqrt(1 / observed + 1 / (facts["level_leavers"] + 0.5)))


def small_calibration_error(facts: Facts) -> bool:
    """Whether the least that the calibration error may be is within its limit."""
    interval = facts["intervals"]["ece"]
    return interval is None or interval[0] <= facts["max_calibration_error"]


def scores_like_last_time(facts: Facts) -> bool:
    """Whether the mean probability is within the allowed factor of the last one; nothing to compare with passes."""
    now, before = facts["mean_probability"], facts["last_mean_probability"]
    return now is None or before is None or _within_factor(now, before, facts["max_score_ratio"])


def is_window_judged(facts: Facts) -> bool:
    """Whether enough customers of the judging window left, and enough stayed."""
    return is_judged(JudgedOn(examples=facts["examples"], leavers=facts["leavers"]))


def _within_factor(one: float, other: float, factor: float) -> bool:
    return one <= other * factor and other <= one * factor


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
