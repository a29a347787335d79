from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("login", "Login"),
                    ("logout", "Logout"),
                    ("login failed", "Login failed"),
                    ("locked out", "Locked out"),
                    ("refused", "Page refused"),
                    ("viewed", "Customer viewed"),
                    ("searched", "Customers listed"),
                    ("exported", "Exported"),
                    ("erased", "Customer erased"),
                    ("added", "Added"),
                    ("changed", "Changed"),
                    ("deleted", "Deleted"),
                    ("second factor", "Second factor changed"),
                    ("retention", "Retention applied"),
                    ("contact", "Contact recorded"),
                    ("note", "Note written"),
                    ("task", "Task changed"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
