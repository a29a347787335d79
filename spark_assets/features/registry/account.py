"""Features of the account: age, gender, level and its changes, device."""

from spark_assets.contracts.explanations import Topic
from spark_assets.features.daily_activity import MOBILE_DEVICES
from spark_assets.features.registry.feature import Feature, counted
from spark_assets.features.registry.formulas import FIRST_ACTION, LAST_LEVEL_CHANGE, Fact, Ratio, Total
from spark_assets.features.registry.wording import Amount, Flag, Share

_FLAG = "0 or 1"
_AS_LAST_SEEN = "last seen"
_SINCE_START = "since the logs begin"

PROFILE = (
    Feature(
        "account_age_days",
        "Days since registration",
        "days",
        Fact("account_age_days"),
        Topic.AGE,
        Amount("registered {n} day{s} ago", "longer", "shorter"),
        ("registered_at",),
    ),
    Feature(
        "days_known",
        "Days since the first event in the logs",
        "days",
        Fact("days_known", needs=(FIRST_ACTION,)),
        Topic.AGE,
        Amount("known from the logs for {n} day{s}", "longer", "shorter"),
    ),
    Feature(
        "is_female",
        "Gender is F",
        _FLAG,
        Fact("gender", ("F",), _AS_LAST_SEEN),
        Topic.PERSON,
        Flag("gender is F", "gender is not F"),
        ("gender",),
    ),
    Feature(
        "is_paid",
        "Level is paid",
        _FLAG,
        Fact("level", ("paid",), _AS_LAST_SEEN),
        Topic.PLAN,
        Flag("on the paid level", "on the free level"),
        ("level",),
    ),
)

LEVEL = (
    Feature(
        "days_on_level",
        "Days since the last upgrade or downgrade, or since registration (else first seen) without one",
        "days",
        Fact("days_on_level", needs=(LAST_LEVEL_CHANGE, FIRST_ACTION)),
        Topic.PLAN,
        Amount("on the present level for {n} day{s}", "longer", "shorter"),
        ("registered_at",),
    ),
    Feature(
        "paid_days_share_30d",
        "Active days of the last 30 that ended on the paid level",
        "share of days",
        Ratio("days_paid", ("days_active",), 30),
        Topic.PLAN,
        Share("{n} of active days on the paid level in the last 30 days"),
    ),
    Feature(
        "upgrades",
        "Upgrades to paid",
        "upgrades",
        Total("upgrades"),
        Topic.PLAN,
        Amount(f"{{n}} upgrade{{s}} to paid {_SINCE_START}"),
    ),
    Feature(
        "downgrades",
        "Downgrades to free",
        "downgrades",
        Total("downgrades"),
        Topic.PLAN,
        Amount(f"{{n}} downgrade{{s}} to free {_SINCE_START}"),
    ),
    *counted("upgrades", "Upgrades to paid", "upgrades", Topic.PLAN, "{n} upgrade{s} to paid", (30,)),
    *counted("downgrades", "Downgrades to free", "downgrades", Topic.PLAN, "{n} downgrade{s} to free", (30,)),
    *counted("upgrade_visits", "Visits to Upgrade", "visits", Topic.PLAN, "{n} visit{s} to Upgrade", (30,)),
    Feature(
        "downgrade_visits",
        "Visits to Downgrade",
        "visits",
        Total("downgrade_visits"),
        Topic.PLAN,
        Amount(f"{{n}} visit{{s}} to Downgrade {_SINCE_START}"),
    ),
    *counted("downgrade_visits", "Visits to Downgrade", "visits", Topic.PLAN, "{n} visit{s} to Downgrade", (30,)),
)

DEVICE = (
    Feature(
        "is_mobile",
        "Device is a phone or tablet",
        _FLAG,
        Fact("device", MOBILE_DEVICES, _AS_LAST_SEEN),
        Topic.DEVICE,
        Flag("last on a phone or tablet", "last not on a phone or tablet"),
        ("device",),
    ),
    Feature(
        "is_windows",
        "Device runs Windows",
        _FLAG,
        Fact("device", ("Windows",), _AS_LAST_SEEN),
        Topic.DEVICE,
        Flag("last on Windows", "last not on Windows"),
        ("device",),
    ),
    Feature(
        "is_mac",
        "Device is a Mac",
        _FLAG,
        Fact("device", ("Mac",), _AS_LAST_SEEN),
        Topic.DEVICE,
        Flag("last on a Mac", "last not on a Mac"),
        ("device",),
    ),
    Feature(
        "mobile_share_30d",
        "Events on a phone or tablet in the last 30 days",
        "share of events",
        Ratio("mobile_events", ("actions",), 30),
        Topic.DEVICE,
        Share("{n} of events on a phone or tablet in the last 30 days"),
    ),
)

ACCOUNT = (*PROFILE, *LEVEL, *DEVICE)
