"""Jobs."""

import dagster as dg

from orchestration.history import DAILY

everything = dg.define_asset_job(
    "everything",
    selection=DAILY,
    description="Ingest what is new in the inbox, compute every asset, train, score and publish to the portal.",
    tags={"encore/job": "everything"},
)
