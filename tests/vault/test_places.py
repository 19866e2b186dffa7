"""Where a vault may lie, said in plain words."""

import os
from pathlib import Path, PurePosixPath

import pytest

from app.vault import places
from app.vault.places import FolderRefused, Kind, default_folder, judge_existing, judge_new, kind_from_mounts, kind_of

LOCAL = Kind()

MOUNTS = """\
/dev/sda2 / ext4 rw 0 0
proc /proc proc rw 0 0
tmpfs /tmp tmpfs rw 0 0
//nas/school /mnt/share cifs rw 0 0
nas:/x /mnt/nfs nfs4 rw 0 0
me@host: /home/li/host fuse.sshfs rw 0 0
/dev/sdb1 /media/li/My\\040Stick vfat rw 0 0
/dev/sdc1 /mnt/plain exfat rw 0 0
/dev/sdd1 /run/media/li/disk ntfs3 rw 0 0
first /mnt/twice nfs rw 0 0
second /mnt/twice ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/li/vault", Kind()),
        ("/tmp/vault", Kind(fleeting=True)),
        ("/mnt/share", Kind(network=True)),
        ("/mnt/share/a/b", Kind(network=True)),
        ("/mnt/shared", Kind()),
        ("/mnt/nfs/a", Kind(network=True)),
        ("/home/li/host/a", Kind(network=True)),
        ("/media/li/My Stick/vault", Kind(removable=True, fat=True)),
        ("/mnt/plain/vault", Kind(fat=True)),
        ("/run/media/li/disk/vault", Kind(removable=True)),
        ("/mnt/twice/vault", Kind()),
    ],
)
def test_the_disk_under_a_folder_is_told_by_the_mounts(folder, kind):
    assert kind_from_mounts(PurePosixPath(folder), MOUNTS) == kind


def test_this_machines_own_folder_is_no_network():
    assert not kind_of(Path(__file__).parent).network


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - 明德中学",
        "我的坚果云",
        "坚果云",
        "Nutstore",
        "BaiduNetdiskWorkspace",
        "BaiduSyncdisk",
        "百度网盘同步空间",
        "Dropbox",
        "Dropbox (个人)",
        "iCloudDrive",
        "iCloud Drive",
        "Google Drive",
        "WPS云盘",
        "阿里云盘",
        "腾讯微云",
    ],
)
def test_a_synchronised_folder_is_refused_by_its_name(tmp_path, name):
    with pytest.raises(FolderRefused) as refusal:
        judge_new(tmp_path / name / "心理辅导室" / "vault", LOCAL)
    assert name in refusal.value.sentence
    assert refusal.value.next_step


def test_a_folder_a_synchronising_program_marked_is_refused(tmp_path):
    (tmp_path / ".stfolder").mkdir()
    with pytest.raises(FolderRefused):
        judge_new(tmp_path / "vault", LOCAL)


def test_a_folder_under_the_systems_own_cloud_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "学校"))
    with pytest.raises(FolderRefused):
        judge_new(tmp_path / "学校" / "vault", LOCAL)


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_into_a_synchronised_folder_is_seen_through(tmp_path):
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "local").symlink_to(tmp_path / "OneDrive")
    with pytest.raises(FolderRefused):
        judge_new(tmp_path / "local" / "vault", LOCAL)


def test_a_vault_already_in_a_synchronised_folder_may_be_opened_with_a_word(tmp_path):
    (doubt,) = judge_existing(tmp_path / "OneDrive", LOCAL)
    assert "OneDrive" in doubt.sentence


def test_the_network_is_refused_for_new_and_old(tmp_path):
    for judge in (judge_new, judge_existing):
        with pytest.raises(FolderRefused, match="网络"):
            judge(tmp_path, Kind(network=True))


def test_a_stick_is_allowed_with_a_word(tmp_path):
    doubts = judge_new(tmp_path / "vault", Kind(removable=True, fat=True))
    assert ["可移动" in doubts[0].sentence, "FAT" in doubts[1].sentence] == [True, True]
    assert all(doubt.next_step for doubt in doubts)


def test_a_good_folder_raises_no_doubt_whether_it_exists_or_not(tmp_path):
    assert judge_new(tmp_path, LOCAL) == []
    assert judge_new(tmp_path / "王 老师" / "🏫" / "vault", LOCAL) == []
    assert list(tmp_path.iterdir()) == []


def test_taken_places_are_refused_each_with_its_reason(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderRefused, match="已有其他文件"):
        judge_new(tmp_path, LOCAL)
    with pytest.raises(FolderRefused, match="不是文件夹"):
        judge_new(tmp_path / "file", LOCAL)
    (tmp_path / "vault.keys").write_text("x")
    with pytest.raises(FolderRefused, match="已经有一份"):
        judge_new(tmp_path, LOCAL)
    with pytest.raises(FolderRefused, match="完整路径"):
        judge_new(Path("vault"), LOCAL)


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderRefused):
        judge_new(tmp_path / "file" / "vault", LOCAL)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FolderRefused, match="不能写入"):
        judge_new(tmp_path, LOCAL)


def test_a_full_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LEAST_FREE", 2**70)
    with pytest.raises(FolderRefused, match="空间不够"):
        judge_new(tmp_path, LOCAL)


def test_the_default_folder_is_one_of_the_users_own_and_is_not_synchronised():
    assert default_folder().is_absolute()
    assert places.synced_by(default_folder()) == ""
