"""Jobs."""

import dagster as dg

from orchestration.history import DAILY
from orchestration.inbox import LOG_FILES

everything = dg.define_asset_job(
    "everything",
    selection=DAILY,
    description="Ingest what is new in the inbox, compute every asset, train, score and publish to the portal.",
    tags={"encore/job": "everything"},
)

report_log_files = dg.define_asset_job(
    "report_log_files",
    selection=dg.AssetSelection.assets(LOG_FILES),
    description="Report the log files in the inbox that no batch holds, which makes every asset due. Takes seconds.",
)
