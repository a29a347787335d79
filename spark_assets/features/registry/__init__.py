"""Every feature in one table: what is computed, documented, given to the model and worded in the portal.

A feature is a name, words, and a formula over daily values merged over a window of days before the cut-off. The
families stand in modules of their own; `NEEDS` is everything that their formulas want merged.
"""

from spark_assets.features.registry.account import ACCOUNT
from spark_assets.features.registry.feature import Feature as Feature
from spark_assets.features.registry.formulas import LIFE as LIFE
from spark_assets.features.registry.formulas import WINDOWS as WINDOWS
from spark_assets.features.registry.formulas import Need
from spark_assets.features.registry.formulas import sum_name as sum_name
from spark_assets.features.registry.listening import LISTENING
from spark_assets.features.registry.reactions import REACTIONS
from spark_assets.features.registry.service import SERVICE
from spark_assets.features.registry.sessions import SESSIONS

FAMILIES = {
    "Listening": LISTENING,
    "Sessions": SESSIONS,
    "Reactions": REACTIONS,
    "Service": SERVICE,
    "Account": ACCOUNT,
}

FEATURES: tuple[Feature, ...] = tuple(feature for family in FAMILIES.values() for feature in family)

FEATURE: dict[str, Feature] = {feature.name: feature for feature in FEATURES}
"""By name."""

MODEL_FEATURES = tuple(feature.name for feature in FEATURES if feature.for_model)

NEEDS: tuple[Need, ...] = tuple(dict.fromkeys(need for feature in FEATURES for need in feature.formula.needs))
