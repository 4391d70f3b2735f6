"""What is a photo is told by its content; what the camera wrote is read, and nothing of it is in the small copy."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.platform.replies.conftest import picture

from jigai.platform.replies.data import limit
from jigai.platform.replies.pictures import PhotoRefusedError, content_of, read_picture

CHINA = ZoneInfo("Asia/Shanghai")


def test_time_camera_and_place_are_read_and_do_not_reach_the_small_copy():
    data = picture(taken="2026:11:20 09:30:00", place=True, size=(3000, 2000))
    read = read_picture(data)
    assert read.media_type == "image/jpeg"
    assert (read.width, read.height) == (3000, 2000)
    assert read.taken_at == datetime(2026, 11, 20, 9, 30, tzinfo=CHINA)
    assert read.camera == "Test Camera"
    assert (read.latitude, read.longitude) == (26.58, 101.71)
    small = Image.open(io.BytesIO(read.preview))
    assert max(small.size) == limit("preview_side")
    assert dict(small.getexif()) == {}
    assert b"Exif" not in read.preview
    assert b"Test Camera" not in read.preview


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "昨天", "2026:13:45 99:00:00"])
def test_a_time_the_camera_did_not_write_is_unknown(taken):
    assert read_picture(picture(taken=taken)).taken_at is None


def test_a_picture_taken_upright_is_shown_upright():
    image, target = Image.new("RGB", (400, 200)), io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(target, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(read_picture(target.getvalue()).preview)).size == (200, 400)


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "L", "1", "I;16"])
def test_a_png_of_any_kind_gives_a_small_copy(mode):
    target = io.BytesIO()
    Image.new(mode, (50, 40)).save(target, "PNG")
    read = read_picture(target.getvalue())
    assert read.media_type == "image/png"
    assert Image.open(io.BytesIO(read.preview)).size == (50, 40)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_a_bomb_is_refused_before_it_goes_off():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(PhotoRefusedError, match="像素过多"):
        read_picture(bomb)
    little = struct.pack(">IIBBBBB", 9_500, 9_500, 8, 0, 0, 0, 0)
    large = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", little) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    with pytest.raises(PhotoRefusedError, match="像素过多"):  # more than ours, less than the library's own limit
        read_picture(large)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"%PDF-1.7", "只收 JPG、PNG"),
        (b"<svg onload='alert(1)'/>", "只收 JPG、PNG"),
        (b"GIF89a" + b"\0" * 40, "只收 JPG、PNG"),
        (b"MZ" + b"\0" * 40, "只收 JPG、PNG"),
        (b"\xff\xd8\xff\xe0 nothing more", "不完整或已损坏"),
        (b"\x89PNG\r\n\x1a\n nothing more", "不完整或已损坏"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_remedy(data, said):
    with pytest.raises(PhotoRefusedError, match=said):
        read_picture(data)


def test_half_a_photo_is_refused():
    data = picture(size=(900, 900))
    with pytest.raises(PhotoRefusedError, match="不完整"):
        read_picture(data[: len(data) // 2])


def test_a_file_too_large_is_refused_unread():
    with pytest.raises(PhotoRefusedError, match="20 MB"):
        read_picture(b"\xff\xd8\xff" + b"\0" * limit("photo_bytes"))


def test_an_upload_too_large_is_not_even_read():
    class Endless(SimpleUploadedFile):
        def read(self, *_more):
            raise AssertionError("read")

    file = Endless("big.jpg", b"x")
    file.size = limit("photo_bytes") + 1
    with pytest.raises(PhotoRefusedError, match="20 MB"):
        content_of(file)
    assert content_of(SimpleUploadedFile("a.jpg", b"abc")) == b"abc"
