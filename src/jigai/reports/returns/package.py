"""An Office file as a set of parts: change a few, leave every other byte as it was."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Final
from xml.sax.saxutils import quoteattr, unescape

RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS_XML: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
CONTENT_TYPES: Final = "[Content_Types].xml"


class NotPatchableError(Exception):
    """The file is written in a way we do not change in place; it comes back as a new workbook instead."""


def attribute_of(tag: str, name: str) -> str | None:
    """Return an attribute of an XML tag given as text; a prefix belongs to the name (``r:id``)."""
    found = re.search(rf"""(?<![\w:.-]){re.escape(name)}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    if found is None:
        return None
    return unescape(found[1] if found[1] is not None else found[2], {"&quot;": '"', "&apos;": "'"})


class Package:
    """The parts of a zip file; parts never asked for are copied byte for byte."""

    def __init__(self, data: bytes) -> None:
        """Open the package; ``data`` has passed the safety limits of the ledger reader."""
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._changed: dict[str, bytes] = {}
        self._names = {info.filename for info in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        """Tell whether the package has a part, including parts added."""
        return name in self._names or name in self._changed

    def text(self, name: str) -> str:
        """Return a part as text. Raises :class:`NotPatchableError` when it is absent or not plain UTF-8 XML."""
        if name in self._changed:
            return self._changed[name].decode("utf-8")
        if name not in self._names:
            raise NotPatchableError(f"no part {name}")
        try:
            text = self._zip.read(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NotPatchableError(f"{name} is not UTF-8") from error
        if "<!DOCTYPE" in text or "<![CDATA[" in text or "<!--" in text:
            raise NotPatchableError(f"{name} holds more than plain elements")
        return text

    def put(self, name: str, text: str) -> None:
        """Replace or add a part."""
        self._changed[name] = text.encode("utf-8")

    def free_name(self, pattern: str) -> str:
        """Return the first name of a numbered pattern (``xl/comments{}.xml``) that no part has."""
        taken = {name.casefold() for name in (*self._names, *self._changed)}
        number = 1
        while pattern.format(number).casefold() in taken:
            number += 1
        return pattern.format(number)

    def relationships(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: id → (type's last word, target part)."""
        name = _rels_name(part)
        if name not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", self.text(name)):
            key, kind, target = (attribute_of(tag, item) for item in ("Id", "Type", "Target"))
            if key and kind and target and attribute_of(tag, "TargetMode") != "External":
                found[key] = (kind.rsplit("/", 1)[-1], _resolve(part, target))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship from ``part`` to ``target`` and return its id."""
        name = _rels_name(part)
        text = self.text(name) if name in self else _RELS_XML
        taken = set(re.findall(r"""\bId\s*=\s*["']([^"']*)["']""", text))
        number = 1
        while f"rIdJigai{number}" in taken:
            number += 1
        relative = posixpath.relpath(target, posixpath.dirname(part))
        new = f'<Relationship Id="rIdJigai{number}" Type="{RELATIONSHIP}/{kind}" Target={quoteattr(relative)}/>'
        self.put(name, insert_before_close(text, "Relationships", new))
        return f"rIdJigai{number}"

    def declare(self, *, part: str | None = None, extension: str | None = None, content_type: str) -> None:
        """Declare the content type of a part or of an extension, unless that is done already."""
        text = self.text(CONTENT_TYPES)
        if extension is not None:
            if re.search(rf"""\bExtension\s*=\s*["']{re.escape(extension)}["']""", text, re.IGNORECASE):
                return
            new = f'<Default Extension="{extension}" ContentType="{content_type}"/>'
            opening = re.search(r"<(?:\w+:)?Types\b[^>]*>", text)
            if opening is None:
                raise NotPatchableError("no content types")
            self.put(CONTENT_TYPES, text[: opening.end()] + new + text[opening.end() :])
        else:
            new = f'<Override PartName="/{part}" ContentType="{content_type}"/>'
            self.put(CONTENT_TYPES, insert_before_close(text, "Types", new))

    def save(self) -> bytes:
        """Return the package with the changed parts in their old places and the new ones at the end."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
            for info in self._zip.infolist():
                content = self._changed.get(info.filename)
                result.writestr(_copied(info), self._zip.read(info) if content is None else content)
            for name in sorted(self._changed.keys() - self._names):
                result.writestr(zipfile.ZipInfo(name), self._changed[name], zipfile.ZIP_DEFLATED)
        return target.getvalue()


def _copied(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type = info.compress_type
    copy.external_attr = info.external_attr
    copy.create_system = info.create_system
    return copy


def insert_before_close(text: str, element: str, new: str) -> str:
    """Put ``new`` at the end of the last ``element``; an element written ``<element/>`` is opened for it.

    ``new`` is written without prefix; it takes over the prefix the element carries.
    """
    closing = list(re.finditer(rf"</((?:\w+:)?){element}\s*>", text))
    if closing:
        last = closing[-1]
        return text[: last.start()] + prefixed(new, last[1]) + text[last.start() :]
    empty = re.search(rf"<((?:\w+:)?){element}\b([^>]*)/>", text)
    if empty is None:
        raise NotPatchableError(f"no element {element}")
    whole = f"<{empty[1]}{element}{empty[2]}>{prefixed(new, empty[1])}</{empty[1]}{element}>"
    return text[: empty.start()] + whole + text[empty.end() :]


def prefixed(xml: str, prefix: str) -> str:
    """Give every element of a small piece of XML a namespace prefix."""
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", xml) if prefix else xml


def _rels_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
