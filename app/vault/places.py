"""Judging the folder a vault is to lie in: synced, on a network, removable, read-only, full or not empty."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from platformdirs import user_data_path

from app.errors import Problem
from app.vault.files import DATABASE, KEYS, KEYS_B, LOCK, is_stale

LEAST_FREE = 200 * 1024 * 1024
"""Free bytes a new vault asks for: ballast, write-ahead log and a first term's records."""

SYNCED_NAMES = (
    "onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents", "com~apple~clouddocs",
    "cloudstorage", "坚果云", "nutstore", "百度网盘", "百度云", "baidunetdisk", "baidusyncdisk", "baiduyun", "wps云盘",
    "wps网盘", "wpsdrive", "wps cloud", "腾讯微云", "weiyun", "阿里云盘", "adrive", "天翼云", "ecloud", "和彩云", "移动云盘",
    "联想云", "360云盘", "夸克网盘", "115网盘", "nextcloud", "owncloud", "seafile", "syncthing", "resilio", "megasync",
    "pcloud", "box sync", "yandex.disk", "钉盘", "飞书云",
)  # fmt: skip
"""How folders begin that a synchronising program keeps; compared without case."""
SYNC_MARKS = (".dropbox", ".dropbox.cache", ".stfolder", ".owncloudsync.log", ".nextcloudsync.log", ".seafile-data")
"""Files a synchronising program leaves in the folder it keeps."""
SYNC_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|ncpfs|davfs|vboxsf|prl_fs|lustre|"
    r"fuse\.(sshfs|davfs2?|rclone|gvfsd-fuse|glusterfs|s3fs|curlftpfs|smbnetfs|vmhgfs-fuse|goofys|ceph)"
)
_FAT = frozenset({"vfat", "msdos", "exfat", "fat", "fat32", "fuse.exfat"})
_FLEETING = frozenset({"tmpfs", "ramfs"})
_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_CDROM, _DRIVE_RAMDISK = 2, 4, 5, 6


class FolderRefused(Problem):
    """A vault may not lie in this folder."""


class FolderDoubtful(Problem):
    """A vault may lie in this folder, but she should know what that means; shown, never raised."""


@dataclass(frozen=True)
class Kind:
    """What the system says about the disk a folder is on."""

    network: bool = False
    removable: bool = False
    fat: bool = False
    fleeting: bool = False


def default_folder() -> Path:
    """The folder offered at first run: the user's own data folder, which no synchronising program keeps."""
    return user_data_path("Jingshi", appauthor=False, roaming=False) / "vault"


def judge_new(folder: Path, kind: Kind | None = None) -> list[FolderDoubtful]:
    """What she should know before a new vault is made here; the folder need not exist yet.

    Raises FolderRefused where none may be made.
    """
    if not folder.is_absolute() or "\0" in str(folder):
        raise FolderRefused("请填写文件夹的完整路径。", "例如点「选择文件夹」来选。")
    if synced_by(folder):
        raise FolderRefused(
            "这个文件夹由网盘或同步软件管理（{name}），学生档案会被传到网上，文件也容易被同步弄坏。",
            "请选一个只在这台电脑上的文件夹，例如默认的那个。",
            name=synced_by(folder),
        )
    doubts = judge_existing(folder, kind)
    _refuse_taken(folder)
    ground = _nearest(folder)
    if not os.path.isdir(ground) or not os.access(ground, os.W_OK | os.X_OK):
        raise FolderRefused("这个文件夹不能写入。", "请选一个您自己能保存文件的文件夹。")
    if shutil.disk_usage(ground).free < LEAST_FREE:
        raise FolderRefused(
            "这个磁盘的空间不够。", "至少需要 {mib} MB 空闲空间，请换一个磁盘或先清理。", mib=LEAST_FREE >> 20
        )
    return doubts


def judge_existing(folder: Path, kind: Kind | None = None) -> list[FolderDoubtful]:
    """What she should know about the place of a vault that is there already. Raises FolderRefused for a network folder."""
    kind = kind or kind_of(folder)
    if kind.network:
        raise FolderRefused(
            "这个文件夹在网络上（共享盘或别的电脑），档案放在那里会损坏，也可能被别人看到。",
            "请选这台电脑自己磁盘上的文件夹。",
        )
    doubts = []
    if synced_by(folder):
        doubts.append(
            FolderDoubtful(
                "档案在网盘或同步软件的文件夹里（{name}）。",
                "请尽快移到只在这台电脑上的文件夹。",
                name=synced_by(folder),
            )
        )
    if kind.removable:
        doubts.append(
            FolderDoubtful(
                "这是可移动的磁盘，拔出或丢失时档案就不在了。", "建议放在电脑自己的磁盘上，用 U 盘只存加密备份。"
            )
        )
    if kind.fat:
        doubts.append(
            FolderDoubtful(
                "这个磁盘是 FAT 格式，断电时更容易丢失数据，也不能限制别的用户读取。", "建议换到 NTFS 格式的本机磁盘。"
            )
        )
    if kind.fleeting:
        doubts.append(FolderDoubtful("这是内存里的临时文件夹，关机后内容就没有了。", "请换到电脑自己的磁盘。"))
    return doubts


def synced_by(folder: Path) -> str:
    """The name of the part of the path that a synchronising program keeps; empty if none does."""
    for path in {folder, _resolved(folder)}:
        for part in path.parts:
            if part.casefold().removeprefix("我的").startswith(SYNCED_NAMES):
                return part
        for ancestor in (path, *path.parents):
            if any(os.path.exists(ancestor / mark) for mark in SYNC_MARKS):
                return ancestor.name
        for variable in SYNC_VARIABLES:
            root = os.environ.get(variable)
            if root and path.is_relative_to(root):
                return PurePath(root).name
    return ""


def kind_of(folder: Path) -> Kind:
    """What kind of disk the folder is, or would be, on; all no where the system does not tell."""
    ground = _resolved(_nearest(folder))
    if sys.platform == "win32":
        return _kind_on_windows(ground)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return Kind()
    return kind_from_mounts(ground, mounts, removable=_is_removable(ground))


def kind_from_mounts(folder: PurePath, mounts: str, *, removable: bool = False) -> Kind:
    """The kind of disk by Linux's table of mounts: the longest mount point above the folder, the last of equals."""
    best, found = -1, ""
    for point, name in _mounted(mounts):
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, found, place = len(point.parts), name, point
    if best < 0:
        return Kind()
    removable = removable or place.is_relative_to("/media") or place.is_relative_to("/run/media")
    return Kind(
        network=_NETWORK.fullmatch(found) is not None and place != PurePath("/"),  # a machine without a disk of its own
        removable=removable,
        fat=found in _FAT,
        fleeting=found in _FLEETING,
    )


def _mounted(mounts: str) -> Iterator[tuple[PurePath, str]]:
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) >= 3:
            point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
            yield PurePath(point), fields[2]


def _is_removable(folder: Path) -> bool:
    """Whether Linux calls the disk under the folder removable (a partition's flag stands with its disk)."""
    try:
        device = folder.stat().st_dev
    except OSError:
        return False
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    for flag in (block / "removable", block.resolve().parent / "removable"):
        try:
            return flag.read_text().strip() == "1"
        except OSError:
            continue
    return False


def _kind_on_windows(folder: Path) -> Kind:
    if sys.platform != "win32":
        return Kind()
    import ctypes

    if folder.drive.startswith("\\\\"):
        return Kind(network=True)
    root = folder.anchor
    drive = ctypes.windll.kernel32.GetDriveTypeW(root)
    name = ctypes.create_unicode_buffer(64)
    told = ctypes.windll.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
    return Kind(
        network=drive == _DRIVE_REMOTE,
        removable=drive in (_DRIVE_REMOVABLE, _DRIVE_CDROM),
        fat=bool(told) and name.value.casefold() in _FAT,
        fleeting=drive == _DRIVE_RAMDISK,
    )


def _refuse_taken(folder: Path) -> None:
    if not os.path.exists(folder):
        return
    if not os.path.isdir(folder):
        raise FolderRefused("这个位置是一个文件，不是文件夹。", "请选一个空文件夹。")
    try:
        names = {path.name for path in folder.iterdir() if path.name != LOCK and not is_stale(path.name)}
    except PermissionError:
        raise FolderRefused("这个文件夹不能读取。", "请选一个您自己能保存文件的文件夹。") from None
    if names & {DATABASE, KEYS, KEYS_B}:
        raise FolderRefused(
            "这个文件夹里已经有一份静室档案。", "要打开它，请选「打开已有档案」；要新建，请选另一个空文件夹。"
        )
    if names:
        raise FolderRefused("这个文件夹里已有其他文件。", "请选一个空文件夹，或在里面新建一个。")


def _nearest(folder: Path) -> Path:
    """The folder itself or the first one above it that is there."""
    return next((path for path in (folder, *folder.parents) if os.path.exists(path)), Path(folder.anchor))


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, ValueError):
        return folder
