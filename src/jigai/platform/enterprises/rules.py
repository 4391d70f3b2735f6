"""What makes the record of an enterprise, a site or a line acceptable; every refusal says the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts import credit_code
from jigai.platform.enterprises.data import rows
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.enterprises.reference import industry_classes
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.walls.actor import Actor

Values = Mapping[str, Any]
LEAST_ENERGY: Final = -1000
"""Least energy per unit of product: converters give more back than they take, so it may be below zero."""


def governs(actor: Actor) -> bool:
    """Say whether ``actor`` acts for an authority (or a command), not for the enterprise itself."""
    return actor.scope.everything or bool(actor.scope.managers)


def authorities_only(actor: Actor) -> None:
    """Refuse what only the authorities do."""
    if not governs(actor):
        raise PermissionDenied("enterprise.edit")


def whole_enterprise(actor: Actor) -> None:
    """Refuse someone who looks after some sites only."""
    if actor.scope.sites:
        raise ValidationError(_("您只负责部分厂区，新增厂区请由本企业负责人或县区办理。"))


def reason_given(reason: str) -> None:
    """Refuse an action without its reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因，将记入审计记录。")})


def check_person(actor: Actor, values: Values, old: LegalPerson | None = None) -> dict[str, Any]:
    """Return the values of a legal person as they are stored; refuse with every fault at once."""
    if old is None:
        authorities_only(actor)
    checked, faults = dict(values), {}
    for name in ("name", "credit_code", "manager_code", "place_code"):
        if not checked.get(name) and (old is None or name in checked):
            faults[name] = _("没有填写。")
        elif old is not None and not governs(actor) and name in checked and checked[name] != getattr(old, name):
            faults[name] = _("企业不能自行修改此项，请联系县区经信部门。")
    if checked.get("credit_code") and (old is None or checked["credit_code"] != old.credit_code):
        _try(faults, "credit_code", lambda: checked.update(credit_code=credit_code.read(checked["credit_code"])))
    former = []
    for code in checked.get("predecessors") or []:
        _try(faults, "predecessors", lambda code=code: former.append(credit_code.read(code)))
    if "predecessors" in checked:
        checked["predecessors"] = former
    _check_place(actor, checked, faults, old)
    _check_industry(checked, faults, old)
    if checked.get("registered_on") and checked["registered_on"] > timezone.localdate():
        faults["registered_on"] = _("成立日期在今天之后，请核对。")
    return _or_refuse(checked, faults)


def check_site(actor: Actor, values: Values, old: Site | None = None) -> dict[str, Any]:
    """Return the values of a site as they are stored."""
    checked, faults = dict(values), {}
    for name in ("name", "manager_code", "place_code"):
        if not checked.get(name) and (old is None or name in checked):
            faults[name] = _("没有填写。")
    if old is not None and not governs(actor) and checked.get("manager_code", old.manager_code) != old.manager_code:
        faults["manager_code"] = _("企业不能自行修改此项，请联系县区经信部门。")
    _check_place(actor, checked, faults, old)
    _check_industry(checked, faults, old)
    return _or_refuse(checked, faults)


def check_line(values: Values, old: Line | None = None) -> dict[str, Any]:
    """Return the values of a line as they are stored: capacity and its unit go together, years are in order."""
    checked, faults = dict(values), {}

    def now(name: str) -> Any:
        return checked[name] if name in checked else getattr(old, name, None)

    for name in ("name", "product"):
        if not now(name):
            faults[name] = _("没有填写。")
    for figure, unit, lowest in (("capacity", "capacity_unit", 0), ("unit_energy", "unit_energy_unit", LEAST_ENERGY)):
        if now(figure) is not None and not now(unit):
            faults[unit] = _("有数值而没有单位：请选择单位。")
        if now(figure) is not None and now(figure) < lowest:
            faults[figure] = _("不能小于 %(low)s。") % {"low": lowest}
    if old is not None:
        faults |= _units_kept(checked, old)
    this_year = timezone.localdate().year
    if now("commissioned") and now("commissioned") > this_year:
        faults["commissioned"] = _("投产年份在今年之后：未投产的产线投产后再登记。")
    if now("commissioned") and now("retired") and now("retired") < now("commissioned"):
        faults["retired"] = _("退出年份早于投产年份，请核对。")
    if now("planned_exit") and not (now("planned_exit_note") or "").strip():
        faults["planned_exit_note"] = _("有日期而没有依据：请写明方案或文件的名称、文号。")
    grades = [row["grade"] for row in rows("environmental_grades")]
    if now("environmental_grade") and now("environmental_grade") not in grades:
        faults["environmental_grade"] = _("环保绩效等级填其中之一：%(grades)s。") % {"grades": "、".join(grades)}
    return _or_refuse(checked, faults)


def _units_kept(checked: Values, old: Line) -> dict[str, str]:
    """Refuse another unit where figures of years were given in the one there is: they would say something else."""
    faults = {}
    for unit, attribute in (("capacity_unit", "line_output"), ("unit_energy_unit", "line_unit_energy")):
        if unit not in checked or not getattr(old, unit) or checked[unit] == getattr(old, unit):
            continue
        given = Fact.objects.filter(line=old, attribute=attribute, superseded_at__isnull=True).exclude(value="")
        if given.exists():
            faults[unit] = _("已有年度数据按“%(unit)s”填报，不能改单位；确需更改的，先收回这些数据。") % {
                "unit": getattr(old, unit)
            }
    return faults


def _check_place(actor: Actor, checked: dict[str, Any], faults: dict[str, Any], old: Any) -> None:
    place, manager = checked.get("place_code"), checked.get("manager_code")
    if place and not Place.objects.filter(code=place, level="county").exists():
        faults["place_code"] = _("没有代码为 %(code)s 的县区：请从列表中选择。") % {"code": place}
    moved = manager and (old is None or manager != old.manager_code)
    units = ManagingUnit.objects.filter(active=True) if moved else ManagingUnit.objects.all()
    if manager and not units.filter(code=manager).exists():
        faults["manager_code"] = _("没有代码为 %(code)s 的管理主体：请从列表中选择。") % {"code": manager}
        return
    if moved and governs(actor) and not actor.scope.everything and manager not in actor.scope.managers:
        faults["manager_code"] = _("不在您的管辖范围：跨管理主体的划转请市级办理。")


def _check_industry(checked: dict[str, Any], faults: dict[str, Any], old: Any) -> None:
    code = checked.get("industry_code")
    if code and (old is None or code != old.industry_code) and code not in industry_classes(timezone.localdate()):
        faults["industry_code"] = _("GB/T 4754 的采矿、制造、电热燃水门类中没有小类 %(code)s。") % {"code": code}


def _try(faults: dict[str, Any], name: str, act: Any) -> None:
    try:
        act()
    except ValidationError as error:
        faults[name] = error.messages


def _or_refuse(checked: dict[str, Any], faults: dict[str, Any]) -> dict[str, Any]:
    if faults:
        raise ValidationError(faults)
    return checked
