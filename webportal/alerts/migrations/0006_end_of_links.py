"""When the link in a waiting mail ends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Of mails that wait already nobody knows: they are sent as before."""

    dependencies = [("alerts", "0005_any_level")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="expires_at",
            field=models.DateTimeField(help_text="A link in it ends then.", null=True, verbose_name="of use until"),
        ),
    ]
