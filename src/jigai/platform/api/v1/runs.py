"""Operations on screenings: list, one, start, totals, and the files of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.core.exceptions import ValidationError as Refused
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from jigai.platform.api.v1.auth import Token
from jigai.platform.api.v1.pages import LARGEST, Page, Paging, page
from jigai.platform.api.v1.problems import ERRORS
from jigai.platform.api.v1.schemas import Located
from jigai.platform.enterprises.models import Site
from jigai.platform.screening import files, services
from jigai.platform.screening.models import Run

router = Router(tags=["runs"])
VIEW = Token(services.VIEW)
Id = Path(..., ge=1, le=LARGEST)
PARQUET = "application/vnd.apache.parquet"


class CountOut(Schema):
    """Lines and machines."""

    lines: int
    machines: int


class RunOut(Located):
    """A screening (筛查): its day, state, hashes by which it can be repeated, and totals by verdict."""

    id: int
    title: str
    as_of: date
    rehearsal: bool
    sites: list[int]
    state: str
    engine_version: str
    reference_hash: str
    input_hash: str
    output_hash: str
    totals: dict[str, CountOut]
    job: int | None = Field(None, alias="job_id")
    started_at: datetime
    started_by: str


class RunIn(Schema):
    """What is screened: sites by number, or all in scope of a managing unit, or all in scope."""

    as_of: date = Field(..., description=_("判定日；今天以后的只能试算"))
    sites: list[int] = Field(
        default_factory=list, max_length=10_000, description=_("厂区 id，重复的只算一次；不填为全部可见厂区")
    )
    manager_code: str = Field("", max_length=12, description=_("管理主体代码"))
    rehearsal: bool = Field(False, description=_("只试算，不改现行结论"))
    title: str = Field("", max_length=200, description=_("名称"))


class RunFilters(Schema):
    """What narrows the list of runs."""

    rehearsal: bool | None = Field(None, description=_("是否试算"))
    state: Literal["", "waiting", "judged", "done"] = Field("", description=_("状态：waiting、judged、done"))


@router.get("/runs", response={200: Page[RunOut], **ERRORS}, auth=VIEW)
def runs(request: HttpRequest, filters: Query[RunFilters], paging: Query[Paging]) -> Any:
    """List the screenings in scope."""
    rows = Run.objects.all()
    if filters.rehearsal is not None:
        rows = rows.filter(rehearsal=filters.rehearsal)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return page(rows, paging)


@router.get("/runs/{int:id}", response={200: RunOut, **ERRORS}, auth=VIEW)
def run(request: HttpRequest, id: int = Id) -> Any:
    """Show one screening with its totals."""
    return services.get_run(request.actor, id)  # type: ignore[attr-defined]


@router.post("/runs", response={200: RunOut, **ERRORS}, auth=Token(services.RUN))
def start(request: HttpRequest, wanted: RunIn) -> Any:
    """Start a screening; a job does it. A site out of scope is not found."""
    actor = request.actor  # type: ignore[attr-defined]
    if not date(1990, 1, 1) <= wanted.as_of <= date(2100, 12, 31):
        raise Refused({"as_of": gettext("判定日应在 1990 年至 2100 年之间。")})
    if wanted.as_of > timezone.localdate() and not wanted.rehearsal:
        raise Refused({"as_of": gettext("判定日在今天之后的只能试算。")})
    seen = Site.objects.filter(active=True)
    if wanted.manager_code:
        seen = seen.filter(manager_code=wanted.manager_code)
    if wanted.sites:
        seen = seen.filter(pk__in=[one for one in wanted.sites if 0 < one <= LARGEST])
    found = list(seen.order_by("pk").values_list("pk", flat=True))
    if not found or (wanted.sites and set(found) != set(wanted.sites)):
        raise Http404
    return services.start(actor, found, wanted.as_of, rehearsal=wanted.rehearsal, title=wanted.title)


@router.get(
    "/runs/{int:id}/files/{name}",
    response=ERRORS,
    auth=VIEW,
    openapi_extra={
        "responses": {
            200: {
                "description": "parquet",
                "content": {PARQUET: {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def run_file(request: HttpRequest, name: Literal["devices", "findings"], id: int = Id) -> Any:
    """Give one file of a screening as parquet: the lines of the sites in scope, money only with ``finance.view``."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        data = files.seen(actor, services.get_run(actor, id), name)
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Content-Disposition": f'attachment; filename="run-{id}-{name}.parquet"'}
    return HttpResponse(data, content_type=PARQUET, headers=headers)
