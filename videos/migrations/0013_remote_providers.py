"""Make task ids unique for each provider, and add which provider has them, unusable clips, and staff warnings."""

from django.db import migrations, models


def name_provider(apps, schema_editor):
    """There was one remote provider until now, so every submitted order went to it."""
    apps.get_model("videos", "Video").objects.filter(submissions__gt=0).update(task_provider="runway")


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0011_verbose_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffWarning',
            fields=[
                ('key', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='key')),
                ('message', models.CharField(max_length=300, verbose_name='message')),
                ('details', models.JSONField(db_default={}, default=dict, verbose_name='details')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='count')),
                ('first_at', models.DateTimeField(verbose_name='first at')),
                ('last_at', models.DateTimeField(verbose_name='last at')),
                ('notified_at', models.DateTimeField(blank=True, null=True, verbose_name='notified at')),
            ],
            options={
                'verbose_name': 'staff warning',
                'verbose_name_plural': 'staff warnings',
            },
        ),
        migrations.AddField(
            model_name='video',
            name='bad_outputs',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, help_text='Downloaded clips that could not be used.', verbose_name='bad outputs'),
        ),
        migrations.AddField(
            model_name='video',
            name='task_provider',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='Remote provider of its orders, even if the embedded studio has taken over since.', max_length=20, verbose_name='task provider'),
        ),
        migrations.AlterField(
            model_name='providertaskdeletion',
            name='task_id',
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name='video',
            name='provider_model',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='Model of the latest order.', max_length=100, verbose_name='provider model'),
        ),
        migrations.AlterField(
            model_name='video',
            name='provider_task_id',
            field=models.CharField(blank=True, editable=False, max_length=100, null=True, verbose_name='provider task id'),
        ),
        migrations.AddConstraint(
            model_name='providertaskdeletion',
            constraint=models.UniqueConstraint(fields=('task_id', 'provider'), name='providertaskdeletion_unique_task'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.UniqueConstraint(fields=('provider_task_id', 'provider'), name='video_unique_task'),
        ),
        migrations.RunPython(name_provider, migrations.RunPython.noop),
    ]
