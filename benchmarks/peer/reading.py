"""Reading one device: its kind from name and model, and what the model tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from benchmarks.peer.conditions import Device, exact
from benchmarks.peer.grammar import Reading, as_number, patterns, read_body, typed
from benchmarks.peer.keys import canonical, model_keys, series_keys, without_ratings
from benchmarks.peer.tidying import Namer, Tidier, body, python_pattern
from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate.language import language
from jigai.reference import Reference

_EVERY, _ALONE, _BORNE_OUT = ("strong", "fit", "weak", "hint"), ("strong", "weak"), ("strong", "fit")
_MODEL_IN_NAME = re.compile(r"[A-Z]\d?-?\d{2}|[A-Z]\d{1,3}(?:\.\d{1,2})?-\d\.\d|\d{1,2}-\d{2}|\d(?:M|KA|KVA|MVA|T)|Φ\d")
_HAN, _RATED = re.compile("[\u3400-\u9fff]"), re.compile(r"\d\s*[A-Z极门蒸万米转×]")
_DTYPES = attribute_dtypes()


@dataclass(frozen=True)
class Rating:
    """A pattern for a rating written out with its unit."""

    kinds: frozenset[str] | None
    pattern: re.Pattern[str]
    attribute: str
    factor: Decimal | None


class Reader:
    """The tables of writing, compiled once; :meth:`read` fills one device in place."""

    def __init__(self, reference: Reference) -> None:
        """Read the tables of names, patterns, series and what they make likely."""
        words = language(reference)
        self.tidier = Tidier(words)
        self.namer = Namer(words, self.tidier)
        self.patterns = patterns(words)
        self.groups: dict[str, str] = dict(words.kinds.select("kind", "group").iter_rows())
        self.series = {
            (row["kind"], row["series"]): {k: exact(v) for k, v in row.items() if k not in ("kind", "series")}
            for row in words.writing["series"].iter_rows(named=True)
        }
        self.ratings = [
            Rating(
                frozenset(row["kinds"]) if row["kinds"] else None,
                python_pattern(row["pattern"]),
                row["attribute"],
                None if row["factor"] is None else exact(row["factor"]),
            )
            for row in words.writing["ratings"].sort("order").iter_rows(named=True)
        ]
        rows = list(words.writing["name_words"].iter_rows(named=True))
        self.words: dict[str | None, list[dict[str, Any]]] = {}
        for row in sorted(rows, key=lambda row: -len(row["word"])):
            self.words.setdefault(row["kind"], []).append(row)
        self.word_order = {id(row): place for place, row in enumerate(sorted(rows, key=lambda row: -len(row["word"])))}
        self._read_likely(reference)

    def _read_likely(self, reference: Reference) -> None:
        codes = list(reference.table("nameplate-series", "fuel_codes").iter_rows(named=True))
        self.fuels = {row["code"]: row for row in codes if not row["inferred"]}
        self.likely_fuels = {row["code"]: row["fuel"] for row in codes if row["inferred"]}
        self.firing = {
            (row["firing"], row["fuel"]): row["combustion"]
            for row in reference.table("nameplate-series", "firing").iter_rows(named=True)
        }
        self.powers, self.classes, self.losses = {}, {}, {}
        if reference.has("nameplate-motor-frames"):
            for row in reference.table("nameplate-motor-frames").iter_rows(named=True):
                for series in row["series_group"]:
                    self.powers[series, row["frame"], row["poles"]] = exact(row["power_kw"])
        if reference.has("nameplate-motor-series"):
            table = reference.table("nameplate-motor-series")
            self.classes = {row["series"]: row["ie_class"] for row in table.iter_rows(named=True)}
        if reference.has("transformer-losses"):
            for row in reference.table("transformer-losses").iter_rows(named=True):
                key = (row["series"], exact(row["capacity_kva"]), exact(row["voltage_kv"]))
                self.losses[key] = (exact(row["no_load_loss_w"]), exact(row["load_loss_w"]))

    def model_keys_of(self, kind: str, text: str) -> list[str]:
        """Return the key of a model as a catalogue prints it."""
        key = canonical(without_ratings(self.tidier.tidied(text)))
        return [key] if key else []

    series_keys_of = model_keys_of

    def read(self, device: Device) -> None:
        """Settle the kind and fill what the nameplate tells; the ledger's own values stay."""
        model_norm, name_norm = self.tidier.tidied(device.get("model")), self.tidier.tidied(device.get("name"))
        if model_norm is None and name_norm is not None and _MODEL_IN_NAME.search(name_norm):
            model_norm = name_norm
        kind, reading = self._kind(device, model_norm)
        values = self._values(kind, reading, model_norm, name_norm)
        device["model_norm"] = model_norm
        device["model_key"], device["model_keys"] = model_keys(model_norm, kind, values)
        device["series_keys"] = series_keys(model_norm, kind, values)
        device["kind"], filled = kind, []
        for name, value in values.items():
            if name in _DTYPES and device.get(name) is None and value is not None:
                device[name] = value
                filled.append(name)
        device["nameplate_fields"] = f";{';'.join(sorted(filled))};" if filled else ";"
        device["inferred_fields"] = ";"
        self._infer(device, values)

    def _kind(self, device: Device, norm: str | None) -> tuple[str | None, dict[str, Reading]]:
        by_name = self.namer.named(device.get("name"))
        named, anchored, firm = by_name.kind, by_name.anchored, by_name.firm
        if named is None and norm is not None and _HAN.search(norm):
            named = self.namer.named(norm).kind
            if named is not None:
                anchored, firm = True, False
        read: dict[str, Reading] = {}
        text = body(norm)
        if text is not None:
            own = read_body(text, self.patterns.get(named or "", []), _EVERY)
            if own is not None:
                read[own.kind] = own
            if own is None or own.strength not in _BORNE_OUT:
                for kind, of_kind in self.patterns.items():
                    other = None if kind == named else read_body(text, of_kind, _ALONE)
                    if other is not None:
                        read[kind] = other
        texted = self.namer.named(device.get("kind_text")).kind
        return self._decide(device.get("kind"), named, anchored, firm, texted, by_name.aside, read), read

    def _decide(
        self,
        given: str | None,
        named: str | None,
        anchored: bool,
        firm: bool,
        texted: str | None,
        aside: str | None,
        read: dict[str, Reading],
    ) -> str | None:
        """Hear the witnesses in order; two firm ones that contradict each other leave the kind open."""
        strong = sorted(kind for kind, one in read.items() if one.strength == "strong" and kind != named)
        weak = sorted(kind for kind, one in read.items() if one.strength == "weak" and kind != named)
        own = read[named].strength if named in read else None
        sure = strong[0] if len(strong) == 1 else None
        likely = sure or (weak[0] if not strong and len(weak) == 1 else None)
        firm = anchored and firm
        same = named is not None and likely is not None and self.groups.get(named) == self.groups.get(likely)
        if given is not None:
            return given
        if named is not None and own in _BORNE_OUT:
            return named
        if named is not None and same:
            return named if firm else likely
        if anchored and sure is not None and sure in (texted, aside):
            return sure
        if firm and sure is not None:
            return named if named is not None and named == texted else None
        if firm and named is not None:
            return named
        if named is not None and sure is not None:
            return sure
        if named is not None and (anchored or own is not None or named == texted):
            return named
        if sure is not None:
            return sure
        if texted is not None and (texted in strong or texted in weak or likely is None):
            return texted
        return likely

    def _values(
        self, kind: str | None, read: dict[str, Reading], model_norm: str | None, name_norm: str | None
    ) -> dict[str, Any]:
        values = dict(read[kind].values) if kind in read else {}
        letters, generation = values.get("letters"), values.get("generation")
        if values.get("series") is None and letters is not None:
            values["series"] = letters + (generation or "")
        token, spoken = values.get("series"), None
        for text in (token, letters):
            facts = self.series.get((kind, text), {}) if kind and text else {}
            spoken = spoken or (facts.get("canonical") if text is token else None)
            for name, value in facts.items():
                if values.get(name) is None:
                    values[name] = value
        if spoken:
            values["series"] = spoken
        code = self.fuels.get(values.get("fuel_code"))
        if code:
            for name in ("fuel", "fuel_class"):
                if values.get(name) is None:
                    values[name] = code[name]
        rated = " ".join(text for text in (model_norm, name_norm) if text)
        if _RATED.search(rated):
            for rating in self.ratings:
                if values.get(rating.attribute) is None and (rating.kinds is None or kind in rating.kinds):
                    values[rating.attribute] = _rating(rating, rated)
        texts = [text for text in (name_norm, model_norm) if text and _HAN.search(text)]
        if texts:
            rows = [*self.words.get(None, ()), *(self.words.get(kind, ()) if kind else ())]
            for row in sorted(rows, key=lambda row: self.word_order[id(row)]):
                if values.get(row["attribute"]) is None and any(row["word"] in text for text in texts):
                    values[row["attribute"]] = _word(row["attribute"], row["value"])
        return values

    def _infer(self, device: Device, values: dict[str, Any]) -> None:
        kind = device["kind"]
        if kind == "motor":
            key = (device.get("series"), device.get("frame"), device.get("poles"))
            self._likely(device, "power_kw", self.powers.get(key))
            self._likely(device, "class", self.classes.get(device.get("series")))
        elif kind == "transformer":
            size = (device.get("series"), device.get("capacity_kva"), device.get("voltage_kv"))
            losses = self.losses.get(size, (None, None))
            self._likely(device, "no_load_loss_w", losses[0])
            self._likely(device, "load_loss_w", losses[1])
        elif kind == "boiler":
            self._likely(device, "fuel", self.likely_fuels.get(values.get("fuel_code")))
            fuel, fired = device.get("fuel"), values.get("firing")
            combustion = (self.firing.get((fired, fuel)) if fired else None) or self.firing.get((None, fuel))
            if device.get("combustion") is None and combustion is not None:
                device["combustion"] = combustion
                fields = "inferred_fields" if ";fuel;" in device["inferred_fields"] else "nameplate_fields"
                device[fields] += "combustion;"

    @staticmethod
    def _likely(device: Device, name: str, value: Any) -> None:
        if device.get(name) is None and value is not None:
            device[name] = value
            device["inferred_fields"] += f"{name};"


def _rating(rating: Rating, text: str) -> Any:
    found = rating.pattern.search(text)
    if found is None or found[1] is None:
        return None
    if rating.factor is None:
        return _word(rating.attribute, found[1])
    number = as_number(found[1])
    return None if number is None else _number(rating.attribute, number * rating.factor)


def _number(attribute: str, number: Decimal) -> Any:
    if _DTYPES[attribute] == pl.String():
        return str(float(number)).removesuffix(".0")
    return typed(attribute, number)


def _word(attribute: str, text: str) -> Any:
    dtype = _DTYPES[attribute]
    if dtype == pl.Boolean():
        return text == "true"
    if dtype == pl.String():
        return text.removesuffix(".0")
    number = as_number(text)
    return None if number is None else typed(attribute, number)
