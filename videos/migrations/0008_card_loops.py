import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import videos.dances

BODIES = [("slim", "Slim"), ("round", "Round"), ("small", "Small"), ("bird", "Bird"), ("sitting", "Sitting")]


class Migration(migrations.Migration):
    dependencies = [("videos", "0007_exports")]

    operations = [
        migrations.CreateModel(
            name="CardLoop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, db_index=True, editable=False, null=True)),
                ("claim", models.PositiveIntegerField(default=0, editable=False)),
                ("attempts", models.PositiveIntegerField(default=0, editable=False)),
                ("dance", models.CharField(choices=videos.dances.choices, max_length=20)),
                ("photo_claim", models.PositiveIntegerField(default=0, editable=False)),
                ("body", models.CharField(blank=True, choices=BODIES, default="", editable=False, max_length=10)),
                ("file", models.FileField(blank=True, editable=False, max_length=120, upload_to="")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="loops", to="videos.photo"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("photo", "dance"), name="card_loop_unique_photo_dance")
                ],
            },
        ),
    ]
