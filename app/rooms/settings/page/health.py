"""环境体检: how this PC stands where the vault lies: one line for each thing looked at, filled in as its answer comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from app.ui.background import Background, Progress
from app.ui.cards import Card, Row, button, restyle, tag, text
from app.ui.clipboard import STAYS_MS
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page
from app.ui.theme import scaled
from app.vault.backupfile import Work
from app.vault.environment import looking
from app.vault.environment.answer import Answer, Read, Standing
from app.vault.reaching import Silent, reach
from app.vault.vault import Vault

PLACE = "settings.health"
LIMIT = 8.0
"""Seconds after which a read is given up."""
SUBJECT_WIDTH = 104
"""Pixels of the column of what is looked at."""
_TONES = {Standing.GOOD: "green", Standing.CARE: "amber", Standing.UNKNOWN: "plain"}


class HealthPage(Page):
    """Reads only; it is looked anew each time she comes here. ``reads`` gives what is looked at now."""

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        background: Background,
        reads: Callable[[], list[Read]],
        limit: float = LIMIT,
    ) -> None:
        super().__init__(self.tr("环境体检"), self.tr("设置"))
        self._vault, self._notice, self._background = vault, notice, background
        self._reads, self._limit = reads, limit
        self._round = 0
        self._at: datetime | None = None
        self._subjects: list[str] = []
        self._answers: dict[int, Answer] = {}
        self.lines: list[Line] = []
        self.copy_button = self.add_action(button(self.tr("复制结果")))
        self.again_button = self.add_action(button(self.tr("再查一次"), primary=True))
        self.copy_button.clicked.connect(self._copy)
        self.again_button.clicked.connect(self.reload)
        self.summary = text("", "secondary", wrap=True)
        self.summary.setAccessibleName(self.tr("体检结果"))
        self.body.addWidget(self.summary)
        self.card = Card(self.tr("这台电脑"), self.tr("只看不改，也不联网"), flush=True)
        self.body.addWidget(self.card)
        self.body.addStretch(1)

    def reload(self) -> None:
        """Look at everything again; answers of an earlier round are not waited for."""
        self._round += 1
        self._at, self._answers = self._vault.now(), {}
        reads = self._reads()
        self._show_lines([read.subject for read in reads])
        self._show_summary()
        for at, read in enumerate(reads):
            look = partial(_look, read, self._limit)
            self._background.run(look, partial(self._fill, self._round, at), self._raise)

    def _show_lines(self, subjects: list[str]) -> None:
        """A line for each subject, made once: every round looks at the same."""
        self._subjects = subjects
        if not self.lines:
            self.lines = [Line(_told(subject)) for subject in subjects]
            for line in self.lines:
                self.card.add_row(line)
        for line in self.lines:
            line.show_waiting()

    def _fill(self, round_: int, at: int, answer: Answer) -> None:
        if round_ != self._round:
            return
        self._answers[at] = answer
        self.lines[at].show_answer(answer)
        self._show_summary()

    def _show_summary(self) -> None:
        done = len(self._answers) == len(self._subjects)
        self.again_button.setEnabled(done)
        self.copy_button.setEnabled(done)
        if not done:
            self.summary.setText(self.tr("正在查看…"))
            return
        counts = dict.fromkeys(Standing, 0)
        for answer in self._answers.values():
            counts[answer.standing] += 1
        told = [f"{label_of(standing)} {count}" for standing, count in counts.items() if count]
        self.summary.setText(
            self.tr("{counts}。请按需要照每行的建议处理，处理后再查一次。").format(counts="，".join(told))
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
        words = self.tr("已复制，请在 {seconds} 秒内粘贴给信息老师；里面没有学校和学生的信息。")
        self._notice.toast(words.format(seconds=STAYS_MS // 1000))

    def as_text(self) -> str:
        """The result in plain text: no path, no name."""
        lines = [self.tr("静室环境体检 {at}").format(at=f"{self._at:%Y-%m-%d %H:%M}")]
        for at, answer in sorted(self._answers.items()):
            subject, said, fix = _told(self._subjects[at]), _told(answer.said, answer), _told(answer.fix, answer)
            lines.append(f"[{label_of(answer.standing)}] {subject}：{said}{fix}")
        return "\n".join(lines) + "\n"

    def _raise(self, error: Exception) -> None:
        raise error


class Line(Row):
    """One thing looked at: how it stands, and what to do about it."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject
        self.title_label.setFixedWidth(scaled(SUBJECT_WIDTH))
        self.tag: QLabel = tag("")
        self.add(self.tag)

    def show_waiting(self) -> None:
        """It is being looked at."""
        self._show(self.tr("正在查看…"), "", "plain")

    def show_answer(self, answer: Answer) -> None:
        """How it stands."""
        said = "\n".join(filter(None, (_told(answer.said, answer), _told(answer.fix, answer))))
        self._show(said, label_of(answer.standing), _TONES[answer.standing])

    def _show(self, words: str, standing: str, tone: str) -> None:
        self.detail_label.setText(words)
        self.tag.setText(standing)
        self.tag.setProperty("tag", tone)
        self.tag.setVisible(bool(standing))
        restyle(self.tag)
        self.setAccessibleName(f"{self.subject}：{standing}")


def _look(read: Read, limit: float, progress: Progress) -> Answer:
    try:
        return reach(limit, partial(_answered, read), progress)
    except Silent:
        return looking.LATE


def _answered(read: Read, _work: Work) -> Answer:
    return looking.answered(read)


def _told(template: str, answer: Answer | None = None) -> str:
    """A read's words in the interface's language, with its values."""
    words = QCoreApplication.translate("Health", template)
    return words.format(**answer.values) if answer is not None else words
