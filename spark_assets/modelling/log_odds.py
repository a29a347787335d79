"""Where forests saved by earlier releases look for their margin stage: Spark notes a stage's module as it is saved."""

from spark_assets.estimators.random_forest import BoundedLogOdds as BoundedLogOdds
