import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

KINDS = [
    ("sticker", "Sticker"),
    ("gif", "GIF"),
    ("still", "Picture"),
    ("tall", "Tall video"),
    ("square", "Square video"),
    ("wide", "Wide video"),
]


class Migration(migrations.Migration):
    dependencies = [("videos", "0006_guests")]

    operations = [
        migrations.CreateModel(
            "VideoExport",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, db_index=True, editable=False, null=True)),
                ("claim", models.PositiveIntegerField(default=0, editable=False)),
                ("attempts", models.PositiveIntegerField(default=0, editable=False)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("file", models.FileField(blank=True, editable=False, max_length=120, upload_to="")),
                ("size", models.PositiveBigIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "video",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to="videos.video"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("video", "kind"), name="export_unique_video_kind")],
            },
        ),
    ]
