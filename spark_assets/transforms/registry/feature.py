"""What is said of one feature, and the shorthand that families of features share."""

from dataclasses import dataclass

from spark_assets.transforms.registry.days import sources_of
from spark_assets.transforms.registry.formulas import WINDOWS, Formula, Total, sum_name, window_words


@dataclass(frozen=True)
class Feature:
    """One feature: its name, its meaning in words (as the portal says it), its unit and how it is computed.

    `for_model` is False for what people read only. `facts` names the columns behind a formula over facts.
    """

    name: str
    meaning: str
    unit: str
    formula: Formula
    facts: tuple[str, ...] = ()
    for_model: bool = True

    @property
    def window(self) -> str:
        """The days it speaks of, in words."""
        return window_words(self.formula.window)

    @property
    def sources(self) -> tuple[str, ...]:
        """Columns of `daily_activity` that it comes from."""
        named = [column for need in self.formula.needs for column in sources_of(need.source)]
        return tuple(dict.fromkeys([*named, *self.facts]))


def counted(source: str, meaning: str, unit: str, windows: tuple[int, ...] = WINDOWS) -> tuple[Feature, ...]:
    """One count over several windows."""
    return tuple(
        Feature(sum_name(source, days), f"{meaning} in the last {days} days", unit, Total(source, days))
        for days in windows
    )
