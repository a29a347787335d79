"""The model and its scores."""

from orchestration.plots import model_plots
from orchestration.step_assets import step_asset

trained_model = step_asset(
    "trained_model",
    deps=["training_examples"],
    group="model",
    kinds={"spark", "sparkml"},
    description="A saved Spark PipelineModel with its card. Fitted on cut-offs whose labels were known when the "
    "newest one came; judged on that newest one. Where the logs are too thin to learn from, says why.",
    draw=model_plots,
)

churn_scores = step_asset(
    "churn_scores",
    deps=["trained_model", "user_features"],
    group="model",
    kinds={"spark", "parquet"},
    description="Probability of cancelling within the horizon, its band, the contributions that add up to it, what "
    "changed and why to doubt it, for every customer who has not cancelled. The fitted pipeline is only applied here.",
)
