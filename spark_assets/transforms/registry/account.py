"""Features of the account: age, gender, level and its changes, device."""

from spark_assets.transforms.pages import MOBILE_DEVICES
from spark_assets.transforms.registry.feature import Feature, counted
from spark_assets.transforms.registry.formulas import FIRST_ACTION, LIFE, Fact, Need, Ratio, Total

_FLAG = "0 or 1"
_AS_LAST_SEEN = "last seen"

PROFILE = (
    Feature("account_age_days", "Days since registration", "days", Fact("account_age_days"), ("registered_at",)),
    Feature("days_known", "Days since the first event in the logs", "days", Fact("days_known", needs=(FIRST_ACTION,))),
    Feature("is_female", "Gender is F", _FLAG, Fact("gender", ("F",), _AS_LAST_SEEN), ("gender",)),
    Feature("is_paid", "Level is paid", _FLAG, Fact("level", ("paid",), _AS_LAST_SEEN), ("level",)),
)

LEVEL = (
    Feature(
        "days_on_level",
        "Days since the last upgrade or downgrade, or since registration (else first seen) without one",
        "days",
        Fact("days_on_level", needs=(Need("last_level_changes", LIFE, "max"), FIRST_ACTION)),
        ("registered_at",),
    ),
    Feature(
        "paid_days_share_30d",
        "Active days of the last 30 that ended on the paid level",
        "share of days",
        Ratio("days_paid", ("days_active",), 30),
    ),
    Feature("upgrades", "Upgrades to paid", "upgrades", Total("upgrades")),
    Feature("downgrades", "Downgrades to free", "downgrades", Total("downgrades")),
    *counted("upgrades", "Upgrades to paid", "upgrades", (30,)),
    *counted("downgrades", "Downgrades to free", "downgrades", (30,)),
    *counted("upgrade_visits", "Visits to Upgrade", "visits", (30,)),
    Feature("downgrade_visits", "Visits to Downgrade", "visits", Total("downgrade_visits")),
    *counted("downgrade_visits", "Visits to Downgrade", "visits", (30,)),
)

DEVICE = (
    Feature(
        "is_mobile", "Device is a phone or tablet", _FLAG, Fact("device", MOBILE_DEVICES, _AS_LAST_SEEN), ("device",)
    ),
    Feature("is_windows", "Device runs Windows", _FLAG, Fact("device", ("Windows",), _AS_LAST_SEEN), ("device",)),
    Feature("is_mac", "Device is a Mac", _FLAG, Fact("device", ("Mac",), _AS_LAST_SEEN), ("device",)),
    Feature(
        "mobile_share_30d",
        "Events on a phone or tablet in the last 30 days",
        "share of events",
        Ratio("mobile_events", ("actions",), 30),
    ),
)

ACCOUNT = (*PROFILE, *LEVEL, *DEVICE)
