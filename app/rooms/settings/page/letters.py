"""The words of one letter: changed here, with a preview of what every section becomes, and a way back to the program's."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.documents import keeping, words
from app.errors import Problem
from app.ui.cards import Card, button, clear, text
from app.ui.fields import TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import sentence_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault.vault import Vault

PLACE = "letter"


class LetterPage(Page):
    """One letter's text beside its preview; ``Route.record_id`` is its place in words.names()."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("函件文字"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._name = ""
        self._form: Form | None = None
        self.back = self.add_action(button(self.tr("恢复原来的文字")))
        self.save = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存函件文字")))
        self.back.clicked.connect(self._ask_back)
        self.save.clicked.connect(self._save)
        left, right = self.columns(1, 1)
        card = Card(self.tr("文字"), self.tr("${…} 打印时换成实际内容，请不要改动"))
        self._holder = QVBoxLayout()
        card.body.addLayout(self._holder)
        self._places = text("", "hint", wrap=True, selectable=True)
        card.body.addWidget(self._places)
        left.addWidget(card)
        left.addStretch(1)
        preview = Card(self.tr("预览"), self.tr("用示例填写"))
        self.fault = text("", "error", wrap=True)
        self.fault.setAccessibleName(self.tr("文字里的问题"))
        preview.body.addWidget(self.fault)
        self._preview = QVBoxLayout()
        self._preview.setSpacing(6)
        preview.body.addLayout(self._preview)
        right.addWidget(preview)
        right.addStretch(1)

    def arrive(self, route: Route) -> None:
        self.route = route
        if self._form is not None:
            self._keeper.leave(self._form)
        self._name = words.names()[route.record_id or 0]
        self.set_head(words.label(self._name), self.tr("函件文字"))
        clear(self._holder)
        self.field = TextField(self.tr("函件的文字"), rows=24)
        self._form = Form(f"letter_words/{self._name}", parent=self)
        self._form.add("text", self.field)
        self._holder.addWidget(self.field)
        with self._vault.read() as session:
            own = keeping.own_words(session, self._name)
        self.field.set_value(own or words.bundled(self._name))
        self.back.setEnabled(own is not None)
        places = "　".join(f"${{{place}}}" for place in words.examples(self._name))
        self._places.setText(self.tr("可以用的占位：{places}").format(places=places))
        self._form.mark_saved()
        self._keeper.watch(self._form)
        self.field.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        clear(self._preview)
        try:
            filled = words.preview(self._name, self.field.value())
        except Problem as problem:
            self._say_fault(sentence_of(problem))
            return
        self._say_fault("")
        for section, said in filled.items():
            self._preview.addWidget(text(section, "hint"))
            self._preview.addWidget(_paragraphs(said))

    def _say_fault(self, sentence: str) -> None:
        """What is wrong with the text, until it is put right; meanwhile it cannot be saved."""
        self.fault.setText(sentence + self.tr("改正后才能保存。") if sentence else "")
        self.fault.setVisible(bool(sentence))
        self.save.setEnabled(not sentence)

    def _save(self) -> None:
        if self._form is None:
            return
        try:
            with self._vault.write("修改函件文字") as session:
                keeping.keep_words(session, self._name, self.field.value())
        except Problem as problem:
            self._say_fault(sentence_of(problem))
            return
        self._keeper.settle(self._form)
        self.back.setEnabled(True)
        self._notice.toast(self.tr("已保存，下一份函件起使用。"))

    def _ask_back(self) -> None:
        self._notice.ask(
            self.tr("恢复成程序自带的文字？"),
            self.tr("您改过的文字会被换掉；已经签发的函件不受影响。"),
            self.tr("恢复"),
            self._go_back,
        )

    def _go_back(self) -> None:
        with self._vault.write("恢复函件文字") as session:
            keeping.drop_words(session, self._name)
        self.field.set_value(words.bundled(self._name))
        self.back.setEnabled(False)
        if self._form is not None:
            self._keeper.settle(self._form)
        self._notice.toast(self.tr("已恢复，下一份函件起使用。"))


def _paragraphs(said: str) -> QWidget:
    return text("\n".join(words.paragraphs(said)), wrap=True)
