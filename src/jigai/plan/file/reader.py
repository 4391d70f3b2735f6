"""Reading a plan file by its schema: every field known, every value of its type, every fault told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import yaml

from jigai.plan.file import model
from jigai.plan.file.checks import CHECKS, Given
from jigai.plan.file.notebook import Misfit, Notebook, meaning, shown, unlike
from jigai.plan.file.scalars import SCALARS, is_null, plain, wrong
from jigai.plan.file.schema import TOP, Field, schema
from jigai.plan.file.text import Quote, StoredText
from jigai.plan.file.tree import line_of

MOST_TEXT: Final = 300_000
"""How long a stored text may be [bytes]; a plan of thirty pages has 60,000."""
_CLASSES: Final[Mapping[str, Callable[..., Any]]] = {
    name: getattr(model, {"period": "Span"}.get(name, name.capitalize())) for name in schema() if name != "text"
}
_LISTS: Final = frozenset({"records", "refs", "quotes", "wordings"})
EVERY_UNIT: Final = "units"
"""Written for a lead or support: every managing unit for itself."""


class Reader:
    """One way through one plan file.

    ``text`` returns the bytes of a file beside it, None where there is none; ``indicators`` are the ids known, with
    their units where it is a mapping, None where any will do; ``digest`` is the hash of the plan file.
    """

    def __init__(
        self, file: str, text: Callable[[str], bytes | None], indicators: Collection[str] | None, digest: str
    ) -> None:
        self.notes = Notebook(file, indicators if isinstance(indicators, Mapping) else {})
        self._text_of = text
        self._indicators = indicators
        self._digest = digest
        self._text: StoredText | None = None
        self._parameters: dict[str, yaml.Node] = {}
        self._taken: list[str] = []
        self._lead: model.Bodies = None

    def read(self, top: yaml.Node) -> model.Plan | None:
        """Return the plan; with any fault, which the notebook then has, it is not to be used."""
        self._find_parameters(top)
        plan = self._record(TOP, top, "")
        self.notes.look_up()
        return plan if isinstance(plan, model.Plan) else None

    def _find_parameters(self, top: yaml.Node) -> None:
        """Remember where the value of each parameter stands: fields before them may take it."""
        for item in _items(_child(top, "parameters")):
            key, value = _child(item, "key"), _child(item, "value")
            if isinstance(key, yaml.ScalarNode) and value is not None:
                self._parameters.setdefault(key.value, value)

    def _record(self, name: str, node: yaml.Node, path: str) -> Any:
        given = self._given(name, node, path)
        if given is None:
            return None
        if name == "objective":
            self._taken = []
        values: dict[str, Any] = {}
        for field in schema()[name].values():
            values[field.name] = self._field(field, given)
            if field.type == "lead" and name == "task":
                self._lead = values[field.name]
        if name == "objective":
            values["parameters"] = tuple(dict.fromkeys((*(values["parameters"] or ()), *self._taken)))
        self._stand_beside(given, values)
        if check := CHECKS.get(name):
            check(self.notes, given, values)
        if name == "text":
            return self._text
        if name == TOP:
            self._compare_times(values)
            text = self._text.sha256 if self._text else ""
            values["content_hash"] = sha256(f"{self._digest}\n{text}".encode()).hexdigest()
        return _CLASSES[name](**values)

    def _given(self, name: str, node: yaml.Node, path: str) -> Given | None:
        """Return the nodes of a record by field; unknown and repeated fields are faults."""
        if not isinstance(node, yaml.MappingNode):
            self.notes.misfit(node, path, wrong(node, "record"))
            return None
        fields: dict[str, yaml.Node] = {}
        lines: dict[str, str] = {}
        for key, value in node.value:
            said = shown(key)
            place = f"{path}.{said}" if path else said
            if said not in schema()[name]:
                self.notes.misfit(key, place, unlike("field_unknown", said, schema()[name], "name"))
            elif said in fields:
                self.notes.fault(key, place, "field_twice", name=said, other=lines[said])
            else:
                fields[said], lines[said] = value, str(line_of(key))
        return Given(name, node, path, fields)

    def _field(self, field: Field, given: Given) -> Any:
        node, path = given.fields.get(field.name), given.at(field.name)
        if node is None:
            if field.required:
                self.notes.fault(given.node, path, "field_missing", name=field.name, **meaning(field))
            return self._absent(field)
        if is_null(node) and field.type != "value":
            if field.required:
                self.notes.blank(node, path, field)
            return self._absent(field)
        try:
            return self._value(field, node, path)
        except Misfit as found:
            self.notes.misfit(node, path, found)
            return self._absent(field)

    def _absent(self, field: Field) -> Any:
        """Return what a field that is not there stands for."""
        if field.type in _LISTS or (field.type == "lead" and field.required):
            return ()
        return {"flag": False, "lead": self._lead}.get(field.type)

    def _stand_beside(self, given: Given, values: Mapping[str, Any]) -> None:
        """Write down what must stand beside a field and does not, and which of two fields has to go or to come."""
        there = {name: node for name, node in given.fields.items() if not is_null(node)}
        for name, node in there.items():
            field = schema()[given.record][name]
            if values[name] is False or (field.type == "value" and not isinstance(values[name], Decimal)):
                continue
            for other in field.needs:
                if other in there:
                    continue
                wanted, blank = schema()[given.record][other], given.fields.get(other)
                if blank is not None:
                    self.notes.blank(blank, given.at(other), wanted)
                else:
                    values_of = {"name": name, "wanted": other, **meaning(wanted)}
                    self.notes.fault(node, given.at(name), "with_missing", **values_of)
        for field in schema()[given.record].values():
            name, other = field.name, field.instead
            if not other or schema()[given.record][other].after(field):
                continue  # each pair once, at the second of the two
            if name in there and other in there:
                self.notes.fault(there[name], given.at(name), "not_together", name=other, other=name)
            elif name not in there and other not in there:
                at = given.fields.get(other, given.node)
                self.notes.fault(at, given.at(other), "either_missing", name=other, other=name)

    def _value(self, field: Field, node: yaml.Node, path: str) -> Any:
        if field.open and isinstance(node, yaml.MappingNode):
            return self._from_parameter(field, node, path)
        if structured := getattr(self, f"_read_{field.type}", None):
            return structured(field, node, path)
        found = SCALARS[field.type](field, node)
        if field.type in ("id", "key"):
            self.notes.name(dict.fromkeys((*field.of, field.record)), found, node)
        if field.inside:
            self.notes.inside(node, path, found)
        return found

    def _from_parameter(self, field: Field, node: yaml.MappingNode, path: str) -> Any:
        """Return the value of the parameter ``{parameter: key}`` names, of the type of this field."""
        key = _child(node, "parameter")
        if key is None or len(node.value) != 1:
            raise wrong(node, field.type)
        name = plain(key, "ref")
        self.notes.refer(key, path, ("parameter",), name)
        self._taken.append(name)
        value = self._parameters.get(name)
        return None if value is None or is_null(value) else SCALARS[field.type](field, value)

    def _read_record(self, field: Field, node: yaml.Node, path: str) -> Any:
        return self._record(field.of[0], node, path)

    def _read_records(self, field: Field, node: yaml.Node, path: str) -> tuple[Any, ...]:
        items = self._sequence(field, node)
        return tuple(
            found
            for place, item in enumerate(items, 1)
            if (found := self._record(field.of[0], item, f"{path}[{_label(item, place)}]")) is not None
        )

    def _read_words(self, field: Field, node: yaml.Node, path: str) -> model.Words:
        if isinstance(node, yaml.ScalarNode):
            return model.Words(plain(node, field.type))
        said = {name: _child(node, name) for name in ("zh", "en")}
        zh, en = said["zh"], said["en"]
        if zh is None or len(_items(node)) != sum(one is not None for one in said.values()):
            raise wrong(node, field.type)
        if is_null(zh):
            self.notes.blank(zh, f"{path}.zh", field)
        english = None if en is None or is_null(en) else plain(en, field.type)
        return model.Words("" if is_null(zh) else plain(zh, field.type), english)

    def _read_wordings(self, field: Field, node: yaml.Node, path: str) -> tuple[model.Words, ...]:
        return tuple(self._read_words(field, item, path) for item in self._sequence(field, node))

    def _read_told(self, field: Field, node: yaml.Node, path: str) -> str | model.Unknown:
        if isinstance(node, yaml.ScalarNode):
            return plain(node, field.type)
        missing, whom = _child(node, "missing"), _child(node, "whom")
        if missing is None or whom is None or len(_items(node)) != 2:
            raise wrong(node, field.type)
        return model.Unknown(self._read_words(field, missing, path), self._read_words(field, whom, path))

    def _read_quotes(self, field: Field, node: yaml.Node, path: str) -> tuple[Quote, ...]:
        found: list[Quote] = []
        for place, item in enumerate(self._sequence(field, node), 1):
            try:
                found += self._quote(item)
            except Misfit as misfit:
                self.notes.misfit(item, f"{path}[{place}]", misfit)
        return tuple(found)

    def _quote(self, node: yaml.Node) -> list[Quote]:
        if is_null(node):
            raise Misfit("blank", **meaning(schema()["objective"]["quotes"]))
        words = plain(node, "text")
        if self._text is None:  # that there is none was said once
            return []
        places = self._text.find(words)
        if len(places) > 1:
            raise Misfit("quote_twice", text=self._text.file)
        if not places:
            near = self._text.near(words)
            raise Misfit("quote_missing_near" if near else "quote_missing", text=self._text.file, near=near)
        return places

    def _read_ref(self, field: Field, node: yaml.Node, path: str) -> str:
        written = plain(node, "ref")
        self.notes.refer(node, path, field.of, written)
        return written

    def _read_refs(self, field: Field, node: yaml.Node, path: str) -> tuple[str, ...]:
        found = []
        for item in self._sequence(field, node):
            written = plain(item, field.type)
            if written != EVERY_UNIT or "unit" not in field.of:
                self.notes.refer(item, path, field.of, written)
            found.append(written)
        return tuple(found)

    def _read_lead(self, field: Field, node: yaml.Node, path: str) -> model.Bodies:
        if isinstance(node, yaml.ScalarNode) and node.value == "ask":
            return None
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise wrong(node, field.type)
        return self._read_refs(schema()["task"]["support"], node, path)

    def _read_indicator(self, field: Field, node: yaml.Node, path: str) -> str:
        written = plain(node, field.type)
        if self._indicators is not None and written not in self._indicators:
            raise unlike("indicator_unknown", written, self._indicators)
        return written

    def _read_file(self, field: Field, node: yaml.Node, path: str) -> str:
        name = str(SCALARS["file"](field, node))
        content = self._text_of(name)
        if content is None:
            raise Misfit("text_missing", name=name)
        if len(content) > MOST_TEXT:
            raise Misfit("text_long", name=name, limit=str(MOST_TEXT // 1000))
        try:
            text = StoredText.read(name, content)
        except UnicodeDecodeError:
            raise Misfit("text_encoding", name=name) from None
        if not text.content.strip():
            raise Misfit("text_blank", name=name)
        self._text = text
        return name

    def _read_hash(self, field: Field, node: yaml.Node, path: str) -> str:
        written = str(SCALARS["hash"](field, node))
        if self._text is not None and written != self._text.sha256:
            raise Misfit("text_changed", name=self._text.file, found=self._text.sha256)
        return written

    def _sequence(self, field: Field, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise wrong(node, field.type)
        if field.required and not node.value:
            raise Misfit("list_empty", **meaning(field))
        return list(node.value)

    def _compare_times(self, values: Mapping[str, Any]) -> None:
        period = values["period"]
        if period and period.start and period.end:
            self.notes.compare_times(period.start, period.end)


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if getattr(key, "value", None) == name), None)
    return None


def _items(node: yaml.Node | None) -> list[Any]:
    return list(node.value) if isinstance(node, yaml.CollectionNode) else []


def _label(item: yaml.Node, place: int) -> str:
    """Return what an item of a list is called: its id or key, else its place from 1."""
    for name in ("id", "key"):
        found = _child(item, name)
        if isinstance(found, yaml.ScalarNode) and found.value.strip():
            return shown(found)
    return str(place)
