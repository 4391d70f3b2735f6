"""The small parts: addresses to return to, secrets, thresholds, settings, labels in both languages."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from cryptography.fernet import InvalidToken
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

import jigai.platform as platform
from jigai.platform import environment
from jigai.platform.accounts import checks, credit_code, second_factor
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.middleware import back_of, sent

HERE = Path(platform.__file__).parent
DOCS = Path(__file__).parents[3] / "docs"


class TestBackOf:
    """Where someone returns to after the lock or the sign-in."""

    def test_a_page_is_returned_to_with_its_filter(self, rf):
        assert back_of(rf.get("/registers/?q=a&b=1")) == "/registers/?q=a&b=1"

    def test_a_form_returns_to_the_page_it_was_on(self, rf):
        request = rf.post("/x/save/", headers={"referer": "http://testserver/x/7/?tab=1"})
        assert back_of(request) == "/x/7/?tab=1"

    def test_a_part_returns_to_the_whole(self, rf):
        headers = {"hx-request": "true", "hx-current-url": "http://testserver/x/?q=1"}
        assert back_of(rf.get("/x/part/", headers=headers)) == "/x/?q=1"

    @pytest.mark.parametrize(
        "foreign", ["https://evil.example/x", "//evil.example/x", "javascript:alert(1)", "", "http://testserver@evil/"]
    )
    def test_nothing_foreign_is_returned_to(self, rf, foreign):
        assert back_of(rf.post("/x/", headers={"referer": foreign})) == "/"
        assert back_of(rf.get("/x/", headers={"hx-request": "true", "hx-current-url": foreign})) == "/"

    def test_two_slashes_are_no_other_host(self, rf):
        request = rf.post("/x/", headers={"referer": "http://testserver//evil.example/y"})
        assert back_of(request) == "/evil.example/y"

    @given(st.text(max_size=60) | st.text("/\\.:htpsevrx?", max_size=30).map("http://testserver/".__add__))
    def test_whatever_a_browser_says_the_way_stays_here(self, text):
        from django.test import RequestFactory

        try:
            request = RequestFactory().post("/x/", headers={"referer": text})
        except (UnicodeError, ValueError):
            return
        back = back_of(request)
        assert back.startswith("/") and not back.startswith(("//", "/\\"))

    def test_htmx_is_told_by_its_header(self, rf):
        answer = sent(rf.get("/", headers={"hx-request": "true"}), "/account/lock/", "/a/?b=1")
        assert answer.status_code == 200 and answer["HX-Redirect"] == "/account/lock/?next=%2Fa%2F%3Fb%3D1"
        assert sent(rf.get("/"), "/account/lock/", "/")["Location"] == "/account/lock/"


class TestSecrets:
    """What is kept encrypted."""

    @given(st.text())
    def test_what_is_sealed_opens(self, text):
        kept = second_factor.sealed(text)
        assert second_factor.opened(kept) == text
        assert not text or len(text) < 4 or text not in kept

    def test_with_another_key_it_does_not(self, settings):
        kept = second_factor.sealed("JBSWY3DPEHPK3PXP")
        settings.SECRET_KEY = "another key"
        with pytest.raises(InvalidToken):
            second_factor.opened(kept)

    def test_nobody_has_a_factor(self, db):
        from jigai.platform.accounts.adapters import SecondFactorAdapter

        assert not SecondFactorAdapter().is_mfa_enabled(AnonymousUser())


class TestThresholds:
    """Numbers are data."""

    def test_each_is_a_number_with_unit_and_meaning(self):
        rows = list(csv.DictReader((HERE / "accounts/limits.csv").read_text(encoding="utf-8").splitlines()))
        for row in rows:
            assert limit(row["key"]) == int(row["value"]) > 0
            assert row["unit"] and row["meaning"]

    def test_one_nobody_defined_is_an_error(self):
        with pytest.raises(KeyError):
            limit("no_such_limit")

    def test_each_is_used(self):
        code = "".join(path.read_text(encoding="utf-8") for path in HERE.rglob("*.py"))
        rows = csv.DictReader((HERE / "accounts/limits.csv").read_text(encoding="utf-8").splitlines())
        assert [row["key"] for row in rows if f'"{row["key"]}"' not in code] == []


class TestChecks:
    """Settings that leave a hole."""

    def test_protections_switched_off_are_warned_of(self, settings):
        settings.TESTING = False
        settings.IDLE_MINUTES, settings.PASSWORD_DAYS, settings.SESSIONS_PER_USER = 0, 180, 2
        assert [one.msg for one in checks.limits_are_set()] == ["JIGAI_IDLE_MINUTES=0：这项保护已关闭"]
        settings.DEMO = True
        assert checks.limits_are_set() == []

    def test_the_defaults_pass(self):
        values = environment.read({})
        assert (values["second_factor"], values["https"], values["idle_minutes"]) == ("required", True, 30)
        assert values["sessions_per_user"] > 0 and values["password_days"] > 0

    @pytest.mark.parametrize("name", ["JIGAI_SECOND_FACTOR", "JIGAI_IDLE_MINUTES", "JIGAI_HTTPS"])
    def test_nonsense_is_refused_by_name(self, name):
        with pytest.raises(environment.EnvironmentProblemsError, match=name):
            environment.read({name: "maybe"})


class TestFields:
    """How a field of a form is drawn."""

    def draw(self, form, name):
        template = Template("{% load accounts %}{% field one %}")
        return template.render(Context({"one": form[name]}))

    def test_help_and_error_are_tied_to_the_control(self):
        class Form(forms.Form):
            code = forms.CharField(label="代码", help_text="18 位")

        page = self.draw(Form({"code": ""}), "code")
        assert 'aria-describedby="id_code_help id_code_wrong"' in page and 'aria-invalid="true"' in page
        assert 'id="id_code_help"' in page and 'id="id_code_wrong"' in page
        assert '<label for="id_code">代码' in page

    def test_what_may_stay_empty_says_so(self):
        class Form(forms.Form):
            post = forms.CharField(label="职务", required=False)
            kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])

        assert "选填" in self.draw(Form(), "post") and "选填" not in self.draw(Form(), "kind")
        assert "form-select" in self.draw(Form(), "kind")

    def test_a_group_of_boxes_has_a_legend(self):
        class Form(forms.Form):
            sites = forms.MultipleChoiceField(
                label="厂区", choices=[("1", "东"), ("2", "西")], widget=forms.CheckboxSelectMultiple
            )

        assert "<legend>厂区</legend>" in self.draw(Form(), "sites")

    def test_text_is_escaped(self):
        class Form(forms.Form):
            name = forms.CharField(label="<b>名</b>")

        page = self.draw(Form({"name": "<script>"}), "name")
        assert "<script>" not in page and "<b>" not in page


def texts():
    """Every Chinese text marked for translation, with the file it stands in."""
    own = [*(HERE / "accounts").rglob("*.py"), *(HERE / "accounts").rglob("*.html")]
    web = HERE / "web/templates"
    own += [path for folder in ("account", "mfa", "socialaccount") for path in (web / folder).rglob("*.*")]
    for path in own:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(text)):
                marked = isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "_now", "gettext"}
                if marked and node.args and isinstance(node.args[0], ast.Constant):
                    yield path, node.args[0].value
        else:
            yield from ((path, found[1]) for found in re.findall(r"""{% translate (["'])(.+?)\1""", text))
            blocks = re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL)
            for block in blocks:
                yield path, re.sub(r"{{ *(\w+) *}}", r"%(\1)s", block.split("{% plural %}")[0])


def test_every_text_has_its_english():
    own = HERE / "accounts/locale/en/LC_MESSAGES/django.po"
    shared = HERE / "web/locale/en/LC_MESSAGES/django.po"
    known = set()
    for path in (own, shared):
        for message in read_po(path.open("rb"), locale="en"):
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            known |= {key} if message.string else set()
    assert [(path.name, text) for path, text in texts() if text not in known] == []


def test_no_text_in_a_page_is_left_unmarked():
    for path in (HERE / "accounts/templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
        bare = re.sub(r"{[%{].*?[%}]}", "", text)
        assert not re.search(r"[\u4e00-\u9fff]", bare), path.name


def test_the_table_of_controls_names_settings_that_exist():
    text = (DOCS / "dengbao.md").read_text(encoding="utf-8")
    known = {setting.name for setting in environment.known()}
    assert set(re.findall(r"JIGAI_[A-Z_]+[A-Z]", text)) <= known
    for path in re.findall(r"`(accounts/\w+\.\w+|walls/\w+\.\w+)`", text):
        assert (HERE / path).exists(), path


def test_the_alphabet_is_that_of_the_rule():
    assert len(credit_code.ALPHABET) == 31 and not set("IOSVZ") & set(credit_code.ALPHABET)
