"""环境体检: from the settings, line by line, again after something was put right, and as plain text for the school's IT."""

import threading

from PySide6.QtGui import QGuiApplication

from app.rooms.settings.page.health import HealthPage
from app.ui.background import Background
from app.vault.environment.answer import Read, good
from app.vault.files import KEYS_B
from tests.journeys import steps
from tests.ui.fake_notice import FakeNotice


def test_each_thing_looked_at_stands_with_its_fix_and_can_be_handed_on(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    (furnished.folder / KEYS_B).unlink()
    furnished.folder.chmod(0o755)
    hands.press("设置")
    hands.press("环境体检")
    hands.reads("请按需要照每行的建议处理")
    hands.reads("钥匙文件的两份副本只有一份可用。")
    hands.reads("别的账户能看到档案文件夹")
    hands.wait(lambda: hands.sees("钥匙文件：请注意"), "the key file's line")
    hands.wait(lambda: hands.sees("谁能打开文件夹：请注意"), "the folder's line")
    hands.wait(lambda: hands.sees("磁盘空间：好") or hands.sees("磁盘空间：请注意"), "the disk's line")
    hands.press("复制结果")
    hands.reads("已复制")
    handed = QGuiApplication.clipboard().text()
    assert "[请注意] 钥匙文件：钥匙文件的两份副本只有一份可用。" in handed
    assert "静室环境体检 2026-11-20 10:00" in handed
    with house.desk.vault.read() as session:
        assert not [name for name in (str(furnished.folder), *names(session)) if name in handed]

    furnished.folder.chmod(0o700)
    hands.press("再查一次")
    hands.wait(lambda: hands.sees("谁能打开文件夹：好"), "the folder put right")
    hands.wait(lambda: hands.sees("钥匙文件：请注意"), "the key file's line again")
    assert not (furnished.folder / KEYS_B).exists()  # it only looks


def names(session):
    from app.rooms.school import store as schools

    return [name for name in schools.names(session) if name]


def test_the_page_answers_while_a_disk_hangs_and_so_does_the_lock(vault, qtbot):
    over = threading.Event()

    def hangs():
        over.wait()
        return good("好。")

    def wanted():
        return [Read("磁盘空间", hangs), Read("钥匙文件", lambda: good("都在。"))]

    background = Background()
    page = HealthPage(vault, FakeNotice(), background, wanted, limit=3600)
    qtbot.addWidget(page)
    page.reload()
    try:
        qtbot.waitUntil(lambda: page.lines[1].accessibleName() == "钥匙文件：好")
        assert "正在查看" in page.lines[0].detail_label.text()
        assert not page.again_button.isEnabled()
        background.stop_all()
    finally:
        over.set()


def test_a_read_that_never_answers_is_told_after_its_time(vault, qtbot):
    over = threading.Event()

    def hangs():
        over.wait()
        return good("好。")

    page = HealthPage(vault, FakeNotice(), Background(), lambda: [Read("磁盘空间", hangs)], limit=0.1)
    qtbot.addWidget(page)
    page.reload()
    try:
        qtbot.waitUntil(page.again_button.isEnabled)
        assert page.lines[0].accessibleName() == "磁盘空间：看不出来"
        assert "没有回答" in page.as_text()
    finally:
        over.set()
