"""The verdict on a file, as a card shows it: a colour with its word, the reason in one sentence, the next step, the details."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.documents.certificates import in_groups
from app.documents.verifying import Colour, Verdict
from app.ui.cards import restyle, tag, text
from app.ui.language import label_of

_TONES = {Colour.GREEN: "green", Colour.AMBER: "amber", Colour.RED: "red", Colour.LOCKED: "blue"}


class VerdictView(QWidget):
    """Shows one verdict. The word says it, not the colour alone."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.colour = tag("")
        self.sentence = text("", wrap=True, selectable=True)
        self.next_step = text("", "secondary", wrap=True)
        line = QHBoxLayout()
        line.addWidget(self.colour)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.sentence)
        column.addWidget(self.next_step)
        self.details = Facts()
        column.addLayout(self.details)

    def show_verdict(self, verdict: Verdict, zone: tzinfo | None, *, details: bool = True) -> None:
        """Show this verdict; ``details`` adds signer, time, fingerprint and digest."""
        self.colour.setText(label_of(verdict.colour))
        self.colour.setProperty("tag", _TONES[verdict.colour])
        restyle(self.colour)
        template = QCoreApplication.translate("Verdict", verdict.template)
        self.sentence.setText(template.format(**verdict.values))
        self.next_step.setText(self._what_next(verdict))
        self.next_step.setVisible(bool(self.next_step.text()))
        self.setAccessibleName(f"{label_of(verdict.colour)}：{self.sentence.text()}")
        self.details.show_facts(self._details(verdict, zone) if details else [])

    def _what_next(self, verdict: Verdict) -> str:
        if verdict.colour is Colour.GREEN:
            voided = verdict.issued is not None and verdict.issued.voided
            return self.tr("请不要再使用这份文件，以重新签发的为准。") if voided else ""
        if verdict.colour is Colour.AMBER:
            return self.tr("请打电话给对方，逐组核对下面的证书指纹；对不上就当作来历不明。")
        if verdict.colour is Colour.RED:
            return self.tr("不要以这个文件为准。请按编号在「文书」里打开原件，或请对方重新发一份。")
        return self.tr("口令由导出的人另外告诉。这里输入的口令不保存。")

    def _details(self, verdict: Verdict, zone: tzinfo | None) -> list[tuple[str, str]]:
        facts = []
        if verdict.signature is not None:
            facts.append((self.tr("签名人"), verdict.signature.signer))
            if verdict.signature.signed_at is not None:
                at = f"{verdict.signature.signed_at.astimezone(zone):%Y-%m-%d %H:%M}"
                facts.append((self.tr("签名时间"), self.tr("{at}(签名电脑的时钟)").format(at=at)))
            facts.append((self.tr("证书指纹"), in_groups(verdict.signature.fingerprint)))
        facts.append((self.tr("SHA-256"), in_groups(verdict.sha256)))
        return facts


class Facts(QGridLayout):
    """Labels at the left, values at the right; long ones break, and every value can be selected."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)
        self.setColumnStretch(1, 1)
        self._shown: list[QLabel] = []
        self.values: dict[str, QLabel] = {}

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these pairs instead."""
        for label in self._shown:
            label.hide()
            label.deleteLater()
        self._shown, self.values = [], {}
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(facts):
            label, words = text(name, "secondary"), text(value, wrap=True, selectable=True)
            words.setAccessibleName(name)
            self.addWidget(label, row, 0, top)
            self.addWidget(words, row, 1, top)
            self._shown += [label, words]
            self.values[name] = words
