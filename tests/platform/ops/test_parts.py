"""The small parts of keeping an installation: manifests, checks of the disk, filling, words, emptiness, pruning."""

from __future__ import annotations

import json
import re
import shutil
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.cli.main import main
from jigai.platform.accounts.models import User
from jigai.platform.accounts.roles import roles
from jigai.platform.ops import filling, installation, keeping, tools
from jigai.platform.ops.backup import prune
from jigai.platform.ops.checks import files as disk
from jigai.platform.ops.checks.line import Line
from jigai.platform.ops.manifest import NAME, SEAL, Entry, Manifest, entry_of, file_hash
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import templates


def manifest(folder, *paths, **more):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path, encoding="utf-8")
    told = Manifest("backup", "2026-03-02T09:00:00+08:00", "0.1.0", "sqlite", [], **more)
    told.entries = [entry_of(folder, path) for path in paths]
    told.write(folder)
    return told


class TestManifest:
    @pytest.mark.parametrize("seal", [b"", b"\n", b"\xff\xfe\x00", b"0" * 64, "密封".encode()])
    def test_a_damaged_seal_is_refused_in_words_whatever_its_bytes(self, tmp_path, seal):
        manifest(tmp_path, "a.txt")
        (tmp_path / SEAL).write_bytes(seal)
        for language, word in (("zh", "被改动过"), ("en", NAME)):
            with pytest.raises(OpsError, match=word):
                Manifest.read(tmp_path, "backup", language)

    def test_a_seal_without_its_manifest_and_the_other_way_round(self, tmp_path):
        manifest(tmp_path, "a.txt")
        (tmp_path / SEAL).rename(tmp_path / "kept")
        with pytest.raises(OpsError, match="不是 jigai 的备份"):
            Manifest.read(tmp_path, "backup", "zh")

    def test_the_order_in_which_files_were_copied_leaves_no_trace(self, tmp_path):
        one, two = tmp_path / "1", tmp_path / "2"
        for folder, paths in ((one, ("a", "b/c", "中")), (two, ("中", "b/c", "a"))):
            folder.mkdir()
            manifest(folder, *paths)
        assert (one / NAME).read_bytes() == (two / NAME).read_bytes()

    def test_every_wrong_file_is_told_and_of_many_the_first_twenty(self, tmp_path):
        names = [f"f{number:02}" for number in range(25)]
        manifest(tmp_path, *names)
        for name in names:
            (tmp_path / name).unlink()
        with pytest.raises(OpsError) as refused:
            Manifest.read(tmp_path, "backup", "zh")
        said = str(refused.value)
        assert "25" in said and names[19] in said and names[20] not in said

    def test_a_change_that_keeps_the_size_is_found(self, tmp_path):
        told = manifest(tmp_path, "a.txt")
        (tmp_path / "a.txt").write_text("A.txt", encoding="utf-8")
        with pytest.raises(OpsError, match=r"a\.txt"):
            told.verify(tmp_path, "en")

    def test_a_folder_in_place_of_a_file_is_a_lost_file(self, tmp_path):
        told = manifest(tmp_path, "a.txt")
        (tmp_path / "a.txt").unlink()
        (tmp_path / "a.txt").mkdir()
        with pytest.raises(OpsError, match=r"缺少文件 a\.txt"):
            told.verify(tmp_path, "zh")

    def test_what_is_not_on_the_list_does_no_harm(self, tmp_path):
        told = manifest(tmp_path, "a.txt")
        (tmp_path / "说明.txt").write_text("夜间备份", encoding="utf-8")
        assert Manifest.read(tmp_path, "backup", "zh") == told

    @given(
        st.dictionaries(st.text(max_size=5), st.integers(0, 10**9), max_size=5),
        st.lists(st.integers(0, 10**12), max_size=5),
    )
    def test_sums_are_those_of_the_parts(self, counts, sizes):
        told = Manifest("export", "", "", "", [])
        told.tables = {name: {"rows": count, "digest": ""} for name, count in counts.items()}
        told.entries = [Entry(str(number), size, "") for number, size in enumerate(sizes)]
        assert (told.rows, told.size) == (sum(counts.values()), sum(sizes))

    def test_a_large_file_is_hashed_in_parts_to_the_same_end(self, tmp_path):
        import hashlib

        content = bytes(range(256)) * 4097  # a little more than one block
        (tmp_path / "x").write_bytes(content)
        assert file_hash(tmp_path / "x") == hashlib.sha256(content).hexdigest()
        (tmp_path / "empty").write_bytes(b"")
        assert entry_of(tmp_path, "empty") == Entry("empty", 0, hashlib.sha256(b"").hexdigest())


class TestDisk:
    """Lines of ``jigai check`` about what lies on the disk."""

    @pytest.fixture
    def gathered(self, tmp_path, settings):
        settings.STATIC_ROOT = tmp_path / "static"
        for name in disk.NEEDED:
            (settings.STATIC_ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (settings.STATIC_ROOT / name).write_text("x", encoding="utf-8")
        self.list(settings, {name: name for name in disk.NEEDED})
        return settings

    def list(self, settings, paths):
        text = json.dumps({"paths": paths})
        (settings.STATIC_ROOT / "staticfiles.json").write_text(text, encoding="utf-8")

    def test_all_gathered_is_fine(self, gathered):
        line = disk.static("zh")
        assert (line.state, line.key, line.remedy) == ("ok", "static_ok", "")

    @pytest.mark.parametrize("name", disk.NEEDED)
    def test_each_lost_file_is_named_with_the_remedy(self, gathered, name):
        (gathered.STATIC_ROOT / name).unlink()
        line = disk.static("en")
        assert (
            (line.state, line.key) == ("fail", "static_lost") and name in line.text and "collectstatic" in line.remedy
        )

    def test_a_file_the_list_does_not_know_is_lost_too(self, gathered):
        self.list(gathered, {disk.NEEDED[0]: disk.NEEDED[0]})
        line = disk.static("zh")
        assert line.state == "fail" and all(name in line.text for name in disk.NEEDED[1:])

    @pytest.mark.parametrize("content", ["", "{", "{}", "[]", '{"paths": []}', "\udcff"])
    def test_a_list_cut_off_is_a_finding_not_a_crash(self, gathered, content):
        (gathered.STATIC_ROOT / "staticfiles.json").write_bytes(content.encode("utf-8", "surrogateescape"))
        line = disk.static("zh")
        assert line.state == "fail" and "collectstatic" in line.remedy

    def test_nothing_gathered_names_the_folder(self, tmp_path, settings):
        settings.STATIC_ROOT = tmp_path / "没有"
        assert "没有" in disk.static("zh").text

    def test_a_data_folder_under_a_file_cannot_be_written(self, tmp_path, settings):
        (tmp_path / "file").write_text("", encoding="utf-8")
        settings.DATA_DIR = tmp_path / "file" / "data"
        (line,) = disk.data_folder("zh")
        assert (line.state, line.key) == ("fail", "data_unwritable") and str(settings.DATA_DIR) in line.text

    def test_looking_leaves_nothing_in_the_data_folder(self, tmp_path, settings):
        settings.DATA_DIR = tmp_path / "new"
        assert [line.state for line in disk.data_folder("zh")] == ["ok"]
        assert list(settings.DATA_DIR.iterdir()) == []

    @pytest.mark.parametrize(("share", "state"), [(0, "ok"), (0.1, "ok"), (0.5, "warn"), (2, "fail")])
    def test_room_is_told_before_uploads_are_refused(self, tmp_path, settings, share, state):
        free = shutil.disk_usage(tmp_path).free // disk.MB
        settings.DATA_DIR = tmp_path / "not" / "yet"
        settings.ENV = {**settings.ENV, "disk_reserve_mb": int(free * share)}
        line = disk.room("zh")
        assert line.state == state and bool(line.remedy) == (state != "ok")

    @pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o400, "ok"), (0o640, "fail"), (0o604, "fail")])
    def test_a_key_that_others_can_read_is_found(self, tmp_path, settings, mode, state):
        settings.DATA_DIR = tmp_path
        assert list(disk.keys("zh")) == [], "without a key there is nothing to say"
        key = tmp_path / "keys" / "signing.key"
        key.parent.mkdir()
        key.write_text("secret", encoding="utf-8")
        key.chmod(mode)
        (line,) = disk.keys("zh")
        assert line.state == state and "secret" not in line.as_text("zh")
        assert (str(key) in line.text and "chmod 600" in line.remedy) == (state == "fail")

    def test_a_city_s_broken_data_is_named_with_the_command_that_tells_more(self, tmp_path, settings):
        settings.ENV = {**settings.ENV, "reference": [str(tmp_path / "没有")]}
        line = disk.reference("zh")
        assert line.state == "fail" and "没有" in line.text and "jigai reference check" in line.remedy


class TestWords:
    WORDS = templates("jigai.platform.ops", "messages.csv")

    @pytest.mark.parametrize("key", list(WORDS))
    def test_a_message_is_filled_in_and_leaves_no_place_open(self, key):
        for language in ("zh", "en"):
            text = self.WORDS[key][language]
            places = {name for _t, name, _s, _c in string.Formatter().parse(text) if name}
            said = say(key, language, **{name: 7 for name in places})
            assert said and not re.search(r"{\w+}", said)

    def test_english_says_no_chinese(self):
        marks = re.compile(r"[\u4e00-\u9fff]")
        assert [key for key, words in self.WORDS.items() if marks.search(words["en"])] == []

    def test_a_line_that_is_well_gives_no_advice(self):
        values = {"free": 1, "reserve": 2, "folder": "/x"}
        assert Line.of("ok", "disk_room", "zh", **values).remedy == ""
        for state in ("warn", "fail"):
            line = Line.of(state, "disk_room", "en", **values)
            assert "JIGAI_DISK_RESERVE_MB" in line.remedy and line.as_text("en").count("\n") == 1
            assert line.as_dict() == {"state": state, "key": "disk_room", "text": line.text, "remedy": line.remedy}


@pytest.mark.django_db
class TestFilling:
    def test_one_sample_account_for_each_role_in_the_order_of_roles(self, city):
        assert filling.demo_accounts() == [], "real accounts are never listed"
        User.objects.filter(username__endswith="_510402").update(sample=True)
        User.objects.filter(username__endswith="_510403").update(sample=True)
        told = filling.demo_accounts()
        assert [one["role"] for one in told] == [role.zh for role in roles().values()]
        assert all(one["account"].endswith("_510402") for one in told), "the first of each"

    def test_a_post_given_up_is_not_offered(self, city):
        user = city.people["bank"]
        User.objects.filter(pk=user.pk).update(sample=True)
        user.memberships.update(active=False)
        assert filling.demo_accounts() == []


@pytest.mark.django_db
class TestEmptiness:
    """What ``restore`` and ``import`` refuse to write over."""

    @pytest.fixture
    def data(self, tmp_path, settings):
        settings.DATA_DIR = tmp_path / "data"
        (settings.DATA_DIR / "files" / "ab").mkdir(parents=True)
        return settings.DATA_DIR

    def test_folders_without_files_are_empty(self, data):
        installation.refuse_unless_empty("zh")

    @pytest.mark.parametrize("name", ["ab/x.csv", "ab/" + "0" * 64, "台账"])
    def test_a_file_is_content_whatever_it_is_called(self, data, name):
        (data / "files" / name).write_bytes(b"x")
        with pytest.raises(OpsError, match="files"):
            installation.refuse_unless_empty("zh")

    def test_people_are_content(self, data):
        User.objects.create(username="someone")
        with pytest.raises(OpsError, match="账号"):
            installation.refuse_unless_empty("zh")


def backups(folder, count):
    for number in range(count):
        (folder / f"jigai-2026010{number + 1}-010000").mkdir()
        (folder / f"jigai-2026010{number + 1}-010000" / NAME).write_text("", encoding="utf-8")


class TestPruning:
    @pytest.mark.parametrize(("keep", "left"), [(1, 1), (2, 2), (3, 3), (4, 3)])
    def test_the_newest_stay(self, tmp_path, keep, left):
        backups(tmp_path, 3)
        prune(tmp_path, keep)
        assert sorted(path.name[13] for path in tmp_path.iterdir()) == ["1", "2", "3"][3 - left :] or left == len(
            list(tmp_path.iterdir())
        )
        assert (tmp_path / "jigai-20260103-010000").is_dir()

    def test_keeping_fewer_than_none_is_refused_before_anything_is_made(self, tmp_path, capsys):
        backups(tmp_path, 1)
        for number in ("x", "1.5"):
            with pytest.raises(SystemExit) as left:
                main(["backup", str(tmp_path), "--dated", "--keep", number])
            assert left.value.code == 1 and "--keep" in capsys.readouterr().err
        for number in ("-1", "-3"):
            assert main(["backup", str(tmp_path), "--dated", "--keep", number, "--lang", "en"]) == 1
            assert "from 0" in capsys.readouterr().err
        with pytest.raises(OpsError, match="--keep"):
            keeping.backup(tmp_path, "zh", dated=True, keep=-1)
        assert [path.name for path in tmp_path.iterdir()] == ["jigai-20260101-010000"]

    def test_keeping_some_without_dates_is_refused(self, tmp_path):
        for language in ("zh", "en"):
            with pytest.raises(OpsError, match="--dated"):
                keeping.backup(tmp_path / "b", language, keep=2)
        assert not (tmp_path / "b").exists()


class TestTools:
    def test_the_password_travels_in_the_environment(self, settings):
        from django.db import connection

        before = dict(connection.settings_dict)
        try:
            connection.settings_dict.update(
                HOST="db.example", PORT=5433, USER="jigai", PASSWORD="geheim", NAME="plan",
                OPTIONS={"sslmode": "verify-full", "sslrootcert": "/ca.pem", "pool": True},
            )  # fmt: skip
            told = tools.environment()
        finally:
            connection.settings_dict.clear()
            connection.settings_dict.update(before)
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE", "PGSSLROOTCERT")
        expected = ["db.example", "5433", "jigai", "geheim", "plan", "verify-full", "/ca.pem"]
        assert [told[name] for name in names] == expected and told["PGCLIENTENCODING"] == "UTF8"
        assert "PGSSLCERT" not in told or told["PGSSLCERT"]
