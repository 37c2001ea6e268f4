from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0009_finished_live")]

    operations = [
        migrations.AddField(
            "photo", "pet_name", models.CharField(blank=True, db_default="", default="", max_length=30)
        ),
        migrations.AddField(
            "video", "pet_name", models.CharField(blank=True, db_default="", default="", editable=False, max_length=30)
        ),
        migrations.AddField("sharelink", "shows_name", models.BooleanField(db_default=False, default=False)),
    ]
