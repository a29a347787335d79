"""Spark's settings for whoever starts the session outside of `spark_assets.session`."""

from spark_assets.session import session_config as session_config
