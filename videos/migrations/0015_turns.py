import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def number_waiting_videos(apps, schema_editor):
    """Give the videos that wait their places: each owner's in order, and the owners by their oldest one."""
    videos = apps.get_model("videos", "Video").objects
    owners = {}
    for video in videos.filter(status="queued").order_by("created_at", "pk").only("user_id", "provider", "created_at"):
        turn, since = owners.get((video.user_id, video.provider), (0, video.created_at))
        owners[video.user_id, video.provider] = (turn + 1, since)
        videos.filter(pk=video.pk).update(turn=turn, joined_at=since)


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0014_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cardloop',
            name='joined_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='joined at'),
        ),
        migrations.AddField(
            model_name='cardloop',
            name='turn',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='turn'),
        ),
        migrations.AddField(
            model_name='photo',
            name='joined_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='joined at'),
        ),
        migrations.AddField(
            model_name='photo',
            name='turn',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='turn'),
        ),
        migrations.AddField(
            model_name='preview',
            name='joined_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='joined at'),
        ),
        migrations.AddField(
            model_name='preview',
            name='turn',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='turn'),
        ),
        migrations.AddField(
            model_name='providerstatus',
            name='connection_failures',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Consecutive orders that could not be sent.', verbose_name='connection failures'),
        ),
        migrations.AddField(
            model_name='video',
            name='joined_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='joined at'),
        ),
        migrations.AddField(
            model_name='video',
            name='turn',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='turn'),
        ),
        migrations.AddField(
            model_name='videoexport',
            name='joined_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='joined at'),
        ),
        migrations.AddField(
            model_name='videoexport',
            name='turn',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='turn'),
        ),
        migrations.AddIndex(
            model_name='cardloop',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['turn', 'joined_at', 'created_at', 'id'], name='card_loop_line_idx'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['turn', 'joined_at', 'created_at', 'id'], name='photo_line_idx'),
        ),
        migrations.AddIndex(
            model_name='preview',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['turn', 'joined_at', 'created_at', 'id'], name='preview_line_idx'),
        ),
        migrations.AddIndex(
            model_name='video',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['provider', 'turn', 'joined_at', 'created_at', 'id'], name='video_line_idx'),
        ),
        migrations.AddIndex(
            model_name='video',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['user', 'provider'], name='video_owner_line_idx'),
        ),
        migrations.AddIndex(
            model_name='videoexport',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['turn', 'joined_at', 'created_at', 'id'], name='export_line_idx'),
        ),
        migrations.RunPython(number_waiting_videos, migrations.RunPython.noop),
    ]
