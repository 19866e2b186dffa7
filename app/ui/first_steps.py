"""The steps of the first start: folder, names, password, recovery code, two of its groups typed back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.choosing import choose_folder
from app.ui.doorcards import DoorCard, sentences
from app.ui.fields import CheckField, Field, LineField
from app.ui.flow import FlowLayout
from app.ui.secrets import SecretField
from app.vault import passwords, places
from app.vault.recovery import RecoveryCode

WIDTH = 560


class Step(DoorCard):
    """One step: a heading, a sentence, its fields; ``check`` raises the Problem that keeps her here."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__(WIDTH)
        self.heading = title
        self.first_field: Field | None = None
        self.add_head(title, words)

    def check(self) -> None:
        """Nothing to check unless the step says so."""

    def arrive(self) -> None:
        """The step is shown: the cursor stands in its first field."""
        if self.first_field is not None:
            self.first_field.setFocus()


class FolderStep(Step):
    """Where the vault lies."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("欢迎使用静室"),
            self.tr("这里写下的一切只存在这台电脑上，用您自己的口令加密。先选一个存放档案的文件夹，一般用默认的就好。"),
        )
        self.field = LineField(self.tr("档案文件夹"))
        self.field.set_value(str(places.default_folder()))
        self.column.addWidget(self.field)
        self.choose_button = button(self.tr("选择文件夹"))
        self.column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.doubts = text("", "warning", wrap=True)
        self.column.addWidget(self.doubts)
        self.first_field = self.field
        self.choose_button.clicked.connect(self._choose)
        self.field.changed.connect(self._judge)
        self._judge()

    def folder(self) -> Path:
        return Path(self.field.value().strip()).expanduser()

    def check(self) -> None:
        places.judge_new(self.folder())

    def _judge(self) -> None:
        try:
            doubts = places.judge_new(self.folder())
        except Problem as problem:
            self.doubts.setText("".join(sentences(problem)))
            return
        self.doubts.setText("\n".join("".join(sentences(doubt)) for doubt in doubts))

    def _choose(self) -> None:
        start = next(path for path in (self.folder(), *self.folder().parents) if path.is_dir())
        choose_folder(self, self.tr("选择文件夹"), start, self._chosen)

    def _chosen(self, chosen: Path) -> None:
        self.field.set_value(str(chosen / "静室档案" if chosen.is_dir() and any(chosen.iterdir()) else chosen))


class NamesStep(Step):
    """Whose vault it is."""

    def __init__(self) -> None:
        super().__init__(self.tr("学校和辅导室"), self.tr("这些名称印在函件和记录上，以后可以在设置里修改。"))
        self.school = LineField(self.tr("学校名称"), placeholder=self.tr("例如：青禾中学"))
        self.room = LineField(self.tr("辅导室名称"))
        self.room.set_value(self.tr("心理辅导室"))
        self.counsellor = LineField(self.tr("您的姓名"), self.tr("心理教师的姓名，用于签署。"))
        self.outside = CheckField(
            self.tr("解锁界面显示学校和辅导室名称"), self.tr("这两个名称会以明文保存；不勾选则只在打开后显示。")
        )
        self.outside.set_on(True)
        self.first_field = self.school
        for field in (self.school, self.room, self.counsellor, self.outside):
            self.column.addWidget(field)

    def names(self) -> tuple[str, str, str]:
        return self.school.value().strip(), self.room.value().strip(), self.counsellor.value().strip()

    def check(self) -> None:
        for field in (self.school, self.room, self.counsellor):
            if not field.value().strip():
                raise Problem("「{field}」还没有填写。", "填写后再继续。", field=field.label)


class PasswordStep(Step):
    """The password, typed twice, with the reasons against it as it is typed; it may hold none of the ``names``."""

    def __init__(self, names: Callable[[], tuple[str, ...]], title: str = "") -> None:
        super().__init__(
            title or self.tr("设一个口令"),
            self.tr("至少 12 个字。也可以用下面生成的六个词，好记又安全。口令只有您知道，没有人能替您找回。"),
        )
        self._names = names
        self.first_field = self.first = SecretField(self.tr("口令"))
        self.reason = text("", "warning", wrap=True)
        self.reason.setMinimumHeight(34)
        self.second = SecretField(self.tr("再输入一次"))
        self.shown = CheckField(self.tr("显示输入的内容(旁边没有人时)"))
        self.phrase_button = button(self.tr("生成六个词的口令"))
        self.phrase = text("", "strong", wrap=True, selectable=True)
        self.phrase.setAccessibleName(self.tr("生成的口令"))
        self.column.addWidget(self.first)
        self.column.addWidget(self.reason)
        self.column.addWidget(self.second)
        self.column.addWidget(self.shown)
        self.column.addWidget(self.phrase_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.phrase)
        self.first.changed.connect(self._judge)
        self.shown.changed.connect(self._show)
        self.phrase_button.clicked.connect(self._generate)

    def check(self) -> None:
        passwords.check_new(self.first.value(), self._names())
        if self.first.value() != self.second.value():
            raise Problem("两次输入的口令不一样。", "请再输入一次。")

    def _judge(self) -> None:
        typed = self.first.value()
        try:
            passwords.check_new(typed, self._names())
        except Problem as problem:
            self.reason.setText(sentences(problem)[0] if typed else "")
            return
        self.reason.setText("\n".join(passwords.doubts(typed)))

    def _show(self) -> None:
        self.first.set_shown(self.shown.is_on())
        self.second.set_shown(self.shown.is_on())

    def _generate(self) -> None:
        phrase = passwords.new_phrase(self._names())
        self.phrase.setText(
            self.tr("{words}\n输入时写成：{password}").format(words=" ".join(phrase.words), password=phrase.password)
        )


class CodeStep(Step):
    """The recovery code, shown this once."""

    print_wanted = Signal(object)

    def __init__(self, code: RecoveryCode, title: str = "", words: str = "") -> None:
        super().__init__(
            title or self.tr("抄下恢复码"),
            words
            or self.tr(
                "忘记口令时，只有它能打开档案和备份。它只显示这一次：请手抄或打印出来，与电脑分开，锁在安全的地方。"
            ),
        )
        self.code = code
        groups = QWidget()
        flow = FlowLayout(12, groups)
        for at, group in enumerate(code.groups):
            flow.addWidget(self._make_group(at + 1, group))
        self.column.addWidget(groups)
        self.print_button = button(self.tr("打印恢复码"))
        self.print_button.setToolTip(self.tr("打印内容会经过电脑的打印队列；最稳妥的是手抄。"))
        self.print_button.clicked.connect(self._print)
        self.column.addSpacing(8)
        self.column.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_group(self, number: int, group: str) -> QWidget:
        cell = QWidget()
        line = QHBoxLayout(cell)
        line.setContentsMargins(0, 0, 8, 0)
        line.setSpacing(8)
        label = text(group, "code", selectable=True)
        label.setAccessibleName(self.tr("恢复码第{number}组").format(number=number))
        line.addWidget(text(str(number), "hint"))
        line.addWidget(label)
        return cell

    def _print(self) -> None:
        self.print_wanted.emit(self.code)


class TypeBackStep(Step):
    """Two groups of the code typed back, as proof that she has it."""

    def __init__(self, code: RecoveryCode) -> None:
        super().__init__(self.tr("核对恢复码"), self.tr("请看着您抄下的恢复码，填写其中两组。"))
        self._code = code
        first = secrets.randbelow(len(code.groups)) + 1
        second = (first + secrets.randbelow(len(code.groups) - 1)) % len(code.groups) + 1
        self.numbers = tuple(sorted((first, second)))
        self.fields = [LineField(self.tr("第{number}组").format(number=number)) for number in self.numbers]
        for field in self.fields:
            self.column.addWidget(field)
        self.first_field = self.fields[0]

    def check(self) -> None:
        for number, field in zip(self.numbers, self.fields, strict=True):
            if not self._code.is_group(number, field.value()):
                raise Problem(
                    "第{number}组与恢复码不一致。", "请对照抄下的重新填写，或返回上一步再看一遍。", number=number
                )
