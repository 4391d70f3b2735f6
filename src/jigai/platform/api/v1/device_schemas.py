"""The shapes of devices, what was said of them and what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from jigai.platform.api.v1.schemas import Filters, Located


class DeviceOut(Located):
    """A device (设备) with what is in force of it; power in kW, capacity in kVA, each for one machine."""

    id: int
    identifier: str
    enterprise: int = Field(alias="legal_person_id")
    site: int | None = Field(None, alias="site_id")
    code: str
    serial_no: str
    name: str
    model: str
    maker: str
    workshop: str
    location: str
    kind: str
    industry_code: str
    quantity: int | None
    use_state: str
    made_year: int | None
    in_service_year: int | None
    power_kw: float | None
    capacity_kva: float | None
    run: int | None = Field(None, alias="run_id")
    verdict: str
    missing: list[str]
    elimination: str
    guidance: str
    efficiency: str
    service_life: str
    two_high: str
    silent_since: datetime | None
    gone_at: datetime | None

    @staticmethod
    def resolve_missing(one: Any) -> list[str]:
        """Return the names of what is missing."""
        return [name for name in one.missing.split(";") if name]


class FindingOut(Located):
    """A finding of the run in force that needs someone (判定), in the words of ``findings.parquet``."""

    id: int
    device: int = Field(alias="device_id")
    site: int | None = Field(None, alias="site_id")
    run: int = Field(alias="run_id")
    check: str = Field(alias="check_name")
    outcome: str
    mandatory: bool
    basis: str
    rule_id: str
    document: str
    clause: str
    certainty: str
    metric: str
    value: float | None
    limit: float | None
    unit: str
    missing: str
    deadline: str
    reason_zh: str
    reason_en: str


class StateOut(Schema):
    """What was said of a device at one moment: values by attribute, the cell of each, and where they came from."""

    values: dict[str, Any]
    cells: dict[str, str]
    how: str
    source_file: str
    sheet: str
    row: int | None
    reason: str
    recorded_at: datetime
    superseded_at: datetime | None


class WholeDeviceOut(Schema):
    """A device with all its states, the newest first, and its findings in force."""

    device: DeviceOut
    states: list[StateOut]
    findings: list[FindingOut]


class DeviceFilters(Filters):
    """What narrows the list of devices."""

    enterprise: int | None = Field(None, ge=1, le=2**62, description=_("企业 id"))
    site: int | None = Field(None, ge=1, le=2**62, description=_("厂区 id"))
    kind: str = Field("", max_length=60, description=_("设备种类的键"))
    verdict: str = Field("", max_length=20, description=_("结论的键，如 must_replace"))
    use_state: str = Field("", max_length=20, description=_("使用状态，如 在用"))
    industry_code: str = Field("", max_length=4, description=_("行业代码的开头几位"))
    code: str = Field("", max_length=80, description=_("企业自己的设备编号"))
    gone: bool = Field(False, description=_("只列已登记不在的设备"))


class FindingFilters(Filters):
    """What narrows the list of findings."""

    device: int | None = Field(None, ge=1, le=2**62, description=_("设备 id"))
    site: int | None = Field(None, ge=1, le=2**62, description=_("厂区 id"))
    check: str = Field("", max_length=20, description=_("检查的键，如 elimination"))
    outcome: str = Field("", max_length=20, description=_("结果的键，如 eliminate"))
    mandatory: bool | None = Field(None, description=_("是否强制"))
    document: str = Field("", max_length=200, description=_("依据文件的名称"))
