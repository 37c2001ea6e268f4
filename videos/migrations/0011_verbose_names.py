import django.db.models.deletion
import django.utils.timezone
import videos.dances
import videos.models.request
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0010_pet_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="photo",
            options={"verbose_name": "photo", "verbose_name_plural": "photos"},
        ),
        migrations.AlterModelOptions(
            name="providerstatus",
            options={"verbose_name": "provider status", "verbose_name_plural": "provider statuses"},
        ),
        migrations.AlterModelOptions(
            name="video",
            options={"verbose_name": "video", "verbose_name_plural": "videos"},
        ),
        migrations.AlterField(
            model_name="cardloop",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="cardloop",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="cardloop",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="guest",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="guest",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="guest",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="body",
            field=models.CharField(
                blank=True,
                choices=[
                    ("slim", "Slim"),
                    ("round", "Round"),
                    ("small", "Small"),
                    ("bird", "Bird"),
                    ("sitting", "Sitting"),
                ],
                db_default="",
                default="",
                help_text="Empty: automatic.",
                max_length=10,
                verbose_name="body",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="cutout",
            field=models.BooleanField(default=True, verbose_name="cutout"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="cutout_info",
            field=models.JSONField(
                blank=True, default=dict, help_text="Measurements of the cut-out.", verbose_name="cutout info"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="focus_x",
            field=models.FloatField(default=0.5, verbose_name="focus x"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="focus_y",
            field=models.FloatField(default=0.42, verbose_name="focus y"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="fur",
            field=models.JSONField(blank=True, help_text="The colours of the fur.", null=True, verbose_name="fur"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="guest",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="videos.guest",
                verbose_name="guest",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="head",
            field=models.JSONField(
                blank=True, help_text="The oval around the pet's head.", null=True, verbose_name="head"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="head_confidence",
            field=models.FloatField(
                blank=True, help_text="Certainty about the head, 0 to 1.", null=True, verbose_name="head confidence"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="head_place",
            field=models.JSONField(
                blank=True, help_text="Where the skull is in the head's sticker.", null=True, verbose_name="head place"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="head_source",
            field=models.CharField(
                blank=True,
                choices=[("detector", "detector"), ("outline", "outline"), ("owner", "owner")],
                db_default="",
                default="",
                max_length=10,
                verbose_name="head source",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="head_sticker",
            field=models.FileField(
                blank=True, db_default="", default="", max_length=120, upload_to="", verbose_name="head sticker"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="height",
            field=models.PositiveIntegerField(verbose_name="height"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="image",
            field=models.FileField(max_length=120, upload_to="", verbose_name="image"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="mask",
            field=models.FileField(blank=True, max_length=120, upload_to="", verbose_name="mask"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="pet_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="pet name"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="quality_notes",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Notes shown to the owner before a credit is spent.",
                verbose_name="quality notes",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="removed_metadata",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Metadata removed from the file for privacy.",
                verbose_name="removed metadata",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="sha256",
            field=models.CharField(max_length=64, verbose_name="sha256"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="size",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, editable=False, help_text="Size of the photo in bytes.", verbose_name="size"
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="sticker",
            field=models.FileField(blank=True, max_length=120, upload_to="", verbose_name="sticker"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="style",
            field=models.CharField(
                blank=True,
                choices=[("dancer", "Dancer"), ("whole_pet", "Whole pet")],
                db_default="",
                default="",
                help_text="Empty: automatic.",
                max_length=10,
                verbose_name="style",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="thumbnail",
            field=models.FileField(max_length=120, upload_to="", verbose_name="thumbnail"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="width",
            field=models.PositiveIntegerField(verbose_name="width"),
        ),
        migrations.AlterField(
            model_name="preview",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="preview",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="preview",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="balance",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Balance at the last check, in the provider's credits.",
                null=True,
                verbose_name="balance",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="checked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="checked at"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="consecutive_failures",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Consecutive paid orders that produced no video.",
                verbose_name="consecutive failures",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="consecutive_outages",
            field=models.PositiveIntegerField(default=0, verbose_name="consecutive outages"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="consecutive_rejections",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Consecutive rejected orders.", verbose_name="consecutive rejections"
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="daily_limit_reached",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Unavailable until the provider's daily limit resets.",
                verbose_name="daily limit reached",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="half_open",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Available again after failures, with one task at a time.",
                verbose_name="half open",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="max_concurrent_tasks",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Concurrency limit reported by the account.",
                null=True,
                verbose_name="max concurrent tasks",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="provider",
            field=models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name="provider"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="recovered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="recovered at"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="rejected_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rejected since"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="required_balance",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Balance the account needs to become available again.",
                verbose_name="required balance",
            ),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="staff_notified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="staff notified at"),
        ),
        migrations.AlterField(
            model_name="providerstatus",
            name="unavailable_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="unavailable since"),
        ),
        migrations.AlterField(
            model_name="providertaskdeletion",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="providertaskdeletion",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="providertaskdeletion",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="storedfiledeletion",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="storedfiledeletion",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="storedfiledeletion",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="video",
            name="body",
            field=models.CharField(
                blank=True,
                choices=[
                    ("slim", "Slim"),
                    ("round", "Round"),
                    ("small", "Small"),
                    ("bird", "Bird"),
                    ("sitting", "Sitting"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=10,
                verbose_name="body",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="video",
            name="consecutive_errors",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Consecutive steps at a remote provider that raised an error.",
                verbose_name="consecutive errors",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="current_task_cost",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Cost of the latest order: an estimate until its task has ended.",
                verbose_name="current task cost",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="cutout",
            field=models.BooleanField(default=True, verbose_name="cutout"),
        ),
        migrations.AlterField(
            model_name="video",
            name="dance",
            field=models.CharField(choices=videos.dances.choices, max_length=20, verbose_name="dance"),
        ),
        migrations.AlterField(
            model_name="video",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="error_code",
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name="error code"),
        ),
        migrations.AlterField(
            model_name="video",
            name="error_message",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="error message"),
        ),
        migrations.AlterField(
            model_name="video",
            name="file",
            field=models.FileField(blank=True, editable=False, max_length=120, upload_to="", verbose_name="file"),
        ),
        migrations.AlterField(
            model_name="video",
            name="finished_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="finished at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="focus_x",
            field=models.FloatField(verbose_name="focus x"),
        ),
        migrations.AlterField(
            model_name="video",
            name="focus_y",
            field=models.FloatField(verbose_name="focus y"),
        ),
        migrations.AlterField(
            model_name="video",
            name="format",
            field=models.CharField(
                choices=[("tall", "Tall"), ("square", "Square"), ("wide", "Wide")], max_length=10, verbose_name="format"
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="head",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text="The oval around the pet's head, if it was known.",
                null=True,
                verbose_name="head",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="head_source",
            field=models.CharField(
                blank=True,
                choices=[("detector", "detector"), ("outline", "outline"), ("owner", "owner")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
                verbose_name="head source",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="idempotency_key",
            field=models.UUIDField(editable=False, verbose_name="idempotency key"),
        ),
        migrations.AlterField(
            model_name="video",
            name="ordered_seconds",
            field=models.PositiveSmallIntegerField(
                blank=True,
                editable=False,
                help_text="Length of the latest order. A model may have a longer minimum.",
                null=True,
                verbose_name="ordered seconds",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="pet_name",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=30, verbose_name="pet name"
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="photo",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="videos",
                to="videos.photo",
                verbose_name="photo",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="poster",
            field=models.FileField(blank=True, editable=False, max_length=120, upload_to="", verbose_name="poster"),
        ),
        migrations.AlterField(
            model_name="video",
            name="previous_task_ids",
            field=models.JSONField(
                db_default=[],
                default=list,
                editable=False,
                help_text="Earlier tasks that produced no video.",
                verbose_name="previous task ids",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="price",
            field=models.PositiveSmallIntegerField(default=1, help_text="Credits charged.", verbose_name="price"),
        ),
        migrations.AlterField(
            model_name="video",
            name="progress",
            field=models.FloatField(
                default=0.0, editable=False, help_text="Progress of the rendering, 0 to 1.", verbose_name="progress"
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="promised_by",
            field=models.DateTimeField(editable=False, verbose_name="promised by"),
        ),
        migrations.AlterField(
            model_name="video",
            name="prompt",
            field=models.TextField(editable=False, verbose_name="prompt"),
        ),
        migrations.AlterField(
            model_name="video",
            name="prompt_source",
            field=models.CharField(
                choices=[
                    ("template", "Template for the dance"),
                    ("wanted", "To be written by OpenAI"),
                    ("openai", "Written by OpenAI"),
                ],
                default="template",
                editable=False,
                max_length=20,
                verbose_name="prompt source",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="provider",
            field=models.CharField(editable=False, max_length=20, verbose_name="provider"),
        ),
        migrations.AlterField(
            model_name="video",
            name="provider_cost",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="Cost of all tasks for this video, in the provider's credits.",
                null=True,
                verbose_name="provider cost",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="provider_failure",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The provider's failure code.",
                max_length=100,
                verbose_name="provider failure",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="provider_model",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Model of the latest order.",
                max_length=30,
                verbose_name="provider model",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="provider_task_id",
            field=models.CharField(
                blank=True, editable=False, max_length=100, null=True, unique=True, verbose_name="provider task id"
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="seconds",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="seconds"),
        ),
        migrations.AlterField(
            model_name="video",
            name="seed",
            field=models.BigIntegerField(default=videos.models.request.new_seed, editable=False, verbose_name="seed"),
        ),
        migrations.AlterField(
            model_name="video",
            name="sha256",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="sha256"),
        ),
        migrations.AlterField(
            model_name="video",
            name="size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size"),
        ),
        migrations.AlterField(
            model_name="video",
            name="stale_results",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Results discarded because the lease was lost.",
                verbose_name="stale results",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="started at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("processing", "Dancing"),
                    ("succeeded", "Ready"),
                    ("failed", "Refunded"),
                ],
                default="queued",
                editable=False,
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="step",
            field=models.CharField(
                blank=True,
                choices=[("", "-"), ("submitting", "Submitting"), ("rendering", "Rendering"), ("storing", "Storing")],
                default="",
                editable=False,
                max_length=10,
                verbose_name="step",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="step_history",
            field=models.JSONField(
                db_default=[],
                default=list,
                editable=False,
                help_text="Every step with its start time.",
                verbose_name="step history",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="style",
            field=models.CharField(
                blank=True,
                choices=[("dancer", "Dancer"), ("whole_pet", "Whole pet")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
                verbose_name="style",
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="submissions",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="submissions"),
        ),
        migrations.AlterField(
            model_name="video",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="video",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="videos",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AlterField(
            model_name="videodeletion",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="videodeletion",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="videodeletion",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="videoexport",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="videoexport",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="videoexport",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
        migrations.AlterField(
            model_name="videonotification",
            name="attempts",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="videonotification",
            name="claim",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="claim"),
        ),
        migrations.AlterField(
            model_name="videonotification",
            name="due_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name="due at"),
        ),
    ]
