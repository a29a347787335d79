"""Jobs."""

import dagster as dg

from orchestration.history import GROUP

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP),
    description="Ingest what is new in the inbox, compute every asset, train, score and publish to the portal.",
    tags={"encore/job": "everything"},
)
