"""A student entered by hand, with a namesake in the school, guardians that come and go, and a consent that is withdrawn later."""

from __future__ import annotations

from datetime import timedelta

from PIL import Image
from PySide6.QtCore import Qt

from tests.journeys import steps
from tests.journeys.hands import CTRL, Hands

NAMESAKE = "穆青禾"
FATHER, AUNT = "穆远山", "欧阳素"


def test_a_student_by_hand_beside_a_namesake(start, hands, furnished):
    start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "028001", NAMESAKE)
    hands.press("学生")
    hands.press("+ 学生")
    hands.press("保存学生信息")
    hands.reads("请填写学号。")
    hands.fill("学号", "028001")
    hands.fill("姓名", NAMESAKE)
    hands.reads("已有同名学生：八(3)班 028001")
    hands.choose("性别", "男")
    hands.choose("年级", "七年级")
    hands.fill("班级", "１")  # as the input method writes it
    hands.press("保存学生信息")
    hands.reads("仍要新建一份档案吗？")
    hands.press("取消")
    assert hands.value("姓名") == NAMESAKE
    hands.press("保存学生信息")
    hands.press("新建")
    hands.reads("学号 028001 已经是 穆青禾 的。")
    hands.press("知道了")
    hands.fill("学号", "028002")
    hands.press("保存学生信息")
    hands.press("新建")
    hands.find("登记个案")
    hands.reads("七(1)班 · 男 · 学号 028002")


def test_guardians_come_and_go(start, hands, furnished):
    start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "028001", NAMESAKE)
    steps.add_guardian(hands, FATHER, "13800012716", "父亲")
    hands.reads("138****2716 · 主要联系人")
    hands.press("添加监护人")
    hands.press("保存监护人")
    hands.reads("请写姓名或电话，至少一项。")
    hands.reads("请选择与学生的关系。")
    hands.fill("姓名", AUNT)
    hands.choose("与学生的关系", "其他")
    hands.fill("电话", "１３９０００１３００３")
    hands.tick("主要联系人")
    hands.press("保存监护人")
    hands.reads("139****3003 · 主要联系人")
    assert "138****2716 · 主要联系人" not in hands.words()

    hands.press(f"打开监护人 {FATHER}")
    hands.fill("电话", "13700019999")
    hands.press("保存监护人")
    hands.reads("137****9999")
    assert "137****9999 · 主要联系人" not in hands.words()
    hands.press(f"打开监护人 {AUNT}")
    hands.press("移到回收站")
    hands.reads("已移到回收站。")
    hands.wait(lambda: not hands.sees(f"打开监护人 {AUNT}"), "her to be gone")
    hands.reads("137****9999 · 主要联系人")
    hands.press("撤销")
    hands.find(f"打开监护人 {AUNT}")
    assert "139****3003 · 主要联系人" not in hands.words()


def test_a_consent_with_its_page_is_withdrawn_later(start, hands, furnished, pc, clock):
    house = start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "028001", NAMESAKE, born="2014-05-06")
    steps.add_guardian(hands, FATHER, "13800012716")
    hands.reads("还没有有效的同意")
    hands.press("登记知情同意")
    assert hands.value("签署人姓名") == FATHER
    hands.fill("范围", "个别辅导")
    hands.tick("已说明保密例外")
    hands.press("保存知情同意")
    hands.find("今天撤回")
    page = pc.home / "签字页.png"
    Image.effect_noise((300, 300), 80).save(page)
    hands.press("添加附件")
    steps.choose_path(hands, page)
    hands.press("打开附件 签字页.png")
    hands.press("关闭")
    hands.press("返回档案")
    hands.reads(f"同意(2026-11-20，{FATHER})")

    hands.key(Qt.Key.Key_L, CTRL)
    clock.moment += timedelta(days=20)
    steps.unlock(hands, furnished.password)
    hands.press("打开知情同意 个别辅导")
    hands.press("今天撤回")
    hands.wait(lambda: hands.value("撤回日期") == "2026-12-10", "the day of the withdrawal")
    hands.find("打开附件 签字页.png")
    hands.press("返回档案")
    hands.reads("已撤回")
    hands.reads("还没有有效的同意")
    assert house.desk is not None


def test_a_file_goes_to_the_bin_comes_back_and_is_destroyed(start, hands, furnished):
    start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "028001", NAMESAKE)
    discard(hands)
    assert NAMESAKE not in names(hands)
    hands.press("撤销")
    hands.reads("学号 028001")
    discard(hands)
    hands.press("回收站")
    hands.press(f"取回 {NAMESAKE}")
    hands.press("学生")
    assert NAMESAKE in names(hands)
    hands.open_row("学生名单", NAMESAKE)
    discard(hands)
    hands.press("回收站")
    hands.press("清空回收站")
    hands.reads("请写明理由。")
    hands.fill("销毁理由", "重复建档")
    hands.press("清空回收站")
    hands.fill("请输入「销毁」以确认", "确定")
    assert not hands.find("销毁").isEnabled()
    hands.fill("请输入「销毁」以确认", "销毁")
    hands.press("销毁")
    hands.reads("回收站是空的")
    hands.press("学生")
    assert NAMESAKE not in names(hands)


def discard(hands: Hands) -> None:
    """From a student's file to the list."""
    hands.press("移到回收站")
    hands.reads("把这份档案移到回收站？")
    hands.press("移到回收站")
    hands.reads("已移到回收站。")
    hands.find("学生名单")


def names(hands: Hands) -> list[str]:
    return [row[0] for row in hands.rows("学生名单")]
