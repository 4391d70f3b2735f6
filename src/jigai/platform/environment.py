"""Settings from the environment: ``environment.csv`` lists every one with its type, default and meaning."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit


class EnvironmentProblemsError(ValueError):
    """Settings that cannot be used; the text names each with the value given and what is expected."""


@dataclass(frozen=True)
class Setting:
    """One row of ``environment.csv``; ``secret`` values are never shown."""

    name: str
    type: str
    default: str
    secret: bool
    meaning_zh: str
    meaning_en: str

    def read(self, text: str) -> Any:
        """Return the value of ``text``; ``ValueError`` says what is expected."""
        if self.type == "integer":
            if not (text.isascii() and text.isdigit()):
                raise ValueError("写一个不小于 0 的整数")
            return int(text)
        if self.type == "flag":
            if text not in {"0", "1"}:
                raise ValueError("写 0 或 1")
            return text == "1"
        if self.type == "list":
            return [part.strip() for part in text.split(";") if part.strip()]
        if self.type == "path":
            return Path(text).absolute() if text else None
        if self.type.startswith("choice:"):
            choices = self.type.removeprefix("choice:").split("|")
            if text not in choices:
                raise ValueError("写其中之一：" + "、".join(choices))
        if self.type == "url" and text and not urlsplit(text).scheme:
            raise ValueError("写完整地址，例如 postgresql://jigai@localhost/jigai")
        return text


@cache
def known() -> tuple[Setting, ...]:
    """Return every setting there is, in the order of ``environment.csv``."""
    text = files("jigai.platform").joinpath("environment.csv").read_text(encoding="utf-8")
    return tuple(
        Setting(**{**row, "secret": row["secret"] == "1"})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    )


def read(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return every setting by its name without ``JIGAI_``, in small letters.

    Raises:
        EnvironmentProblemsError: naming every setting that is unknown or cannot be read, all at once.
    """
    given = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for setting in known():
        try:
            values[setting.name.removeprefix("JIGAI_").lower()] = setting.read(given.get(setting.name, setting.default))
        except ValueError as error:
            shown = "（不显示）" if setting.secret else repr(given[setting.name])
            wrong.append(f"{setting.name}={shown}：{error}。{setting.meaning_zh}")
    names = [setting.name for setting in known()]
    wrong += [_unknown(name, names) for name in given if _ours(name) and name not in names]
    if wrong:
        raise EnvironmentProblemsError("设置有误：\n  " + "\n  ".join(wrong))
    return values


def _ours(name: str) -> bool:
    return name.startswith("JIGAI_") and not name.startswith("JIGAI_TEST_")


def _unknown(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=1)
    hint = f"是不是 {near[0]}？" if near else ""
    return f"{name}：没有这个设置。{hint}全部设置见 docs/reference/settings.md"


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's description of the database at ``url``; empty is the one-office file in the data folder."""
    parts = urlsplit(url or f"sqlite:///{quote((data_dir / 'jigai.sqlite3').as_posix())}")
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path.lstrip("/") if path.lstrip("/")[1:2] == ":" else f"/{path.lstrip('/')}",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise EnvironmentProblemsError(f"JIGAI_DATABASE_URL：不支持 {parts.scheme}，请用 postgresql:// 或 sqlite:///")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,  # sslmode, sslrootcert, connect_timeout …
    }


def single_sign_on(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return allauth's description of the city's OpenID Connect provider; empty unless ``JIGAI_OIDC_*`` are set."""
    if not values["oidc_name"]:
        return {}
    app = {
        "provider_id": "sso",
        "name": values["oidc_name"],
        "client_id": values["oidc_client"],
        "secret": values["oidc_secret"],
        "settings": {"server_url": values["oidc_url"]},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def single_sign_on_origin(values: Mapping[str, Any]) -> list[str]:
    """Return where the browser goes to sign in with the city's provider: a form may lead there, and nowhere else."""
    parts = urlsplit(values["oidc_url"])
    return [f"{parts.scheme}://{parts.netloc}"] if values["oidc_name"] and parts.netloc else []
