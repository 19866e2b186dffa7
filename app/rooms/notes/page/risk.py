"""The questions on what was done about a risk, asked before signing (domain.md 2.5, 6.1)."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from PySide6.QtWidgets import QGridLayout, QWidget

from app.rooms.notes.choices import GuardianTold, RiskFlag
from app.rooms.notes.page.picks import MomentField, PickField, YesNoField
from app.rooms.notes.record import RiskValues
from app.ui.cards import Card, text
from app.ui.fields import TextField
from app.ui.forms import Form
from app.ui.language import label_of
from app.vault.choice import Choice

PREFIX = "risk."


class RiskCard(Card):
    """What was done: guardian, not left alone, head, referral, authorities, and why something was not."""

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("先确认安全"), self.tr("签署前必须回答"))
        self.warning = text("", "warning", wrap=True)
        self.body.addWidget(self.warning)
        self.guardian = PickField(self.tr("监护人"), [(told.value, label_of(told)) for told in GuardianTold])
        self.guardian_at = MomentField(self.tr("通知监护人的时间"))
        self.accompanied = YesNoField(self.tr("有人陪护，未让学生独处"))
        self.head_told = YesNoField(self.tr("已报告校领导"))
        self.head_at = MomentField(self.tr("报告校领导的时间"))
        self.referral = YesNoField(self.tr("已建议转介评估"))
        self.reported = YesNoField(self.tr("已向公安等部门报告"))
        self.reported_at = MomentField(self.tr("向公安等部门报告的时间"))
        self.told_scope = TextField(
            self.tr("告知的内容范围"), self.tr("只写告诉了对方的那一部分，以最少必要为限"), rows=1
        )
        self.done = TextField(self.tr("处置经过"), rows=2)
        self.reason = TextField(self.tr("没有做到的事项及原因"), rows=1)
        self.body.addWidget(self.guardian)
        self.body.addWidget(self.guardian_at)
        self.body.addLayout(self._pairs())
        for field in (self.told_scope, self.done, self.reason):
            self.body.addWidget(field)
        for name in FIELDS:
            form.add(PREFIX + name, getattr(self, name))
        self._flag: RiskFlag | None = None
        for asked in (self.guardian, self.head_told, self.reported):
            asked.changed.connect(self._arrange)
        self._arrange()

    def set_flag(self, flag: RiskFlag | None) -> None:
        """Ask what this flag asks; nothing is shown for 无 and 需关注."""
        self._flag = flag
        self.setVisible(flag is not None and flag.asks)
        self.reported.setVisible(flag is RiskFlag.ABUSE)
        self.warning.setText(
            self.tr("监护人可能就是侵害者时，不要先通知该监护人，先向公安机关报告(未成年人保护法第十一条)。")
            if flag is RiskFlag.ABUSE
            else self.tr("先处理学生的安全。回答会随记录一起封存，并留在学生档案上，直到写明了结。")
        )
        self._arrange()

    def values(self, on: date, zone: tzinfo | None) -> RiskValues:
        """The answers as they stand. Raises Problem for a time that is none."""
        guardian = next((told for told in GuardianTold if told.value == self.guardian.value()), None)
        told = guardian is GuardianTold.TOLD
        abuse = self._flag is RiskFlag.ABUSE
        return RiskValues(
            guardian=guardian,
            guardian_at=self.guardian_at.moment(on, zone) if told else None,
            accompanied=self.accompanied.answer(),
            head_told=self.head_told.answer(),
            head_at=self.head_at.moment(on, zone) if self.head_told.answer() else None,
            referral=self.referral.answer(),
            reported=self.reported.answer() if abuse else None,
            reported_at=self.reported_at.moment(on, zone) if abuse and self.reported.answer() else None,
            told_scope=self.told_scope.value(),
            done=self.done.value(),
            reason=self.reason.value(),
        )

    def _pairs(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        pairs: tuple[tuple[QWidget, QWidget], ...] = (
            (self.accompanied, self.referral),
            (self.head_told, self.head_at),
            (self.reported, self.reported_at),
        )
        for row, (left, right) in enumerate(pairs):
            grid.addWidget(left, row, 0)
            grid.addWidget(right, row, 1)
        return grid

    def _arrange(self) -> None:
        told = self.guardian.value() == GuardianTold.TOLD.value
        self.guardian_at.setVisible(told)
        self.head_at.setVisible(self.head_told.answer() is True)
        reported = self._flag is RiskFlag.ABUSE and self.reported.answer() is True
        self.reported_at.setVisible(reported)
        self.told_scope.setVisible(told or self.head_told.answer() is True or reported)


FIELDS = (
    "guardian",
    "guardian_at",
    "accompanied",
    "head_told",
    "head_at",
    "referral",
    "reported",
    "reported_at",
    "told_scope",
    "done",
    "reason",
)


def as_texts(risk: RiskValues, zone: tzinfo | None) -> dict[str, str]:
    """The answers as the form's values."""
    return {PREFIX + name: _text(getattr(risk, name), zone) for name in FIELDS}


def _text(value: object, zone: tzinfo | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    return value.value if isinstance(value, Choice) else str(value)
