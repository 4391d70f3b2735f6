"""Forms of surveys: what one is about, steps with an entry, changes of the list and the deadline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.campaigns.models import Campaign
from jigai.platform.campaigns.models import Step as Taken
from jigai.platform.enterprises import above_scale, reference
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.enterprises.tables import by_words
from jigai.platform.places.models import ManagingUnit
from jigai.platform.web.forms import ComboField, Form, YearField
from jigai.platform.web.workflow import Step


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class CampaignForm(Form):
    """What a survey is about. Once it runs, what its list rests on is only shown."""

    groups = (
        (_("范围"), ("year", "units", "industries")),
        (_("时间"), ("counts_from", "deadline")),
        (_("告知企业"), ("instructions", "contact", "facts_year")),
    )
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("例如“2026 年老旧设备摸排”。"))
    year = YearField(label=_("规上名单年度"), help_text=_("开始时按这一年的规上名单冻结应报名单。"))
    units = forms.MultipleChoiceField(
        label=_("管理主体"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选为全部。")
    )
    industries = forms.MultipleChoiceField(
        label=_("行业大类"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}), help_text=_("不选为全部。")
    )
    counts_from = _day(_("台账起算日"), _("这一天以后入库或更正的台账算本次填报。"))
    deadline = _day(_("报送期限"))
    instructions = forms.CharField(
        label=_("填报要求"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    contact = forms.CharField(
        label=_("联系人和电话"), required=False, max_length=100, help_text=_("写进提醒，企业有疑问时联系。")
    )
    facts_year = YearField(
        label=_("同时报送哪一年的年度数据"), required=False, help_text=_("不要求的留空；要求的，报送台账前须先报送。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        units = [(one.code, str(one)) for one in ManagingUnit.objects.filter(active=True)]
        self.fields["units"].choices = units  # type: ignore[attr-defined]
        divisions = sorted(reference.divisions(today).items())
        self.fields["industries"].choices = [(code, f"{code} {name}") for code, name in divisions]  # type: ignore[attr-defined]

    def clean_year(self) -> Any:
        """A year without a list is refused with the years there are."""
        year = self.cleaned_data["year"]
        if not above_scale.exists(year):
            held = "、".join(map(str, above_scale.years())) or "—"
            raise ValidationError(_("还没有 %(year)s 年的规上名单；已有：%(held)s。") % {"year": year, "held": held})
        return year


class RunningForm(Form):
    """What can still be changed while a survey runs."""

    name = forms.CharField(label=_("名称"), max_length=120)
    instructions = forms.CharField(
        label=_("填报要求"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    contact = forms.CharField(label=_("联系人和电话"), required=False, max_length=100)


class NameForm(Form):
    """How the copy is called."""

    name = forms.CharField(label=_("名称"), max_length=120)


class DeadlineForm(Form):
    """A new deadline and why."""

    deadline = _day(_("新的报送期限"))
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("企业和县区都能看到。")
    )


def _settle(text: str) -> str:
    """Return the number of the enterprise that was meant: by its credit code, or by a name only one has."""
    code = text.split(" ")[0].upper()
    rows = LegalPerson.objects.exclude(status="archived")
    found = list(rows.filter(credit_code=code)[:1]) or list(by_words(rows, text)[:2])
    if len(found) == 1:
        return str(found[0].pk)
    raise ValueError(_("没有找到“%(text)s”：请输入名称、拼音首字母或信用代码，再从列表中选一项。") % {"text": text})


class NamedForm(Form):
    """Which enterprise is put on the list, with all its sites in use or one of them, and why."""

    person = ComboField(label=_("企业"), source="enterprises:find", settle=_settle)
    site = forms.CharField(
        label=_("厂区名称"), required=False, max_length=120, help_text=_("不填为该企业全部在用厂区。")
    )
    reason = forms.CharField(label=_("列入原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def sites(self) -> list[Site]:
        """Return the sites that were meant; ``ValidationError`` where the enterprise has none of that name."""
        rows = Site.objects.filter(legal_person=self.cleaned_data["person"], active=True).select_related("legal_person")
        if self.cleaned_data["site"]:
            rows = rows.filter(name=self.cleaned_data["site"].strip())
        found = list(rows.order_by("pk"))
        if not found:
            raise ValidationError({"site": _("该企业没有这个在用厂区，请核对名称或留空。")})
        return found


class StepForm(Form):
    """A comment, a date, and whether there is nothing to report; each only where the step asks for it."""

    nothing = forms.BooleanField(
        label=_("本厂区没有此类设备"), required=False, help_text=_("勾选的要在下面说明情况，例如已停产、只有办公场所。")
    )
    due = _day(_("期限"))
    comment = forms.CharField(
        label=_("意见"), max_length=Taken.COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, kind: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not kind.yes("due"):
            del self.fields["due"]
        if kind.key not in ("submit", "submit_for"):
            del self.fields["nothing"]
        comment = self.fields["comment"]
        comment.required = kind.required
        words = {
            "submit": _("说明"),
            "submit_for": _("代报原因"),
            "return": _("要补正什么"),
            "withdraw": _("原因"),
            "extend": _("原因"),
        }
        comment.label = words.get(kind.key, _("核对意见"))
        comment.error_messages["required"] = _("没有填写：请填“%(label)s”。") % {"label": comment.label}


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """Return what the form of a survey starts from."""
    names = ("name", "year", "units", "industries", "counts_from", "deadline", "instructions", "contact", "facts_year")
    return {name: getattr(campaign, name) for name in names}
