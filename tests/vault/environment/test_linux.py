"""What Linux tells of disk, swap, dumps, clipboard, account and printing; files and folders as a kernel lays them out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.vault.environment import linux
from app.vault.environment.answer import Standing, Unanswered
from app.vault.environment.system import System
from tests.vault.environment.pretended import Pretended

GOOD, CARE, UNKNOWN = Standing.GOOD, Standing.CARE, Standing.UNKNOWN
SWAPS = "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n"


@pytest.fixture
def pc(tmp_path: Path) -> Pretended:
    return Pretended(tmp_path / "root")


def disk(pc: Pretended, name: str, uuid: str = "", under: tuple[str, ...] = ()) -> None:
    """One block device as /sys shows it."""
    pc.put(f"/sys/class/block/{name}/size", "1\n")
    if uuid:
        pc.put(f"/sys/class/block/{name}/dm/uuid", uuid)
    for each in under:
        pc.put(f"/sys/class/block/{name}/slaves/{each}")


def test_a_plain_partition_is_not_encrypted(pc: Pretended) -> None:
    disk(pc, "sda2")
    pc.block = "sda2"
    answer = linux.disk(pc, Path("/home"))
    assert answer.standing is CARE
    assert "LUKS" in answer.fix


def test_encryption_is_found_under_lvm_and_must_hold_for_every_disk_of_a_raid(pc: Pretended) -> None:
    disk(pc, "sda2")
    disk(pc, "sdb2")
    disk(pc, "dm-0", "CRYPT-LUKS2-0011-luks", ("sda2",))
    disk(pc, "dm-1", "LVM-aabb", ("dm-0",))
    pc.block = "dm-1"
    assert linux.disk(pc, Path("/home")).standing is GOOD
    disk(pc, "md0", "", ("dm-0", "sdb2"))
    pc.block = "md0"
    assert linux.disk(pc, Path("/home")).standing is CARE


def test_a_file_system_without_a_disk_of_its_own_is_not_judged(pc: Pretended) -> None:
    assert linux.disk(pc, Path("/home")).standing is UNKNOWN


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        ("", GOOD),
        ("/dev/zram0 partition 1 0 100\n", GOOD),
        ("/dev/dm-0 partition 1 0 -2\n", GOOD),
        ("/dev/sda3 partition 1 0 -2\n", CARE),
        ("/dev/zram0 partition 1 0 100\n/dev/sda3 partition 1 0 -2\n", CARE),
        ("/swapfile file 1 0 -2\n", CARE),
    ],
)
def test_swap_is_absent_in_memory_or_encrypted_or_it_is_told(pc: Pretended, lines: str, standing: Standing) -> None:
    pc.put("/proc/swaps", SWAPS + lines)
    disk(pc, "sda3")
    disk(pc, "dm-0", "CRYPT-PLAIN-swap", ("sda3",))
    assert linux.swap(pc).standing is standing


def test_a_swap_file_is_as_safe_as_the_disk_it_lies_on(pc: Pretended) -> None:
    pc.put("/proc/swaps", SWAPS + "/swapfile file 1 0 -2\n")
    disk(pc, "dm-0", "CRYPT-LUKS2-1", ("sda2",))
    pc.block = "dm-0"
    assert linux.swap(pc).standing is GOOD


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows a process that may not be dumped")
def test_this_program_keeps_its_memory_from_being_dumped() -> None:
    ask = "from app.vault.environment import linux; from app.vault.environment.system import System; "
    tell = "print(linux.core_dumps(System()).standing.value)"
    private = "from app.ui.process import keep_memory_private; keep_memory_private(); "
    for before, told in (("", "care"), (private, "good")):
        done = subprocess.run([sys.executable, "-c", before + ask + tell], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == told


def test_a_program_that_keeps_what_is_copied_is_found(pc: Pretended) -> None:
    pc.put("/proc/1/comm", "systemd\n")
    pc.put("/proc/self/comm", "copyq\n")
    assert linux.clipboard(pc).standing is GOOD
    pc.put("/proc/812/comm", "copyq\n")
    assert linux.clipboard(pc).standing is CARE


def test_programs_that_run_are_read_from_the_real_proc() -> None:
    assert Path("/proc/self/comm").read_text(encoding="utf-8").strip() in set(System().processes())


def test_an_account_logged_in_twice_without_a_password_or_as_administrator_is_told(pc: Pretended) -> None:
    with pytest.raises(Unanswered):
        linux.account(pc)
    own = "  2 1000 lin seat0 tty2\n  c1 117 gdm seat0 tty1\n 31 1000 lin - 901 manager - no -\n"
    pc.commands["loginctl"] = own
    assert linux.account(pc).standing is UNKNOWN
    pc.commands["loginctl"] = own + "  5 1000 lin - pts/0\n"
    assert linux.account(pc).values == {"count": 2}
    pc.put("/etc/gdm3/daemon.conf", "[daemon]\n# AutomaticLoginEnable = true\n")
    assert "同时登录" in linux.account(pc).said
    pc.put("/etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable = True\nAutomaticLogin = lin\n")
    assert "不问密码" in linux.account(pc).said
    pc.number = 0
    assert "root" in linux.account(pc).said


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=lin\n"),
        ("/etc/sddm.conf", "[Theme]\nCurrent=x\n[Autologin]\nSession=plasma\nUser=lin\n"),
    ],
)
def test_other_login_screens_that_ask_nobody_are_known(pc: Pretended, path: str, text: str) -> None:
    pc.commands["loginctl"] = ""
    pc.put(path, text.replace("lin\n", "\n"))
    assert linux.account(pc).standing is UNKNOWN
    pc.put(path, text)
    assert linux.account(pc).standing is CARE


def test_pages_are_kept_by_the_printing_system_unless_it_says_no(pc: Pretended) -> None:
    assert linux.printing(pc).standing is GOOD
    pc.put("/etc/cups/cupsd.conf", "LogLevel warn\n# PreserveJobFiles No\n")
    assert linux.printing(pc).standing is CARE
    pc.put("/etc/cups/cupsd.conf", "LogLevel warn\nPreserveJobFiles No\n")
    assert linux.printing(pc).standing is GOOD
    pc.put("/etc/cups/cupsd.conf", "PreserveJobFiles No\nPreserveJobFiles 3600\n")
    assert linux.printing(pc).standing is CARE


def test_settings_that_may_not_be_read_are_no_good_news(pc: Pretended) -> None:
    class Closed(Pretended):
        def text(self, path: str) -> str:
            raise PermissionError

    pc.put("/etc/cups/cupsd.conf")
    assert linux.printing(Closed(pc.root)).standing is UNKNOWN


def test_the_real_disk_under_a_folder_is_known_to_the_kernel_or_not_judged(tmp_path: Path) -> None:
    answer = linux.disk(System(), tmp_path)
    number = os.stat(tmp_path).st_dev
    known = os.path.exists(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    assert (answer.standing is UNKNOWN) is not known
