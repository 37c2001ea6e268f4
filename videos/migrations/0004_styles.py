from django.db import migrations, models

STYLES = [("dancer", "Dancer"), ("whole_pet", "Whole pet")]
BODIES = [("slim", "Slim"), ("round", "Round"), ("small", "Small"), ("bird", "Bird"), ("sitting", "Sitting")]


class Migration(migrations.Migration):
    dependencies = [("videos", "0003_dance_choices")]

    operations = [
        migrations.AddField(
            "photo",
            "head_place",
            models.JSONField(blank=True, help_text="Where the skull is in the head's sticker.", null=True),
        ),
        migrations.AddField(
            "photo", "fur", models.JSONField(blank=True, help_text="The colours of the fur.", null=True)
        ),
        migrations.AddField(
            "photo",
            "style",
            models.CharField(
                blank=True, choices=STYLES, db_default="", default="", help_text="Empty: automatic.", max_length=10
            ),
        ),
        migrations.AddField(
            "photo",
            "body",
            models.CharField(
                blank=True, choices=BODIES, db_default="", default="", help_text="Empty: automatic.", max_length=10
            ),
        ),
        # Every video that exists shows the whole pet. The first default fills the rows, the second is for new ones.
        migrations.AddField(
            "video",
            "style",
            models.CharField(
                blank=True, choices=STYLES, db_default="whole_pet", default="", editable=False, max_length=10
            ),
        ),
        migrations.AlterField(
            "video",
            "style",
            models.CharField(blank=True, choices=STYLES, db_default="", default="", editable=False, max_length=10),
        ),
        migrations.AddField(
            "video",
            "body",
            models.CharField(blank=True, choices=BODIES, db_default="", default="", editable=False, max_length=10),
        ),
        migrations.AddField(
            "preview",
            "style",
            models.CharField(choices=STYLES, db_default="whole_pet", default="whole_pet", max_length=10),
        ),
        migrations.AddField(
            "preview",
            "body",
            models.CharField(blank=True, choices=BODIES, db_default="", default="", max_length=10),
        ),
        migrations.RemoveConstraint("preview", "preview_unique_photo_dance_cutout"),
        migrations.AddConstraint(
            "preview",
            models.UniqueConstraint(
                fields=("photo", "dance", "cutout", "style", "body"), name="preview_unique_photo_dance_look"
            ),
        ),
    ]
