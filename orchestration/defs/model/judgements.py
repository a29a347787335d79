"""Verdicts on the facts of a model: what could not be judged passes, as nothing speaks against it."""

import math

from orchestration.step_checks import Facts
from spark_assets.contracts.explanations import JudgedOn, is_judged

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
