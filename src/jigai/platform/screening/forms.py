"""The form that starts a screening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises.models import Site
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.web.forms import Form

EVERYTHING = "all"


class RunForm(Form):
    """Which devices are judged, by what was in force on which day, and whether it counts."""

    scope = forms.ChoiceField(label=_("范围"), help_text=_("只列您能看到的厂区。"))
    as_of = forms.DateField(
        label=_("判定日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("按这一天有效的目录和标准判定；可以是过去，也可以是将来。"),
    )
    rehearsal = forms.BooleanField(label=_("试算"), required=False, help_text=_("只看结果，不改现行结论。"))
    afresh = forms.BooleanField(
        label=_("全部重判"),
        required=False,
        help_text=_("一般不用勾：没有变化的设备沿用现行结论，结果与全部重判逐字节相同，只是快得多。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"as_of": timezone.localdate(), "scope": EVERYTHING} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        scope = self.fields["scope"]
        assert isinstance(scope, forms.ChoiceField)
        scope.choices = scopes()

    def clean_rehearsal(self) -> bool:
        """A day that is still to come can only be rehearsed."""
        as_of, rehearsal = self.cleaned_data.get("as_of"), bool(self.cleaned_data.get("rehearsal"))
        if as_of and as_of > timezone.localdate() and not rehearsal:
            raise ValidationError(_("判定日在今天之后的只能试算，请勾选“试算”。"))
        return rehearsal

    def sites(self) -> list[int]:
        """Return the numbers of the sites of the chosen scope."""
        return [one.pk for one in sites_of(self.cleaned_data["scope"])]


def scopes() -> list[tuple[str, Any]]:
    """Return what can be screened: all one sees, by managing unit, by county, by enterprise, by site."""
    rows = Site.objects.filter(active=True).order_by("enterprise_name", "pk")
    sites = list(rows.values_list("manager_code", "legal_person_id", "enterprise_name"))
    units = {one.code: str(one) for one in ManagingUnit.objects.all()}
    codes = sorted({code for code, _person, _name in sites})
    found: list[tuple[str, Any]] = [(EVERYTHING, _("全部（%d 个厂区）") % len(sites))]
    if len(codes) > 1:
        found += [(f"unit:{code}", units.get(code, code)) for code in codes]
    counties = dict(Place.objects.filter(level="county").values_list("code", "name"))
    places = sorted(set(rows.order_by().values_list("place_code", flat=True)) & set(counties))
    if len(places) > 1:
        found += [(f"county:{code}", _("属地%(county)s") % {"county": counties[code]}) for code in places]
    persons: dict[int, str] = {}
    several: dict[int, list[tuple[str, str]]] = {}
    for pk, person, enterprise, name in rows.values_list("pk", "legal_person_id", "enterprise_name", "name"):
        persons[person] = enterprise
        several.setdefault(person, []).append((f"site:{pk}", f"{enterprise} · {name}"))
    for person, name in persons.items():
        found.append((f"person:{person}", name))
        found += several[person] if len(several[person]) > 1 else []
    return found


def sites_of(scope: str) -> list[Site]:
    """Return the sites of a scope of the form."""
    what, _colon, key = scope.partition(":")
    rows = Site.objects.filter(active=True).order_by("pk")
    if what == "unit":
        rows = rows.filter(manager_code=key)
    elif what == "person":
        rows = rows.filter(legal_person_id=int(key))
    elif what == "county":
        rows = rows.filter(place_code=key)
    elif what == "site":
        rows = rows.filter(pk=int(key))
    return list(rows)
