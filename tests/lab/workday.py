"""A counsellor's working day, hour by hour, by hand in the real program: in each field a word that stands nowhere else.

What is here runs inside the program (tests/journeys/driven), except ``markers`` and what the class lists are made from.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PIL import Image
from PIL.PngImagePlugin import PngInfo

if TYPE_CHECKING:
    from app.house.house import House
    from tests.journeys.hands import Hands

VAULT, CARRIED, TAKEN = "静室档案", "带来的", "带走的"
"""Folders in her home: the vault, what she has brought (class lists, a drawing), and what she takes out on purpose."""
SIGNS = (
    "安暗岸白柏班薄保北本碧边标冰波布草层茶长常晨城橙初春词丛村带淡稻灯低滴地冬东洞度端短帆方风枫峰浮府甘高歌谷果海禾河荷横红湖花怀环黄灰"
    "回火鸡集简江角阶金京静酒菊卷开康柯空苦快蓝浪老雷冷离里栗莲凉林零流柳龙楼露芦陆路绿落麻满毛梅门棉面民明木南泥年鸟宁牛农盘平坡蒲秋泉雀"
)
"""What markers are made of: no text of the program holds six of these in such an order."""


def prose(dice: random.Random) -> str:
    return "".join(dice.sample(SIGNS, 6))


def name(dice: random.Random) -> str:
    return "".join(dice.sample(SIGNS, 3))


def number(dice: random.Random) -> str:
    return f"07{dice.randrange(10**7, 10**8)}"


def phone(dice: random.Random) -> str:
    return f"199{dice.randrange(10**7, 10**8)}"


def digits(dice: random.Random) -> str:
    return dice.choice(("4071", "6283", "9305", "8164"))


def letters(dice: random.Random) -> str:
    return "".join(dice.choices("bcdfghjkmnpqrtvwx", k=12))


def from_the_program(_dice: random.Random) -> str:
    return ""  # made by the program in the first hour


@dataclass(frozen=True)
class Marker:
    """What kind of field it is written in; whether the vault keeps it."""

    what: str
    make: Callable[[random.Random], str] = prose
    kept: bool = True


MARKERS = {
    "school": Marker("the school's name"),
    "counsellor": Marker("the counsellor's name", name),
    "password": Marker("the password", from_the_program, kept=False),
    "code": Marker("the recovery code", from_the_program, kept=False),
    "name": Marker("a student's name", name),
    "number": Marker("a student's number", number),
    "guardian": Marker("a guardian's name", name),
    "phone": Marker("a guardian's telephone", phone),
    "complaint": Marker("why a case was opened"),
    "note": Marker("a signed note"),
    "risk": Marker("what was done about a risk"),
    "draft": Marker("a draft"),
    "typed": Marker("typed and not saved"),
    "half": Marker("shown by the input method and not committed"),
    "wrong": Marker("a wrong password typed at the door", letters, kept=False),
    "bug": Marker("the words of an error nobody foresaw", kept=False),
    "listed": Marker("a name in a class list, destroyed later", name, kept=False),
    "list": Marker("a class list's file name", kept=False),
    "faulty": Marker("a row of a list that is not taken", name, kept=False),
    "refused": Marker("a list that is refused", kept=False),
    "letter": Marker("a referral letter"),
    "hospital": Marker("the hospital"),
    "signer": Marker("who signed a consent", name),
    "receiver": Marker("to whom an export goes"),
    "purpose": Marker("why something is printed"),
    "file password": Marker("the password of an exported file", letters, kept=False),
    "sought": Marker("sought in the jump box", kept=False),
    "filter": Marker("by which a list is narrowed", kept=False),
    "subject": Marker("what an appointment is about"),
    "put off": Marker("why something is put off"),
    "file": Marker("an attachment's file name"),
    "folder": Marker("a folder she took a file from", kept=False),
    "content": Marker("an attachment's content", letters),
    "phrase": Marker("a phrase of her own"),
    "own words": Marker("her own words in a letter"),
    "pin": Marker("the PIN behind the cover", digits, kept=False),
    "memo": Marker("a private note, copied"),
    "reason": Marker("why a file is destroyed"),
    "crash": Marker("typed when the program crashes", kept=False),
}


def markers(dice: random.Random) -> dict[str, str]:
    """A word for each kind of field."""
    return {kind: marker.make(dice) for kind, marker in MARKERS.items()}


@dataclass(frozen=True)
class At:
    """Where an hour begins: the program, the words, the PC's folders."""

    hands: Hands
    house: House
    words: dict[str, str]
    home: Path
    printer: str = ""

    @property
    def carried(self) -> Path:
        return self.home / CARRIED

    @property
    def taken(self) -> Path:
        return self.home / TAKEN


def given(told: str) -> tuple[dict[str, str], Path, str]:
    """What the lab hands over: the words, the home folder, the printer's name."""
    words, home, printer = json.loads(told)
    return words, Path(home), printer


@dataclass(frozen=True)
class Hour:
    """What is done; the markers it writes; those of all the day's that must then lie in what was taken out on purpose."""

    act: Callable[[At], Any]
    brings: tuple[str, ...]
    takes_out: tuple[str, ...] = ()
    then_locks: bool = field(default=True)


def first_run(at: At) -> list[str]:
    """A new vault; gives its password and its code."""
    from tests.journeys import steps

    made = steps.first_run(at.hands, at.home / VAULT, school=at.words["school"], counsellor=at.words["counsellor"])
    return [made.password, made.code]


def meeting(at: At) -> None:
    """A student, a case, a signed note with a risk, a draft, and words that are only typed."""
    from tests.journeys import steps

    hands, words = at.hands, at.words
    steps.add_student(hands, words["number"], words["name"])
    steps.add_guardian(hands, words["guardian"], words["phone"])
    hands.press("登记个案")
    hands.press("来源：学生主动")
    hands.press("问题类型：情绪困扰")
    hands.fill("主诉", words["complaint"])
    hands.press("开始个案")
    write_note(at, words["note"])
    hands.press("风险标记：有自伤/自杀意念")
    hands.press("监护人：已通知")
    for done in ("有人陪护，未让学生独处", "已报告校领导", "已建议转介评估"):
        hands.press(f"{done}：是")
    hands.fill("通知监护人的时间", "10:05")
    hands.fill("报告校领导的时间", "10:10")
    hands.fill("告知的内容范围", "安全情况")
    hands.fill("处置经过", words["risk"])
    steps.sign_note(hands)
    hands.press("返回")
    write_note(at, words["draft"])
    hands.press("存草稿")
    hands.wait(lambda: hands.sees("移到回收站"), "the draft to be saved")
    hands.fill("过程与方法", words["typed"])
    hands.compose(words["half"])


def write_note(at: At, said: str) -> None:
    """From the case to a whole note of yesterday."""
    hands = at.hands
    hands.press("+ 会谈记录")
    hands.fill("日期", (date.today() - timedelta(days=1)).isoformat())
    for label, words in (
        ("开始时间", "0950"), ("结束时间", "1030"), ("学生自述", said), ("观察", "语速平稳。"), ("过程与方法", "倾听。"),
        ("评估与分析", "状态在恢复。"), ("下次计划", "下周再谈。"),
    ):  # fmt: skip
        hands.fill(label, words)


def unlock(at: At) -> None:
    from tests.journeys import steps

    steps.unlock(at.hands, at.words["password"])


def back_at_the_door(at: At) -> None:
    """A wrong password first."""
    from tests.journeys import steps

    at.hands.fill("口令", at.words["wrong"])
    at.hands.press("打开")
    at.hands.reads("口令不对")
    steps.unlock(at.hands, at.words["password"])
    at.hands.wait(lambda: at.hands.value("过程与方法") == at.words["typed"] + at.words["half"], "what was typed")


def bug(at: At) -> None:
    """An error nobody foresaw, on a thread, in a job and, once this hour is over, in the window."""
    import threading

    from PySide6.QtCore import QTimer

    def broken(*_given: object) -> None:
        raise RuntimeError(at.words["bug"])

    assert at.house.desk is not None
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    failed: list[Exception] = []
    at.house.desk.background.run(broken, failed.append, failed.append)
    at.hands.wait(lambda: bool(failed), "the job to fail")
    QTimer.singleShot(0, broken)


def after_the_bug(at: At) -> None:
    """It is said with its place in the code."""
    from PySide6.QtTest import QTest

    from tests.journeys.hands import has_bug

    while not has_bug():
        QTest.qWait(20)
    assert at.words["bug"] not in at.hands.words()
    assert at.house.desk is not None
    at.house.desk.notice.close_all()


def class_lists(at: At) -> None:
    """A list that is no list, and one with a row that cannot be taken, which is handed back."""
    from tests.journeys import steps

    hands, words = at.hands, at.words
    hands.press("学生")
    hands.press("导入名单")
    for file, read in (("坏名单.xlsx", "损坏"), (f"{words['list']}.xlsx", "")):
        hands.press("选择文件")
        steps.choose_path(hands, at.carried / file)
        if read:
            hands.reads(read)
            hands.press("知道了")
    hands.find("全不选")
    hands.turn("名单的各部分", "问题行")
    hands.press("导出问题行")
    steps.say_for_whom(hands, "教务处", "核对名单")
    hands.press("选择保存位置")
    steps.choose_path(hands, at.taken / "退给教务处.xlsx")
    hands.reads("已导出")
    hands.press("导入")
    hands.reads("新增 1 名学生")


def files(words: dict[str, str]) -> dict[str, bytes]:
    """What she has brought, by name."""
    import xlsxwriter

    told = BytesIO()
    book = xlsxwriter.Workbook(told, {"in_memory": True})
    rows = [
        ("学号", "姓名", "性别", "班级"),
        ("026070001", words["listed"], "女", "七(1)班"),
        ("", words["faulty"], "男", "七(1)班"),
    ]
    sheet = book.add_worksheet("名册")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    drawing, said = BytesIO(), PngInfo()
    said.add_text("Comment", words["content"])
    Image.new("RGB", (60, 40), "white").save(drawing, "PNG", pnginfo=said)
    return {
        f"{words['list']}.xlsx": told.getvalue(),
        "坏名单.xlsx": f"PK\x03\x04{words['refused']}".encode(),
        f"{words['folder']}/{words['file']}.png": drawing.getvalue(),
    }


def referral(at: At) -> None:
    """A letter from its draft to a file, a protected file and the printer."""
    from tests.journeys import steps

    hands, words = at.hands, at.words
    to_the_student(at)
    hands.press("写转介单")
    hands.fill("机构名称", words["hospital"])
    hands.fill("科室", "儿少心理科")
    hands.press("转介原因：药物/诊断评估")
    hands.fill("主要表现及起始时间", words["letter"])
    hands.fill("学校已做工作", "个别辅导。")
    hands.press("存草稿")
    hands.reads("已保存")
    hands.press("登记同意")
    steps.consent(hands, words["signer"])
    hands.press("返回转介单")
    hands.reads("可以签发")
    steps.issue(hands, words["password"])
    hands.press("导出")
    steps.say_for_whom(hands, words["receiver"])
    hands.press("选择保存位置")
    steps.choose_path(hands, at.taken / "函.pdf")
    hands.reads("已导出")
    hands.press("导出")
    steps.say_for_whom(hands)
    hands.tick("用口令保护这份文件(AES-256)")
    hands.fill("文件口令", words["file password"])
    hands.fill("再输入一次文件口令", words["file password"])
    hands.press("选择保存位置")
    steps.choose_path(hands, at.taken / "保护的函.pdf")  # she signed a moment ago: the password is not asked for again
    hands.reads("「保护的函.pdf」")
    print_it(at)


def print_it(at: At) -> None:
    """On the queue there is; the dialog alone where there is none."""
    from PySide6.QtWidgets import QComboBox

    from tests.journeys import steps

    hands = at.hands
    hands.press("打印")
    steps.say_for_whom(hands, "接诊医院", at.words["purpose"])
    if not at.printer:
        hands.press("取消")
        return
    hands.wait(lambda: hands.find("打印机", QComboBox).isEnabled(), "the printers")
    hands.choose("打印机", at.printer)
    hands.press("开始打印")
    hands.reads("已交给打印机")


def to_the_student(at: At) -> None:
    at.hands.jump(at.words["number"], at.words["name"])
    at.hands.find("写转介单")


def searching(at: At) -> None:
    """In the jump box, the list of students, the papers and the register."""
    from PySide6.QtCore import Qt

    from tests.journeys.hands import CTRL

    hands = at.hands
    hands.key(Qt.Key.Key_K, CTRL)
    hands.write(at.words["sought"])
    hands.key(Qt.Key.Key_Escape)
    hands.press("学生")
    hands.fill("在名单中找", at.words["filter"])
    hands.reads("没有符合条件的学生")
    hands.press("文书")
    hands.fill("查找文书", at.words["filter"])
    hands.reads("没有符合条件的文书")
    hands.press("查阅登记")
    hands.press("核对留痕")
    hands.press("开始核对")
    hands.reads("全部对得上")
    hands.press("关闭")


def appointments(at: At) -> None:
    """An appointment, and something of Today that is put off."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QPushButton

    from tests.journeys.hands import CTRL, name_of

    hands = at.hands
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    hands.press("日程")
    hands.press("+ 预约")
    hands.fill("称呼或名称", "小雨")
    for label, words in (("日期", tomorrow), ("开始", "1220"), ("结束", "1300"), ("事由", at.words["subject"])):
        hands.fill(label, words)
    hands.press("保存预约")
    hands.wait(lambda: hands.sees("改期"), "the appointment")
    hands.key(Qt.Key.Key_1, CTRL)
    buttons = hands.front().findChildren(QPushButton)
    hands.press(next(name_of(one) for one in buttons if one.isVisible() and name_of(one).startswith("推后：")))
    hands.fill("推后到", tomorrow)
    hands.fill("推后的原因", at.words["put off"])
    hands.press("确认推后")
    hands.reads("已推后到")


def attachment(at: At) -> None:
    """A drawing: taken in, looked at, a copy saved."""
    from PySide6.QtWidgets import QFileDialog

    from tests.journeys import steps

    hands, file, folder = at.hands, f"{at.words['file']}.png", at.carried / at.words["folder"]
    to_the_student(at)
    hands.press("添加附件")
    hands.wait(lambda: isinstance(hands.front(), QFileDialog), "the files")
    cast("QFileDialog", hands.front()).setDirectory(str(folder))  # she goes into the folder, which Qt would remember
    hands.press("取消")
    hands.press("添加附件")
    steps.choose_path(hands, folder / file)
    hands.press(f"打开附件 {file}")
    hands.press("另存副本…")
    steps.say_for_whom(hands, "监护人", "告知情况")
    hands.press("选择保存位置")
    steps.choose_path(hands, at.taken / file)
    hands.reads("副本已保存")
    hands.press("知道了")
    hands.press("关闭")


def settings(at: At) -> None:
    """Phrases, a letter's words, theme and lock; the PIN, the cover and 会谈模式."""
    from PySide6.QtCore import Qt

    from app.documents import words as letters_words
    from app.ui.page import Route

    hands, words = at.hands, at.words
    at.house.go(Route("snippets"))
    hands.fill("名称", "散步")
    hands.fill("内容", words["phrase"])
    hands.press("保存常用语")
    hands.reads("已保存")
    hands.press("设置")
    hands.press(f"{letters_words.label('referral')}：修改")
    page = at.house.desk.window.page()  # type: ignore[union-attr]
    page.field.set_value(f"{page.field.value()}\n{words['own words']}")  # type: ignore[union-attr]
    hands.press("保存函件文字")
    hands.reads("下一份函件起使用")
    hands.press("设置")
    hands.choose("无人操作多久后自动锁定", "10 分钟")
    hands.fill("四位数字", words["pin"])
    hands.press("保存遮屏数字")
    hands.reads("已设数字")
    hands.choose("颜色", "深色")  # every page is made anew
    hands.key(Qt.Key.Key_F9)
    hands.key(Qt.Key.Key_Space)
    hands.fill("数字或口令", words["pin"])
    hands.key(Qt.Key.Key_Return)
    to_the_student(at)
    hands.key(Qt.Key.Key_F8)
    hands.reads(f"只显示 {words['name']} 的姓名")
    hands.press("结束会谈模式")


def copying(at: At) -> None:
    """A private note beside a signed one, copied and cut."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QPlainTextEdit
    from sqlalchemy import select

    from app.rooms.notes.record import Note
    from app.ui.page import Route
    from tests.journeys.hands import CTRL

    assert at.house.desk is not None
    with at.house.desk.vault.read() as session:
        note = session.scalars(select(Note).where(Note.signed_at.is_not(None))).first()
    assert note is not None
    at.house.go(Route("note.read", note.id, note.student_id))
    at.hands.fill("个人手记", at.words["memo"])
    at.hands.press("保存手记")
    at.hands.click(at.hands.find("个人手记", QPlainTextEdit))
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        at.hands.key(key, CTRL)


def backups(at: At) -> None:
    """To this disk and another place, a drill, a look inside one."""
    from tests.journeys import steps

    hands = at.hands
    hands.press("设置")
    hands.press("备份与恢复")
    second = at.home / "U盘"
    second.mkdir()
    hands.press("选择位置")
    steps.choose_path(hands, second)
    hands.press("立即备份")
    hands.wait(lambda: bool(list(second.rglob("*.jsbak"))), "the backup in the other place")
    hands.wait(lambda: hands.find("开始演练").isEnabled(), "the backup to be over")
    hands.press("开始演练")
    hands.reads("演练通过")
    hands.press("知道了")


def destroying(at: At) -> None:
    """The student of the class list is destroyed."""
    hands = at.hands
    hands.jump("026070001", at.words["listed"])
    hands.press("移到回收站")
    hands.press("移到回收站")
    hands.press("学生")
    hands.press("回收站")
    hands.fill("销毁理由", at.words["reason"])
    hands.press("清空回收站")
    hands.fill("请输入「销毁」以确认", "销毁")
    hands.press("销毁")
    hands.reads("回收站是空的")


def quitting(at: At) -> None:
    """The window is closed; a last backup, and the program ends."""
    from tests.journeys.hands import windows

    (window,) = windows()
    window.close()


def crashing(at: At) -> None:
    """Words in a new note when the process dies of its own fault."""
    import ctypes

    to_the_student(at)
    at.hands.press("+ 会谈记录")
    at.hands.fill("学生自述", at.words["crash"])
    ctypes.string_at(0)


HOURS = {
    "first_run": Hour(first_run, ("school", "counsellor", "password", "code"), then_locks=False),
    "meeting": Hour(
        meeting,
        ("name", "number", "guardian", "phone", "complaint", "note", "risk", "draft", "typed", "half"),
    ),
    "back_at_the_door": Hour(back_at_the_door, ("wrong",), then_locks=False),
    "bug": Hour(bug, (), then_locks=False),
    "after_the_bug": Hour(after_the_bug, ("bug",), then_locks=False),
    "class_lists": Hour(class_lists, ("listed", "list", "faulty", "refused"), ("faulty",)),
    "referral": Hour(
        referral,
        ("letter", "hospital", "signer", "receiver", "purpose", "file password"),
        ("name", "phone", "guardian", "letter", "hospital"),
    ),
    "searching": Hour(searching, ("sought", "filter"), then_locks=False),
    "appointments": Hour(appointments, ("subject", "put off"), then_locks=False),
    "attachment": Hour(attachment, ("file", "folder", "content"), ("file", "content")),
    "settings": Hour(settings, ("phrase", "own words", "pin"), then_locks=False),
    "copying": Hour(copying, ("memo",), then_locks=False),
    "backups": Hour(backups, (), then_locks=False),
    "destroying": Hour(destroying, ("reason",), then_locks=False),
}
"""In the order of the day."""
