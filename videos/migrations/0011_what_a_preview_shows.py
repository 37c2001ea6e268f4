from django.db import migrations, models


def settle_the_switch(apps, schema_editor):
    """A photo that danced as a print because that suited it says so from now on; what its owner chose stays."""
    apps.get_model("videos", "Photo").objects.filter(cut__mode="print", cutout=True).update(cutout=False)


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0010_every_step'),
    ]

    operations = [
        migrations.AddField(
            model_name='preview',
            name='format',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name='preview',
            name='focus_x',
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='preview',
            name='focus_y',
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.RunPython(settle_the_switch, migrations.RunPython.noop),
    ]
