"""Jobs."""

import dagster as dg

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all(),
    description="Ingest what is new in the inbox, compute every asset, train, score and publish to the portal.",
    tags={"encore/job": "everything"},
)
