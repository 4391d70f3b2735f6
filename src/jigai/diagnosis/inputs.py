"""What is diagnosed: frames of enterprises with their devices, findings, lines, annual facts and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.screening.lines import fields as line_fields
from jigai.screening.schema import FINDING

TEXT: Final = pl.String()
ENTERPRISE: Final[dict[str, pl.DataType]] = {
    "enterprise_id": TEXT,
    "name": TEXT,
    "industry_code": TEXT,
    "size": TEXT,
    "region": TEXT,
    "products": pl.List(pl.String()),
}
FACT: Final[dict[str, pl.DataType]] = {
    "enterprise_id": TEXT,
    "site": TEXT,
    "year": pl.Int32(),
    "attribute": TEXT,
    "number": pl.Float64(),
    "text": TEXT,
}
ANSWER: Final[dict[str, pl.DataType]] = {"enterprise_id": TEXT, "key": TEXT, "value": TEXT}


def device_columns() -> dict[str, pl.DataType]:
    """Return the columns devices may have: the ledger's attributes, the key of the enterprise and the verdict."""
    return {"enterprise_id": TEXT, **attribute_dtypes(), "verdict": TEXT}


def line_columns() -> dict[str, pl.DataType]:
    """Return the columns production lines may have; ``line_energy`` is the line's energy of the year [tce]."""
    return {
        "enterprise_id": TEXT,
        "line": TEXT,
        **line_fields(),
        "line_energy": pl.Float64(),
        "environmental_grade": TEXT,
    }


class InputError(ValueError):
    """Frames that cannot be diagnosed; the text names every frame, column and what to do."""


def _none(columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))


@dataclass(frozen=True)
class Inputs:
    """Everything a diagnosis looks at, by ``enterprise_id`` (any text); one enterprise or all of a city.

    ``enterprises``: key, name, industry class (行业小类), ``size`` (大型, 中型, 小型 or 微型), region, products.
    ``devices``: the devices of a screening, with the key beside; ``findings``: its findings. ``lines``: production
    lines, judged here. ``facts``: annual facts in long form, ``site`` null for those of the legal person, numbers in
    the units of ``data/facts.csv``, a flag 1 or 0, a choice in ``text``. ``answers``: of the questionnaire, as typed.
    A column that is absent is unknown; a frame not given is empty.
    """

    enterprises: pl.DataFrame
    devices: pl.DataFrame = field(default_factory=lambda: _none(device_columns()))
    findings: pl.DataFrame = field(default_factory=lambda: _none({"device_id": TEXT, **FINDING}))
    lines: pl.DataFrame = field(default_factory=lambda: _none(line_columns()))
    facts: pl.DataFrame = field(default_factory=lambda: _none(FACT))
    answers: pl.DataFrame = field(default_factory=lambda: _none(ANSWER))

    def checked(self) -> Inputs:
        """Return the same with every column a rule may look at present and typed.

        Raises:
            InputError: naming all that is wrong: a key column that is absent, a key that stands twice, rows of an
                enterprise that is not in ``enterprises``, findings of a device that is not in ``devices``.
        """
        wanted = {
            "enterprises": (ENTERPRISE, ("enterprise_id",)),
            "devices": (device_columns(), ("enterprise_id", "device_id")),
            "findings": ({"device_id": TEXT, **FINDING}, ("device_id", "check", "outcome")),
            "lines": (line_columns(), ("enterprise_id", "line")),
            "facts": (FACT, ("enterprise_id", "year", "attribute")),
            "answers": (ANSWER, ("enterprise_id", "key", "value")),
        }
        wrong = [
            f"{name}: column {column} is not there; add it"
            for name, (_columns, needed) in wanted.items()
            for column in needed
            if column not in getattr(self, name).columns
        ]
        if wrong:
            raise InputError("\n".join(wrong))
        same = replace(self, **{name: _typed(getattr(self, name), columns) for name, (columns, _) in wanted.items()})
        wrong = same._faults()
        if wrong:
            raise InputError("\n".join(wrong))
        return same

    def only(self, *enterprises: str) -> Inputs:
        """Return what is known of some enterprises; peers are then a matter of the caller (`peer_figures`)."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, frame in kept.items():
            if name != "findings":
                kept[name] = frame.filter(pl.col("enterprise_id").is_in(enterprises))
        kept["findings"] = self.findings.join(kept["devices"].select("device_id"), on="device_id", how="semi")
        return Inputs(**kept)

    def _faults(self) -> list[str]:
        wrong = []
        for name, key in (("enterprises", "enterprise_id"), ("devices", "device_id"), ("lines", "line")):
            frame: pl.DataFrame = getattr(self, name)
            twice = frame.filter(pl.col(key).is_duplicated())[key].unique().sort().to_list()
            wrong += [f"{name}: {key} {one} stands twice; each may stand once" for one in twice[:5]]
            empty = frame[key].null_count()
            wrong += [f"{name}: {empty} rows without {key}; fill them or leave them out"] if empty else []
        for name in ("devices", "lines", "facts"):
            lost = getattr(self, name).join(self.enterprises, on="enterprise_id", how="anti")
            unknown = lost["enterprise_id"].cast(TEXT).fill_null("(blank)").unique().sort().to_list()
            wrong += [f"{name}: there is no enterprise {one}; add it to enterprises" for one in unknown[:5]]
        figure = ["enterprise_id", "site", "year", "attribute"]
        doubled = self.facts.filter(self.facts.select(figure).is_duplicated()).select(figure).unique().sort(figure)
        wrong += [
            f"facts: {'/'.join(str(one) for one in row if one is not None)} stands twice; give the figure in force"
            for row in doubled.head(5).iter_rows()
        ]
        strays = self.findings.join(self.devices, on="device_id", how="anti").height
        wrong += [f"findings: {strays} rows of devices that are not in devices; give both of one screening"] * (
            strays > 0
        )
        return wrong


def _typed(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give the frame the columns a rule may look at; not a number and blank text are unknown."""
    made = []
    for name, dtype in columns.items():
        if name not in frame.columns:
            made.append(pl.lit(None, dtype).alias(name))
            continue
        given = pl.col(name).cast(dtype)
        if dtype == pl.Float64():
            given = given.fill_nan(None)
        made.append(given.replace("", None) if dtype == TEXT else given)
    return frame.select(made)
