"""What Windows tells, with registry values and answers as Microsoft's documents have them; nothing here was run on Windows."""

from pathlib import Path

import pytest

from app.vault.environment import windows
from app.vault.environment.answer import Standing, Unanswered
from app.vault.environment.system import System
from tests.vault.environment.pretended import Pretended

GOOD, CARE, UNKNOWN = Standing.GOOD, Standing.CARE, Standing.UNKNOWN
VAULT = Path(r"D:\档案\vault")


@pytest.fixture
def pc(tmp_path: Path) -> Pretended:
    return Pretended(tmp_path)


@pytest.mark.parametrize(
    ("told", "standing"), [("1", GOOD), ("3", GOOD), ("2", CARE), ("5", CARE), ("", UNKNOWN), ("?", UNKNOWN)]
)
def test_bitlocker_is_told_by_the_shell_for_the_vaults_own_drive(pc: Pretended, told: str, standing: Standing) -> None:
    asked = []

    def run(*command: str) -> str:
        asked.append(command)
        return f"{told}\r\n"

    pc.run = run
    answer = windows.disk(pc, VAULT)
    assert answer.standing is standing
    assert answer.values == {"drive": "D"}
    assert "NameSpace('D:')" in asked[0][-1]
    assert "档案" not in asked[0][-1]


def test_a_folder_without_a_drive_is_not_asked_about(pc: Pretended) -> None:
    pc.commands["powershell"] = "1"
    with pytest.raises(Unanswered):
        windows.disk(pc, Path(r"\\server\share\vault"))


def test_hibernation_and_fast_startup(pc: Pretended) -> None:
    with pytest.raises(Unanswered):
        windows.hibernation(pc)
    pc.values[windows.POWER, "HibernateEnabledDefault"] = 1
    assert windows.hibernation(pc).standing is CARE
    pc.values[windows.POWER, "HibernateEnabled"] = 0
    assert windows.hibernation(pc).standing is GOOD
    pc.values[windows.POWER, "HibernateEnabled"] = 1
    assert "快速启动" not in windows.hibernation(pc).said
    pc.values[windows.SESSION_POWER, "HiberbootEnabled"] = 1
    assert "快速启动" in windows.hibernation(pc).said
    assert windows.hibernation(pc).standing is CARE


def test_the_page_file_is_encrypted_by_setting_or_by_policy(pc: Pretended) -> None:
    assert windows.page_file(pc).standing is CARE
    for key in (windows.FILE_SYSTEM, windows.FILE_POLICY):
        pc.values = {(key, "NtfsEncryptPagingFile"): 0}
        assert windows.page_file(pc).standing is CARE
        pc.values = {(key, "NtfsEncryptPagingFile"): 1}
        assert windows.page_file(pc).standing is GOOD


def test_one_printer_that_keeps_its_documents_is_enough(pc: Pretended) -> None:
    assert windows.printing(pc).standing is GOOD
    pc.values[rf"{windows.PRINTERS}\HP 心理室", "Attributes"] = 0x1840
    assert windows.printing(pc).standing is GOOD
    pc.values[rf"{windows.PRINTERS}\Canon", "Attributes"] = 0x1940
    answer = windows.printing(pc)
    assert answer.standing is CARE
    assert "Canon" not in answer.said + answer.fix


def test_the_clipboards_history_and_its_way_into_the_cloud(pc: Pretended) -> None:
    assert windows.clipboard(pc).standing is GOOD
    pc.values[windows.CLIPBOARD, "EnableClipboardHistory"] = 1
    assert "Win+V" in windows.clipboard(pc).said
    pc.values[windows.CLIPBOARD, "CloudClipboardAutomaticUpload"] = 1
    assert "别的设备" in windows.clipboard(pc).said
    pc.values[windows.SYSTEM_POLICY, "AllowClipboardHistory"] = 0
    assert "别的设备" in windows.clipboard(pc).said  # the history's policy does not stop the sending
    pc.values[windows.SYSTEM_POLICY, "AllowCrossDeviceClipboard"] = 0
    assert windows.clipboard(pc).standing is GOOD


def test_recall_is_absent_before_24h2_off_by_policy_or_not_to_be_told(pc: Pretended) -> None:
    assert windows.recall(pc).standing is UNKNOWN
    pc.values[windows.VERSION, "CurrentBuildNumber"] = "22631"
    assert windows.recall(pc).standing is GOOD
    pc.values[windows.VERSION, "CurrentBuildNumber"] = "26100"
    assert windows.recall(pc).standing is UNKNOWN
    pc.values["HKCU" + windows.RECALL_POLICY, "DisableAIDataAnalysis"] = 1
    assert windows.recall(pc).standing is GOOD


def test_an_account_that_asks_nobody_or_is_named_as_everybodys(pc: Pretended) -> None:
    pc.variables["USERNAME"] = "林晓岚"
    assert windows.account(pc).standing is UNKNOWN
    pc.variables["USERNAME"] = "Administrator"
    assert windows.account(pc).standing is CARE
    pc.values[windows.LOGON, "AutoAdminLogon"] = "1"
    assert "不问密码" in windows.account(pc).said


@pytest.mark.parametrize(
    ("listed", "standing"),
    [
        (r"D:\v PC\lin:(OI)(CI)(F)" + "\n     NT AUTHORITY\\SYSTEM:(F)\n     BUILTIN\\Administrators:(F)", GOOD),
        (r"D:\v PC\lin:(F)" + "\n     BUILTIN\\Users:(I)(RX)", CARE),
        (r"D:\v Everyone:(RX)", CARE),
        (r"D:\v NT AUTHORITY\Authenticated Users:(I)(M)", CARE),
    ],
)
def test_others_in_the_folders_access_list_are_told(pc: Pretended, listed: str, standing: Standing) -> None:
    pc.commands["icacls"] = listed
    assert windows.permissions(pc, VAULT).standing is standing


def test_no_registry_no_answer() -> None:
    with pytest.raises(Unanswered):
        System().registry(windows.POWER, "HibernateEnabled")
    with pytest.raises(Unanswered):
        System().keys(windows.PRINTERS)
