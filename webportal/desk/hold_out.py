"""The hold-out group: customers at risk whom nobody turns to unasked, to learn what turning to customers changes.

Who is in it is drawn from the customer number when a snapshot is published, so it is the same people in every snapshot;
how many of the draws count is a setting.
"""

from django.db.models import Q

from spark_assets.contracts import RiskBand
from spark_assets.contracts.explanations import HOLD_OUT_DRAWS
from webportal.accounts.models import DeskSettings
from webportal.customers.models import CustomerColumns


def draws_held_out(percent: int) -> int:
    """Return below which draw a customer at risk is held out, for a share of `percent`."""
    return percent * HOLD_OUT_DRAWS // 100


def percent_known_to(user: object) -> int:
    """Return the share that is held out, which came with the user of the request, so that a list asks nothing more."""
    saved: int | None = getattr(user, "hold_out_percent", None)
    return DeskSettings().hold_out_percent if saved is None else saved


def is_held_out(customer: CustomerColumns, percent: int) -> bool:
    """Tell whether nobody is to turn to this customer unasked; without a draw (older snapshots) nobody is held out."""
    drawn = customer.hold_out_draw is not None and customer.hold_out_draw < draws_held_out(percent)
    return drawn and customer.risk_band == RiskBand.HIGH and customer.cancelled_on is None


def held_out(percent: int) -> Q:
    """Return the same as a condition on customers."""
    return Q(risk_band=RiskBand.HIGH.value, hold_out_draw__lt=draws_held_out(percent), cancelled_on=None)
