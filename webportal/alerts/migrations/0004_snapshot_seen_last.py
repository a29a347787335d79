"""`since_snapshot` becomes the snapshot that a watch was looked at with last; until now it was the one it began with.

Without this, the first look would compare with a snapshot of months ago. A watch that was told of the current snapshot
has seen it; the others have seen the one before.
"""

from django.db import migrations

SEEN = """
update alerts_watch set since_snapshot = greatest(
    since_snapshot,
    coalesce((select max(alert.snapshot_id) from alerts_alert alert where alert.watch_id = alerts_watch.id), 0),
    coalesce((select max(snapshot_id) from snapshot
              where snapshot_id < (select snapshot_id from current_snapshot)), 0)
)
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_outbox"), ("customers", "0001_initial")]

    operations = [migrations.RunSQL(SEEN, migrations.RunSQL.noop)]
