"""What a model must beat: knowing only how much somebody does."""

from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import FEATURES
from spark_assets.lake.schema import LABEL
from spark_assets.modelling.figures import Figures, figures
from spark_assets.modelling.outcomes import outcomes_of
from spark_assets.modelling.pipeline import preparation

EVENTS_PER_DAY = "events_per_day"


def events_per_day(fit: DataFrame, judge: DataFrame) -> Figures:
    """Figures of a logistic regression on `events_per_day` alone; without a value of it to fit on, there are none."""
    # of the hundred columns, which every plan below would carry along
    fit, judge = (side.select(EVENTS_PER_DAY, LABEL) for side in (fit, judge))
    if fit.where(F.col(EVENTS_PER_DAY).isNotNull()).isEmpty():
        return {}
    prepared = preparation([EVENTS_PER_DAY]).fit(fit)
    model = LogisticRegression(featuresCol=FEATURES, labelCol=LABEL).fit(prepared.transform(fit))
    scored = model.transform(prepared.transform(judge))
    return figures(outcomes_of(scored.select(vector_to_array(F.col("probability"))[1].alias("p"), LABEL), "p"))
