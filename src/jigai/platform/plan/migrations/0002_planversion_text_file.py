from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="planversion",
            name="text_file",
            field=models.CharField(default="text.txt", max_length=200, verbose_name="原文文件"),
        ),
    ]
