#!/bin/sh
# install.sh [FOLDER]: install jigai from this folder alone into FOLDER (default /opt/jigai), without any network.
# 在没有网络的服务器上安装，缺省装到 /opt/jigai。升级时在新的安装文件夹里再运行一次。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=${1:-/opt/jigai}
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    { echo "需要 Python 3.11 或更高版本（可用 PYTHON=/路径/python3.11 指定）。" >&2; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    { echo "Python 缺少 venv：请从系统光盘安装 python3-venv。" >&2; exit 1; }
echo "核对文件 …"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || { echo "有文件损坏，没有安装。请重新拷贝。" >&2; exit 1; }

# The new version is made beside the old one and takes its place in one step; the old one stays as venv.former.
mkdir -p "$home"
new=$home/venv.new
rm -rf "$new"
"$python" -m venv "$new"
pip() {
    PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 "$new/bin/python" -m pip --disable-pip-version-check "$@"
}
echo "安装 …"
pip install -q --no-index --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt" ||
    { echo "安装包与本机的系统或 Python 版本不符：请在同样的系统上制作（make bundle）。" >&2; exit 1; }
pip install -q --no-index --no-deps "$here"/wheels/jigai-*.whl
# A virtual environment knows its own place: the commands in it are told the final one.
find "$new/bin" -type f -exec grep -lI "$new" {} + 2>/dev/null | while read -r file; do
    sed -i "s|$new|$home/venv|g" "$file"
done
sed -i "s|$new|$home/venv|g" "$new/pyvenv.cfg" 2>/dev/null || true
rm -rf "$home/venv.former"
[ ! -d "$home/venv" ] || mv "$home/venv" "$home/venv.former"
mv "$new" "$home/venv"
for part in deploy plans; do
    rm -rf "$home/$part"
    cp -r "$here/$part" "$home/$part"
done
cp "$here"/*.md "$home/"
cp "$here/README.md" "$home/README.zh.md"
"$home/venv/bin/jigai" --version
echo "已安装到 $home。接下来：首次安装看 $home/install.zh.md，升级看 $home/upgrade.zh.md。"
