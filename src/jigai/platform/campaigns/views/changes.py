"""What changes a survey: created, edited, started, extended, its list amended, reminded, closed, copied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.campaigns import lists, record, reminding, services
from jigai.platform.campaigns.data import OPEN
from jigai.platform.campaigns.forms import CampaignForm, DeadlineForm, NamedForm, NameForm, RunningForm, initial_of
from jigai.platform.campaigns.models import Campaign
from jigai.platform.enterprises import above_scale
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web import undo
from jigai.platform.web.forms import Form, ReasonForm
from jigai.platform.web.pages import Done, form_page


@needs("campaign.run")
def new(request: SiteRequest) -> HttpResponse:
    """Create a survey as a draft."""

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.create(request.actor, values)
        return Done(_page(made), _("已建好草稿。核对应报名单后点“开始摸排”。"))

    today = timezone.localdate()
    year = next(iter(above_scale.years()), today.year)
    initial = {"year": year, "counts_from": today, "name": _("%(year)s 年设备摸排") % {"year": today.year}}
    return form_page(
        request,
        CampaignForm,
        act,
        title=_("新建摸排"),
        back=reverse("campaigns:list"),
        crumb=_("摸排"),
        initial=initial,
    )


@needs("campaign.run")
def edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Edit a draft, or what is told of a running one."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        services.edit(request.actor, campaign, values, version)
        return Done(_page(campaign), _("已保存。"))

    form = CampaignForm if campaign.status == Campaign.Status.DRAFT else RunningForm
    sub = "" if form is CampaignForm else _("名单已经冻结，这里只改名称和告知企业的内容；改期限、改名单各有入口。")
    return form_page(
        request, form, act, title=_("修改摸排"), back=_page(campaign), crumb=campaign.name, sub=sub,
        initial=initial_of(campaign), version=campaign.version,
    )  # fmt: skip


@needs("campaign.run")
def start(request: SiteRequest, pk: int) -> HttpResponse:
    """Start a survey: the list is frozen."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        services.start(request.actor, campaign, version)
        return Done(_page(campaign), _("摸排已开始，应报名单已冻结。可以向未登录的企业发提醒。"))

    sub = _("开始后应报名单冻结；以后的增减都要写明原因，并且人人可见。")
    return form_page(
        request, Form, act, title=_("开始摸排"), back=_page(campaign), crumb=campaign.name, sub=sub,
        button=_("开始摸排"), version=campaign.version,
    )  # fmt: skip


@needs("campaign.run")
def name(request: SiteRequest, pk: int) -> HttpResponse:
    """Put an enterprise on the list that the above-scale list does not name, or that came later."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        form = NamedForm(data=request.POST)
        form.is_valid()
        made = lists.name_sites(request.actor, campaign, form.sites(), values["reason"])
        return Done(_back(campaign), _("已列入 %(n)d 个厂区。") % {"n": len(made)})

    return form_page(
        request, NamedForm, act, title=_("列入应报名单"), back=_back(campaign), crumb=campaign.name, button=_("列入")
    )


@needs("campaign.run")
def remove(request: SiteRequest, pk: int) -> HttpResponse:
    """Take an entry off the list with a reason."""
    entry = services.get_entry(request.actor, pk)
    url = _back(entry.campaign)

    def act(values: dict[str, Any], version: int) -> Done:
        event = lists.take_off(request.actor, entry, version, values["reason"])
        return Done(url, _("已将“%(name)s”移出应报名单。") % {"name": entry}, undo.offer(event, lists.RUN, url))

    return form_page(
        request, ReasonForm, act, title=_("将“%(name)s”移出应报名单") % {"name": entry}, back=url,
        crumb=entry.campaign.name, button=_("移出"), version=entry.version,
    )  # fmt: skip


@needs("campaign.run")
def deadline(request: SiteRequest, pk: int) -> HttpResponse:
    """Set another deadline for all, with the reason."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        services.change_deadline(request.actor, campaign, version, values["deadline"], values["reason"])
        return Done(_page(campaign), _("期限已改为 %(day)s。") % {"day": values["deadline"]})

    return form_page(
        request, DeadlineForm, act, title=_("调整报送期限"), back=_page(campaign), crumb=campaign.name,
        sub=_("现在的期限 %(day)s；单独延期的厂区不受影响。") % {"day": campaign.deadline},
        initial={"deadline": campaign.deadline}, version=campaign.version,
    )  # fmt: skip


@needs("campaign.run")
def close(request: SiteRequest, pk: int) -> HttpResponse:
    """Close a survey and keep it for the record."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        record.close(request.actor, campaign, version)
        return Done(_page(campaign), _("摸排已结束，数字、名单和校验值已存档。"))

    sub = _("结束后不能再报送、核对或改名单；存档的数字以后不再变化，可随时打开和导出。不能重新开始。")
    return form_page(
        request, Form, act, title=_("结束摸排并存档"), back=_page(campaign), crumb=campaign.name, sub=sub,
        button=_("结束并存档"), version=campaign.version,
    )  # fmt: skip


@needs("campaign.run")
def copy(request: SiteRequest, pk: int) -> HttpResponse:
    """Make the draft of the next year from a survey."""
    campaign = services.get_campaign(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        made = services.copy(request.actor, campaign, values["name"])
        return Done(_page(made), _("已建好草稿，日期顺延一年；请核对范围和期限。"))

    initial = {"name": campaign.name.replace(str(campaign.deadline.year), str(campaign.deadline.year + 1))}
    return form_page(
        request, NameForm, act, title=_("沿用为下一年摸排"), back=_page(campaign), crumb=campaign.name, initial=initial,
        sub=_("沿用范围、填报要求和联系人；应报名单按下一年的规上名单重新冻结。"), button=_("建草稿"),
    )  # fmt: skip


@require_POST
@needs("notice.send")
def remind(request: SiteRequest, pk: int) -> HttpResponse:
    """Remind all in one state, or all who have not reported; says what came of it."""
    request.actor.require(services.VIEW)
    campaign = services.get_campaign(request.actor, pk)
    wanted = request.POST.getlist("state") or OPEN
    if campaign.status != Campaign.Status.RUNNING:
        messages.error(request, _("摸排没有在进行，不能提醒。"))
        return redirect("campaigns:page", pk)
    sent = reminding.remind(request.actor, campaign, wanted)
    text = _(
        "提醒了 %(entries)d 个厂区、%(people)d 人；%(recent)d 个刚提醒过，不重复；%(unreachable)d 个无账号，请打电话。"
    )
    (messages.success if sent.people else messages.warning)(request, text % vars(sent))
    return redirect("campaigns:page", pk)


def _page(campaign: Campaign) -> str:
    return reverse("campaigns:page", args=[campaign.pk])


def _back(campaign: Campaign) -> str:
    """Return where changes of the list are seen: the draft itself, then the page of changes."""
    if campaign.status == Campaign.Status.DRAFT:
        return _page(campaign)
    return reverse("campaigns:changes", args=[campaign.pk])
