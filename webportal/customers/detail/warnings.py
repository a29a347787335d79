"""When not to trust a score: what doubts the customer's own, and what doubts every score of the snapshot."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from spark_assets.contracts.explanations import Doubt, DoubtCode, JudgedOn, PreviousScores, is_judged
from webportal.common.localization import in_region, short_day
from webportal.customers.detail.explanation import facts_of
from webportal.customers.models import CustomerColumns, Snapshot

_NAMED = 3

TITLES: dict[str, str | Promise] = {
    DoubtCode.NEW: _("Too new"),
    DoubtCode.FEW: _("Too little music"),
    DoubtCode.BEYOND: _("Unlike anyone the model learned from"),
}


@dataclass(frozen=True)
class Warned:
    """One reason to doubt: a title and what is so."""

    title: str | Promise
    text: str


def read_doubts(customer: CustomerColumns, snapshot: Snapshot, today: date) -> tuple[Warned, ...]:
    """Return the reasons to doubt a customer's score on the day `today`, none where there is no score."""
    if customer.churn_probability is None:
        return ()
    own: list[Doubt] = json.loads(customer.doubts) if customer.doubts else []
    told = (Warned(TITLES.get(doubt["c"], doubt["c"]), in_region(doubt["s"])) for doubt in own)
    return (*told, *_of_all(snapshot, today))


def _of_all(snapshot: Snapshot, today: date) -> list[Warned]:
    """Stale logs, an old model, a population that shifted: judged when shown, since a page outlives its publish."""
    facts = facts_of(snapshot)
    if facts is None:
        return []
    shifted, changed = _shifted(facts["shifted"]), _model_changed(facts["previous"])
    aged = (
        (_("Old logs"), (today - snapshot.as_of_date).days, facts["stale_after_days"], _logs_end),
        (_("Old model"), (today - date.fromisoformat(facts["made_on"])).days, facts["old_after_days"], _trained),
    )
    found = [Warned(title, said(days)) for title, days, limit, said in aged if days > limit]
    found += [Warned(_("Model changed"), changed)] if changed else []
    found += [Warned(_("Customers have changed"), shifted)] if shifted else []
    if facts.get("flattened"):
        words = _("On customers it had not seen the model showed no skill, so all get about the same probability.")
        found.append(Warned(_("Model cannot tell who is at risk"), str(words)))
    judged_on = facts.get("judged_on")
    return [*found, Warned(_("Model not judged"), too_few(judged_on))] if too_few(judged_on) else found


def too_few(judged_on: JudgedOn | None) -> str:
    """Return that too few customers left to judge the model, or nothing."""
    if judged_on is None or is_judged(judged_on):
        return ""
    words = _("Of the %(examples)s customers that judge the model, %(leavers)s left: too few to tell how good it is.")
    return str(words) % {
        "examples": number_format(judged_on["examples"], force_grouping=True),
        "leavers": number_format(judged_on["leavers"], force_grouping=True),
    }


def _model_changed(previous: PreviousScores | None) -> str:
    """Return that another model scored before, or nothing."""
    if previous is None or previous["same_model"]:
        return ""
    day = short_day(date.fromisoformat(previous["as_of"]))
    words = _("Another model scored on %(day)s; a probability that differs from then may differ for that alone.")
    return str(words) % {"day": day}


def _logs_end(days: int) -> str:
    words = ngettext("The logs end %(days)s day ago.", "The logs end %(days)s days ago.", days)
    return words % {"days": number_format(days, force_grouping=True)}


def _trained(days: int) -> str:
    words = ngettext("The model was trained %(days)s day ago.", "The model was trained %(days)s days ago.", days)
    return words % {"days": number_format(days, force_grouping=True)}


def _shifted(indices: dict[str, float]) -> str:
    """Return what moved most, in words, or nothing."""
    if not indices:
        return ""
    most = sorted(indices, key=lambda meaning: -indices[meaning])[:_NAMED]
    words = ngettext(
        "In %(count)d feature customers are no longer as the model learned them: %(most)s.",
        "In %(count)d features customers are no longer as the model learned them, most of all: %(most)s.",
        len(indices),
    )
    return words % {"count": len(indices), "most": "; ".join(most)}
