"""What is said of one feature, and the shorthand that families of features share."""

from dataclasses import dataclass

from spark_assets.contracts.explaining import Topic
from spark_assets.transforms.registry.days import sources_of
from spark_assets.transforms.registry.formulas import WINDOWS, Formula, Total, Trend, sum_name, window_words
from spark_assets.transforms.registry.wording import Amount, Course, Wording, last

TREND_UNIT = "-1 to 1"


@dataclass(frozen=True)
class Feature:
    """One feature: its name, its meaning in words, its unit and how it is computed.

    `topic` is what it is explained under, together with the others of the topic; `wording` says a customer's value.
    `for_model` is False for what people read only. `facts` names the columns behind a formula over facts.
    """

    name: str
    meaning: str
    unit: str
    formula: Formula
    topic: Topic
    wording: Wording
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


def counted(
    source: str, meaning: str, unit: str, topic: Topic, said: str, windows: tuple[int, ...] = WINDOWS
) -> tuple[Feature, ...]:
    """One count over several windows; `said` is its phrase, as `{n} advert{s}`."""
    return tuple(
        Feature(
            sum_name(source, days),
            f"{meaning} in the last {days} days",
            unit,
            Total(source, days),
            topic,
            Amount(said + last(days)),
        )
        for days in windows
    )


def trend(source: str, meaning: str, days: int, topic: Topic, things: str) -> Feature:
    """The last days of a count against the days before."""
    return Feature(
        f"{source}_trend_{days}d",
        f"{meaning} of the last {days} days against the {days} before",
        TREND_UNIT,
        Trend(source, days),
        topic,
        Course(things, days),
    )
