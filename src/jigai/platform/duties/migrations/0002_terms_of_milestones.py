"""Keep what each version of a plan says of a milestone, so that what was late on a past day comes out again."""

import django.db.models.deletion
from django.db import migrations, models


def _begin(apps, schema_editor):
    """Let what is said of each milestone now count from when its plan was first adopted."""
    adoptions = apps.get_model("duties", "Adoption").objects.order_by("-pk")
    first = dict(adoptions.values_list("plan_id", "recorded_at"))
    terms = apps.get_model("duties", "MilestoneTerm").objects
    for one in apps.get_model("duties", "Milestone").objects.select_related("duty"):
        said = {"title_zh": one.title_zh, "title_en": one.title_en, "due": one.due}
        if one.duty.ended_at and not one.ended_at:
            one.ended_at = one.duty.ended_at
            one.save(update_fields=["ended_at"])
        terms.create(milestone=one, ended=bool(one.ended_at), recorded_at=first[one.duty.plan_id], **said)


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MilestoneTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_zh", models.CharField(max_length=200, verbose_name="节点")),
                ("title_en", models.CharField(blank=True, max_length=300)),
                ("due", models.DateField(verbose_name="日期")),
                ("ended", models.BooleanField(default=False, verbose_name="终止")),
                ("recorded_at", models.DateTimeField(verbose_name="时间")),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="duties.milestone"
                    ),
                ),
            ],
            options={
                "verbose_name": "节点期限",
                "ordering": ("pk",),
            },
        ),
        migrations.RunPython(_begin, migrations.RunPython.noop),
    ]
