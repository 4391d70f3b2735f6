"""Copying files while they change, and saying what is in a folder."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from jigai.platform.ops import files
from jigai.platform.ops.backup import damaged, drafted, prune
from jigai.platform.ops.files import Copier, copy, of_installation
from jigai.platform.ops.manifest import NAME, SEAL, Entry, Manifest, entry_of, file_hash
from jigai.platform.ops.words import OpsError


def put(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    for name in (
        "files/a.txt",
        "files/中文/b 1.txt",
        "jobs/7/c.csv",
        "keys/signing.key",
        "static/x.css",
        "log/web.log",
    ):
        put(folder / name, name)
    for name in (
        "jigai.sqlite3",
        "jigai.sqlite3-wal",
        "trial.lock",
        "postgres/data/base",
        "files/.d.part",
        ".restore-1/e",
    ):
        put(folder / name)
    (folder / "files" / "link").symlink_to("/etc/passwd")
    return folder


def test_what_belongs_to_an_installation(data):
    own = list(of_installation(data, data / "jigai.sqlite3"))
    assert own == ["files/a.txt", "files/中文/b 1.txt", "jobs/7/c.csv", "keys/signing.key"]
    # On a server a file of that name is nothing special.
    assert "jigai.sqlite3" in list(of_installation(data, None))
    # A folder called like one of ours deeper down is data.
    put(data / "files" / "static" / "f")
    assert "files/static/f" in list(of_installation(data, None))


def test_a_second_pass_takes_only_news(data, tmp_path, monkeypatch):
    copied = []
    monkeypatch.setattr(files, "copy", lambda source, target: copied.append(source.name) or copy(source, target))
    copier = Copier(data, tmp_path / "out")
    copier.run(of_installation(data, None))
    first = len(copied)
    (data / "files" / "a.txt").unlink()
    put(data / "files" / "new.txt", "new")
    put(data / "jobs" / "7" / "c.csv", "changed, and longer")
    copied.clear()
    copier.run(of_installation(data, None))
    assert first > 3 and sorted(copied) == ["c.csv", "new.txt"]
    # What went away in between stays in the copy; what changed is there as it is now.
    assert copier.has("files/a.txt") and (tmp_path / "out/files/files/a.txt").is_file()
    assert (tmp_path / "out/files/jobs/7/c.csv").read_text(encoding="utf-8") == "changed, and longer"
    for entry in copier.entries.values():
        assert entry == entry_of(tmp_path / "out", entry.path)


def test_a_file_that_changes_under_the_copy_is_copied_again(data, tmp_path, monkeypatch):
    changes = iter(range(2))

    def restless(source, target):
        digest = copy(source, target)
        if source.name == "a.txt" and next(changes, None) is not None:
            source.write_text(f"{source.read_text(encoding='utf-8')}+", encoding="utf-8")
        return digest

    monkeypatch.setattr(files, "copy", restless)
    copier = Copier(data, tmp_path / "out")
    copier.run(iter(["files/a.txt", "files/none.txt"]))
    assert (tmp_path / "out/files/files/a.txt").read_text(encoding="utf-8") == "files/a.txt++"
    assert copier.entries["files/files/a.txt"].sha256 == hashlib.sha256(b"files/a.txt++").hexdigest()
    assert not copier.has("files/none.txt")
    assert [path.name for path in (tmp_path / "out").rglob("*.part")] == []


def test_a_file_named_by_its_hash_must_have_it(tmp_path):
    copier = Copier(tmp_path, tmp_path)
    right, wrong = "a" * 64, "b" * 64
    for name, digest in ((f"files/{right}.xlsx", right), (f"files/x/{wrong}", right), ("files/plain.txt", right)):
        copier.entries[f"files/{name}"] = Entry(f"files/{name}", 1, digest)
    assert damaged(copier) == [f"files/x/{wrong}"]


def manifest(folder, **more):
    put(folder / "a.txt", "abc")
    told = Manifest("backup", "2026-03-02T09:00:00+08:00", "0.1.0", "sqlite", ["accounts.0001_initial"], **more)
    told.entries = [entry_of(folder, "a.txt")]
    told.tables = {"t": {"rows": 3, "digest": "x"}, "u": {"rows": 4, "digest": "y"}}
    told.write(folder)
    return told


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    told = manifest(tmp_path, missing=["files/lost"])
    assert Manifest.read(tmp_path, "backup", "zh") == told
    assert (told.rows, told.size) == (7, 3)
    # Any tool can check the seal.
    assert (tmp_path / SEAL).read_text(encoding="ascii") == f"{file_hash(tmp_path / NAME)}  {NAME}\n"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("kind", "jigai import"),
        ("format", "更新的版本"),
        ("seal", "被改动过"),
        ("file", "内容与清单不符 a.txt"),
        ("lost", "缺少文件 a.txt"),
        ("none", "不是 jigai 的备份"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, harm, words):
    told = manifest(tmp_path)
    if harm == "kind":
        told.kind = "export"
        told.write(tmp_path)
    elif harm == "format":
        told.format = 99
        told.write(tmp_path)
    elif harm == "seal":
        text = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
        (tmp_path / NAME).write_text(json.dumps(text | {"version": "9"}), encoding="utf-8")
    elif harm == "file":
        put(tmp_path / "a.txt", "abd")
    elif harm == "lost":
        (tmp_path / "a.txt").unlink()
    else:
        (tmp_path / NAME).unlink()
    with pytest.raises(OpsError, match=words):
        Manifest.read(tmp_path, "backup", "zh")


def test_a_draft_becomes_the_target_or_nothing(tmp_path):
    with drafted(tmp_path / "in" / "done", "zh") as draft:
        put(draft / "a")
        assert not (tmp_path / "in" / "done").exists() and draft.stat().st_mode & 0o077 == 0
    assert (tmp_path / "in" / "done" / "a").is_file()
    with pytest.raises(RuntimeError), drafted(tmp_path / "in" / "failed", "zh") as draft:
        raise RuntimeError
    with pytest.raises(OpsError, match="已经存在"), drafted(tmp_path / "in" / "done", "zh"):
        pass
    with pytest.raises(OpsError, match="空间不足"), drafted(tmp_path / "in" / "full", "zh") as draft:
        raise OSError(28, os.strerror(28), str(draft / "a"))
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["done"]


def test_only_complete_dated_backups_are_pruned(tmp_path):
    for name in ("jigai-20260101-010000", "jigai-20260102-010000", "jigai-20260103-010000", "jigai-other", "notes"):
        put(tmp_path / name / NAME)
    put(tmp_path / "jigai-20251231-010000" / "half")
    assert [path.name for path in prune(tmp_path, 2)] == ["jigai-20260101-010000"]
    assert prune(tmp_path, 2) == []
    assert len(list(tmp_path.iterdir())) == 5
