"""What is a photo, what the camera wrote into it, and a small copy that carries none of that."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from jigai.platform.replies.data import limit

TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
_SIGNS: Final = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
_APPLE: Final = (b"heic", b"heix", b"hevc", b"heif", b"mif1", b"msf1", b"avif")
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_MODEL, _WHEN, _EXIF, _GPS, _TAKEN, _OFFSET = 0x0110, 0x0132, 0x8769, 0x8825, 0x9003, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_QUALITY: Final = 82


class PhotoRefusedError(ValueError):
    """A file that is not taken as a photo; the text says why and what to do."""


@dataclass(frozen=True)
class Picture:
    """A photo as read: its type by content, its size [pixels], what the camera wrote, and the small copy (JPEG).

    ``taken_at`` is None where the camera wrote no time; a time without a zone is China's.
    """

    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    camera: str
    latitude: float | None
    longitude: float | None
    preview: bytes


def content_of(file: UploadedFile) -> bytes:
    """Return what is in an uploaded file, which is not even read where it is too large to be taken.

    Raises:
        PhotoRefusedError: it is too large.
    """
    if (file.size or 0) > limit("photo_bytes"):
        raise PhotoRefusedError(_too_large())
    return bytes(file.read())


def read_picture(data: bytes) -> Picture:
    """Read a photo by what is in it, whatever its name says.

    Raises:
        PhotoRefusedError: too large, no JPEG or PNG, damaged, or more pixels than are decoded.
    """
    if not data:
        raise PhotoRefusedError(_("文件是空的，请重新拍照或选择。"))
    if len(data) > limit("photo_bytes"):
        raise PhotoRefusedError(_too_large())
    if not any(data.startswith(sign) for sign, _format in _SIGNS):
        raise PhotoRefusedError(_not_taken(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # refused below, by our own limit
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
                return _read(image)
    except PhotoRefusedError:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoRefusedError(_too_many_pixels()) from error
    except (OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, EOFError) as error:
        raise PhotoRefusedError(_("照片文件不完整或已损坏，打不开。请重新拍照或选择。")) from error


def _read(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > limit("photo_pixels"):
        raise PhotoRefusedError(_too_many_pixels())
    media_type = TYPES[image.format or ""]
    exif = image.getexif()
    latitude, longitude = _position(exif.get_ifd(_GPS))
    return Picture(
        media_type=media_type,
        width=width,
        height=height,
        taken_at=_taken(exif, exif.get_ifd(_EXIF)),
        camera=str(exif.get(_MODEL, "")).replace("\0", "").strip()[:80],
        latitude=latitude,
        longitude=longitude,
        preview=_small(image),
    )


def _small(image: Image.Image) -> bytes:
    """Return a small copy the right way up: pixels only, so neither place nor camera go with it."""
    side = limit("preview_side")
    image.draft("RGB", (side, side))
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((side, side))
    if turned.mode in ("RGBA", "LA", "P", "PA"):
        white = Image.new("RGBA", turned.size, "white")
        white.alpha_composite(turned.convert("RGBA"))
        turned = white
    plain = Image.new("RGB", turned.size)
    plain.paste(turned.convert("RGB"))
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return target.getvalue()


def _taken(exif: Mapping[int, Any], details: Mapping[int, Any]) -> datetime | None:
    text = str(details.get(_TAKEN) or exif.get(_WHEN) or "").replace("\0", "").strip()
    with suppress(ValueError, OverflowError):
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        with suppress(ValueError):
            zone = str(details.get(_OFFSET, "")).strip()
            return datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S} {zone}", "%Y-%m-%d %H:%M:%S %z")
        return moment.replace(tzinfo=_CHINA)
    return None


def _position(written: Mapping[int, Any]) -> tuple[float | None, float | None]:
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
        latitude = _degrees(written[_LATITUDE]) * (-1 if written.get(_LATITUDE_REF) == "S" else 1)
        longitude = _degrees(written[_LONGITUDE]) * (-1 if written.get(_LONGITUDE_REF) == "W" else 1)
        if abs(latitude) <= 90 and abs(longitude) <= 180:  # also false for what is not a number
            return round(latitude, 6), round(longitude, 6)
    return None, None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _not_taken(data: bytes) -> str:
    if data[4:8] == b"ftyp" and data[8:12] in _APPLE:
        return _("这是 HEIC 照片，网页上打不开。请在苹果手机“设置—相机—格式”中选“兼容性最佳”后重拍，或在本页直接拍照。")
    return _("只收 JPG、PNG 照片；这个文件不是（看的是内容，不是文件名）。扫描件请另存为 JPG。")


def _too_large() -> str:
    return _("照片超过 %(mb)d MB，请调低相机分辨率后重拍。") % {"mb": limit("photo_bytes") // 2**20}


def _too_many_pixels() -> str:
    return _("照片像素过多（超过 %(mp)d 百万像素），为安全不予打开。请用普通拍照模式重拍。") % {
        "mp": limit("photo_pixels") // 1_000_000
    }
