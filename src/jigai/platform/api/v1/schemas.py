"""The shapes of what the interface gives; names are those of the tables, units stand beside the numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema


class Me(Schema):
    """Who the token acts for and what it may do."""

    organisation: str
    role: str
    capabilities: list[str]


class PlaceOut(Schema):
    """An administrative division (属地)."""

    code: str
    name: str
    level: str
    parent: str | None = Field(None, alias="parent_id")


class ManagingUnitOut(Schema):
    """A managing unit (管理主体)."""

    code: str
    name: str
    place: str | None = Field(None, alias="place_id")


class ParkOut(Schema):
    """A park (园区)."""

    id: int
    name: str
    manager: str = Field(alias="manager_id")
    place: str = Field(alias="place_id")
    chemical: bool


class Located(Schema):
    """Where something lies and who manages it."""

    manager_code: str
    place_code: str


class EnterpriseOut(Located):
    """A legal person (企业法人)."""

    id: int
    name: str
    credit_code: str
    industry_code: str
    status: str
    sample: bool


class SiteOut(Located):
    """A site (厂区) of an enterprise."""

    id: int
    enterprise: int = Field(alias="legal_person_id")
    enterprise_name: str
    name: str
    address: str
    industry_code: str
    active: bool


class LineOut(Located):
    """A production line (产线); capacity a year in ``capacity_unit``, energy in ``unit_energy_unit`` per product."""

    id: int
    site: int | None = Field(None, alias="site_id")
    name: str
    product: str
    process: str
    capacity: Decimal | None
    capacity_unit: str
    unit_energy: Decimal | None
    unit_energy_unit: str
    environmental_grade: str
    commissioned: int | None
    retired: int | None
    planned_exit: date | None
    planned_exit_note: str


class FactOut(Located):
    """One annual figure as known on the day asked for."""

    enterprise: int = Field(alias="legal_person_id")
    site: int | None = Field(None, alias="site_id")
    line: int | None = Field(None, alias="line_id")
    attribute: str
    year: int
    value: str
    number: Decimal | None
    status: str
    recorded_at: datetime


class ColumnOut(Schema):
    """A column of a register; ``choices`` are the keys that may stand in it."""

    name: str
    type: str
    unit: str
    zh: str
    en: str
    definition: str
    choices: list[str]
    required: bool


class RegisterOut(Schema):
    """A register (登记册) and its columns."""

    key: str
    title: dict[str, str]
    about: dict[str, str]
    subject: str
    columns: list[ColumnOut] = Field(alias="table.attributes")


class EntryOut(Schema):
    """What a register says of one entry on the day asked for; ``values`` by column name, days as ISO text."""

    id: int
    entry: int = Field(alias="entry_id")
    title: str = Field(alias="entry.title")
    values: dict[str, Any]
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime


class EntryFilters(Schema):
    """Which register, and what narrows its entries."""

    register_key: str = Field(..., max_length=60, description=_("登记册的键，见 /registers"))
    known_on: date | None = Field(None, description=_("截至该日已记录的内容；不填为现在"))
    valid_in: int | None = Field(None, ge=1990, le=2100, description=_("该年有效"))


class Filters(Schema):
    """What narrows a list of things that lie somewhere."""

    manager_code: str = Field("", max_length=12, description=_("管理主体代码"))
    place_code: str = Field("", max_length=12, description=_("属地代码"))


class EnterpriseFilters(Filters):
    """What narrows the list of enterprises."""

    industry_code: str = Field("", max_length=4, description=_("行业代码的开头几位"))
    above_scale_year: int | None = Field(None, ge=2000, le=2100, description=_("该年在规上名单中"))
    credit_code: str = Field("", max_length=18, description=_("统一社会信用代码"))


class FactFilters(Schema):
    """What narrows the annual figures."""

    year: int | None = Field(None, ge=1990, le=2100, description=_("年度"))
    attribute: str = Field("", max_length=60, description=_("指标名"))
    enterprise: int | None = Field(None, ge=1, le=2**62, description=_("企业 id"))
    known_on: date | None = Field(None, description=_("只计该日以前已记录的数据；不填为现在"))


def held(day: date | None) -> date | None:
    """Return a day within the years anything was recorded in; beyond them the answer is the same."""
    return day and min(max(day, date(1990, 1, 1)), date(2100, 12, 31))
