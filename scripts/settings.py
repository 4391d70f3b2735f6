"""Write docs/reference/settings.md from ``environment.csv``, the one list of settings (``make settings``)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from jigai.platform.environment import Setting, known  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "settings.md"
HEAD = """# 设置 Settings

网站的全部设置来自环境变量（服务器上是 `/etc/jigai/jigai.env`），没有别的配置文件。
写错的值、不认识的 `JIGAI_` 名称会在启动时全部列出，并提示最接近的名称；
标 🔒 的值在任何信息和日志中都不显示。
改后重启：`systemctl restart jigai-web jigai-worker`；改前可用 `jigai check` 检查。

All settings come from the environment. A wrong value or an unknown `JIGAI_` name is told at start, all at once; values
marked 🔒 are never shown. Written by `scripts/settings.py` from `src/jigai/platform/environment.csv`.

| 名称 name | 类型 type | 缺省 default | 含义 meaning |
|---|---|---|---|
"""
TYPES = {
    "flag": "0 或 1 / 0 or 1",
    "list": "分号分隔 list",
    "path": "路径 path",
    "url": "地址 URL",
    "text": "文字 text",
    "place": "主机:端口 host:port",
}


def row(setting: Setting) -> str:
    """Return the line of one setting."""
    name, _, said = setting.type.partition(":")
    if name == "integer":
        kind = f"整数 integer {said.replace('-', '–')}"
    else:
        kind = TYPES.get(name) or " · ".join(f"`{one}`" for one in said.split("|"))
    default = f"`{setting.default}`" if setting.default else "–"
    meaning = f"{setting.meaning_zh}<br>{setting.meaning_en}".replace("|", "\\|")
    return f"| `{setting.name}`{' 🔒' if setting.secret else ''} | {kind} | {default} | {meaning} |"


def render() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(row(setting) for setting in known()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
