"""The errors that a caller of the jobs may show to a person as they are."""

from spark_assets.errors import EncoreError as EncoreError
from spark_assets.errors import MissingInboxError as MissingInboxError
from spark_assets.errors import PassingError as PassingError
