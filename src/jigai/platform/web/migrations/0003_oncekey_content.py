from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0002_savedview")]

    operations = [
        migrations.AddField(model_name="oncekey", name="content", field=models.CharField(blank=True, max_length=64)),
    ]
