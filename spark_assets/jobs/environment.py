"""How callers of the jobs read secrets: from the environment, or from the files that it names."""

from spark_assets.environment import secret as secret
