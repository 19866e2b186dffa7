"""The receipt: entered by hand from the hospital's sheet, with its scan."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from app.errors import Problem
from app.rooms.referrals import following
from app.rooms.referrals.choices import Advice, ReceiptFrom
from app.rooms.referrals.following import Scan
from app.rooms.referrals.page.about import AboutReferral
from app.rooms.referrals.record import ReceiptValues, Referral
from app.ui.background import Background, Progress
from app.ui.cards import Card, button, text
from app.ui.choosing import choose_file
from app.ui.fields import CheckField, ChipsField, ChoiceField, DateField, TextField
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Route
from app.vault import typing
from app.vault.attachments import LARGEST
from app.vault.vault import Vault

PLACE = "receipt"


class ReceiptPage(AboutReferral):
    """One receipt of one referral. The name of a diagnosis is not asked for."""

    part = "receipt"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, background: Background) -> None:
        super().__init__(self.tr("登记回执"), vault, notice, keeper)
        self._background = background
        self._scan: Scan | None = None
        left, right = self.columns(3, 2)
        left.addWidget(self._answer())
        left.addStretch(1)
        right.addWidget(self._page_itself())
        right.addStretch(1)
        self.save_button = self.add_action(button(self.tr("保存回执"), primary=True))
        self.save_button.clicked.connect(self.save)

    def arrive(self, route: Route) -> None:
        """Open the form for the referral that the route names."""
        super().arrive(route)
        self._take(None)
        self._show_visit()

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept; the scan is chosen again."""
        super().leave()
        self._scan = None

    def save(self) -> None:
        """Write the receipt down, with its scan."""
        try:
            values = self._values()
            with self._vault.write("登记转介回执") as session:
                following.receive(session, self._referral_id, values, self._scan, self._vault.clock.today())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self._back()

    def add_scan(self, path: Path) -> None:
        """Read the scan in the background; it is kept with the receipt when that is saved."""
        self._background.run(partial(_read, path), self._take, self._not_read)

    def _first(self, referral: Referral) -> dict[str, str]:
        return {
            "received_on": self._vault.clock.today().isoformat(),
            "received_from": ReceiptFrom.HOSPITAL.value,
            "visited": "1",
            "visit_on": referral.attended_on.isoformat() if referral.attended_on else "",
        }

    def _answer(self) -> Card:
        card = Card(self.tr("回执内容"), self.tr("不需要填诊断名称"))
        self.received_on = DateField(self.tr("收到回执的日期"))
        self.received_from = ChoiceField(self.tr("回执来源"), ReceiptFrom)
        self.visited = CheckField(self.tr("已就诊"))
        self.visit_on = DateField(self.tr("就诊日期"))
        self.advice = ChipsField(self.tr("医生建议"), [(advice.value, label_of(advice)) for advice in Advice])
        self.advice_to_school = TextField(self.tr("对学校的建议"), rows=3)
        self.medication = TextField(self.tr("用药情况"), self.tr("监护人同意才记；不同意就空着"), rows=2)
        self.revisit_on = DateField(self.tr("下次复诊日期"))
        fields = {
            "received_on": self.received_on,
            "received_from": self.received_from,
            "visited": self.visited,
            "visit_on": self.visit_on,
            "advice": self.advice,
            "advice_to_school": self.advice_to_school,
            "medication": self.medication,
            "revisit_on": self.revisit_on,
        }
        self._add(card, fields)
        self.visited.changed.connect(self._show_visit)
        return card

    def _page_itself(self) -> Card:
        card = Card(self.tr("回执扫描件"))
        self.scan_words = text("", "secondary", wrap=True)
        self.scan_button = button(self.tr("选择扫描件"))
        card.body.addWidget(self.scan_words)
        card.body.addWidget(self.scan_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.scan_button.clicked.connect(self._choose)
        return card

    def _values(self) -> ReceiptValues:
        received_on, source = self.received_on.day(), self.received_from.choice()
        if received_on is None or source is None:
            raise Problem("没有写收到回执的日期。", "请填写日期后再保存。")
        visited = self.visited.is_on()
        return ReceiptValues(
            received_on=received_on,
            received_from=source,
            visited=visited,
            visit_on=self.visit_on.day() if visited else None,
            advice=self.advice.codes(),
            advice_to_school=self.advice_to_school.value(),
            medication=self.medication.value(),
            revisit_on=self.revisit_on.day(),
        )

    def _show_visit(self) -> None:
        self.visit_on.setVisible(self.visited.is_on())

    def _choose(self) -> None:
        kinds = [self.tr("扫描件 (*.pdf *.jpg *.jpeg *.png)")]
        choose_file(self.window(), self.tr("选择回执扫描件"), Path.home(), kinds, self.add_scan)

    def _take(self, scan: Scan | None) -> None:
        self._scan = scan
        words = self.tr("可以附上盖章回执的扫描件(PDF 或图片，不超过 20 MB)，存进加密的档案。")
        self.scan_words.setText(self.tr("已选：{name}").format(name=scan.name) if scan else words)

    def _not_read(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)


def _read(path: Path, _progress: Progress) -> Scan:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        raise Problem("「{name}」读不出来。", "请检查文件是否还在，或换一个位置。", name=path.name) from None
    return Scan(path.name, content)
