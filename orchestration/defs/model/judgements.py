"""Verdicts on the facts of a model: what could not be judged passes, as nothing speaks against it."""

import math

from orchestration.step_checks import Facts

_SURE = 3.0
"""Standard errors beyond which a difference is not put down to chance."""


def not_worse_than_chance(facts: Facts) -> bool:
    """Whether the interval of the ROC AUC reaches 0.5."""
    interval = facts["intervals"]["roc_auc"]
    return interval is None or interval[1] >= 0.5


def better_than_baselines(facts: Facts) -> bool:
    """Whether PR AUC is above the base rate and above that of events per day alone."""
    if facts["pr_auc"] is None:
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
    chance = math.sqrt(1 / observed + 1 / (facts["level_leavers"] + 0.5))
    within_chance = abs(math.log(expected / observed)) <= _SURE * chance
    return within_chance or _within_factor(mean, rate, facts["max_calibration_ratio"])


def small_calibration_error(facts: Facts) -> bool:
    """Whether the least that the calibration error may be is within its limit."""
    interval = facts["intervals"]["ece"]
    return interval is None or interval[0] <= facts["max_calibration_error"]


def scores_like_last_time(facts: Facts) -> bool:
    """Whether the mean probability is within the allowed factor of the last one; nothing to compare with passes."""
    now, before = facts["mean_probability"], facts["last_mean_probability"]
    return now is None or before is None or _within_factor(now, before, facts["max_score_ratio"])


def _within_factor(one: float, other: float, factor: float) -> bool:
    return one <= other * factor and other <= one * factor
