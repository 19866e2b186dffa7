"""The form of one consent or refusal, with its scanned page, its withdrawal, and the signature owed after a telephone call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school import store as schools
from app.rooms.school.record import class_name, end_of_school_year
from app.rooms.students import consents, store
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.page.consenttexts import DAYS, record_of, texts_again, texts_of, who_signs
from app.rooms.students.record import Consent, Guardian, Student, signature_lacking
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, button, text
from app.ui.fields import (
    CheckField,
    ChipsField,
    ChoiceField,
    DateField,
    Field,
    LineField,
    Options,
    OptionsField,
    TextField,
)
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import bin, typing
from app.vault.vault import Vault

PLACE = "consent"
LettersOn = Callable[[Session, Consent], list[str]]
"""The numbers of the issued letters that rest on a consent: the referrals' answer, handed in by the house."""
_CONCLUDING = ("written_at", "withdrawn_at")
"""What may still be written once a letter rests on it."""
_FIELDS = {"exceptions_explained": "exceptions"}
"""The form's field by the column, where they are named differently."""


class ConsentPage(Page):
    """A consent's values (domain.md 2.3). ``items`` are what may be shared, (code, label): the referrals' list, handed in by the house."""

    kinds = frozenset({"attachment", "referral", "voided"})

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        *,
        items: Options = (),
        letters_on: LettersOn,
    ) -> None:
        super().__init__(self.tr("知情同意"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._letters_on = letters_on
        self._consent: Consent | None = None
        self._letters: list[str] = []
        """The issued letters that rest on it: it is not changed any more."""
        self._student_id = 0
        self._back_to: Route | None = None
        """The referral that waits for this consent."""
        self._born: date | None = None
        self._guardians: list[Guardian] = []
        self.form = Form("", parent=self)
        self._build(background, items)
        self.back_button = self.add_action(button(self.tr("返回档案")))
        self.back_button.clicked.connect(self._go_back)
        self.save_button = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存知情同意")))
        self.save_button.clicked.connect(self.save)
        self.form.changed.connect(self._follow)
        self._guardian_field.changed.connect(self._take_name)

    def arrive(self, route: Route) -> None:
        to_referral = self.came_from is not None and self.came_from.place in ("referral", "referral.read")
        self._back_to = self.came_from if to_referral else None
        self.back_button.setText(self.tr("返回转介单") if to_referral else self.tr("返回档案"))
        self.back_button.setAccessibleName(self.back_button.text())
        with self._vault.read() as session:
            days = schools.terms(session).consent_oral_days
        self._written.set_hint(self.tr("口头同意后 {n} 天内补签纸质同意书").format(n=days))
        if route.record_id is not None:
            self.open_consent(route.record_id)
        elif route.student_id is not None:
            self.new_consent(route.student_id)
            if to_referral and not self.form.is_dirty():
                self._ask_for_sharing()
            elif route.part is not None and not self.form.is_dirty():
                self._give_again(route.part)

    def open_consent(self, consent_id: int) -> None:
        """Show a consent."""
        self.leave()
        with self._vault.read() as session:
            consent = store.consent(session, consent_id)
        self._consent, self._student_id = consent, consent.student_id
        self.route = Route(PLACE, consent_id, consent.student_id)
        self._begin(f"consent/{consent_id}", texts_of(consent))
        self.attached.show_for(consent)
        self._vault.record_view(consent)

    def new_consent(self, student_id: int) -> None:
        """Enter a consent of a student; it holds until the end of the school year unless another day is written (domain.md 2.3)."""
        self.leave()
        self._consent, self._student_id = None, student_id
        self.route = Route(PLACE, None, student_id)
        today = self._vault.clock.today()
        empty = dict.fromkeys(self.form.fields, "")
        values = {
            "type": ConsentType.COUNSELLING.value,
            "decision": ConsentDecision.AGREED.value,
            "signer_role": SignerRole.GUARDIAN.value,
            "method": ConsentMethod.PAPER.value,
            "signed_at": today.isoformat(),
            "valid_until": end_of_school_year(today).isoformat(),
        }
        self._begin(f"consent/new/{student_id}", empty | values)
        if self._guardians and not self.form.is_dirty():
            self.form.fields["guardian"].set_value(str(self._guardians[0].id))
            self.form.mark_saved()

    def _give_again(self, consent_id: int) -> None:
        """Begin with what the consent said that has run out, or that the student is to sign too."""
        with self._vault.read() as session:
            before, student = store.consent(session, consent_id), store.get(session, self._student_id)
        self.form.fill(texts_again(before, student, self._vault.clock.today()))
        self.form.mark_saved()

    def _ask_for_sharing(self) -> None:
        """What a referral waits for: leave to tell the hospital, by the guardian and from 14 on the student too."""
        role = who_signs(self._born, self._vault.clock.today())
        scope = self.tr("向接诊机构提供转介函所列的信息，用于就医评估")
        self.form.fill({"type": ConsentType.SHARING.value, "signer_role": role.value, "scope_text": scope})
        self.form.mark_saved()

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def save(self) -> None:
        """Write the consent down; the page stays, so that the scan can be added."""
        try:
            days = self._read_days()
            with self._vault.write("保存知情同意") as session:
                consent = self._write_down(session, days)
                typing.drop(session, self.form.key)
        except Problem as problem:
            if isinstance(problem, consents.Incomplete):
                self.form.show_errors({_FIELDS.get(name, name): said for name, said in problem.fields.items()})
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self._notice.toast(self.tr("已保存。"))
        self.open_consent(consent.id)

    def _write_down(self, session: Session, days: dict[str, date | None]) -> Consent:
        """The form written down: all of it, or of a consent under a letter only what comes after."""
        if self._consent is not None and self._letters:
            return consents.conclude(session, self._consent.id, **{name: days[name] for name in _CONCLUDING})
        if self._consent is not None:
            consents.check_free(self._letters_on(session, self._consent))
        return consents.save(session, self._as_record(days))

    def reload(self) -> None:
        self.attached.reload()
        self._look_for_letters()

    # The screen

    def _build(self, background: Background, items: Options) -> None:
        left, right = self.columns(3, 2)
        self._guardian_field = OptionsField(self.tr("哪一位监护人"), [("", self.tr("不在名单上"))])
        self._scope_field = ChipsField(self.tr("同意提供的内容"), list(items))
        self._scope_text = TextField(self.tr("范围"), self.tr("同意的是什么，写给谁、做什么用"), rows=2)
        fields: tuple[tuple[str, Field], ...] = (
            ("type", ChoiceField(self.tr("事项"), ConsentType)),
            ("decision", ChoiceField(self.tr("决定"), ConsentDecision)),
            ("signer_role", ChoiceField(self.tr("谁来签署"), SignerRole)),
            ("guardian", self._guardian_field),
            ("signer_name", LineField(self.tr("签署人姓名"), self.tr("两人签署时都写上"))),
            ("method", ChoiceField(self.tr("方式"), ConsentMethod)),
            ("signed_at", DateField(self.tr("签署日期"))),
            ("valid_until", DateField(self.tr("有效期至"), self.tr("不写就一直有效"))),
        )
        card = Card(self.tr("知情同意"))
        self.banner = text("", "warning", wrap=True)
        self.banner.setAccessibleName(self.tr("转介函的依据"))
        card.body.addWidget(self.banner)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for at, (name, field) in enumerate(fields):
            grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
            self.form.add(name, field)
        card.body.addLayout(grid)
        self.rule = text("", "warning", wrap=True)
        self.rule.setAccessibleName(self.tr("签署要求"))
        card.body.addWidget(self.rule)
        exceptions = CheckField(self.tr("已说明保密例外"), self.tr("有严重危险、可能受到侵害、法律要求披露时不能保密"))
        for name, field in (("scope", self._scope_field), ("scope_text", self._scope_text), ("exceptions", exceptions)):
            card.body.addWidget(field)
            self.form.add(name, field)
        left.addWidget(card)
        left.addStretch(1)
        right.addWidget(self._after())
        self.attached = AttachedCard(self._vault, self._notice, background)
        right.addWidget(self.attached)
        self.later = text(self.tr("保存后可以添加签字页的扫描件。"), "hint", wrap=True)
        right.addWidget(self.later)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

    def _after(self) -> QWidget:
        """What may come after: the signature owed, the withdrawal."""
        self.after_card = Card(self.tr("之后"))
        self._written = DateField(self.tr("补签日期"))
        self._withdrawn = DateField(self.tr("撤回日期"), self.tr("撤回之前已做的不受影响；从这一天起不再有效"))
        for name, field in (("written_at", self._written), ("withdrawn_at", self._withdrawn)):
            self.after_card.body.addWidget(field)
            self.form.add(name, field)
        self.withdraw_button = button(self.tr("今天撤回"))
        self.withdraw_button.clicked.connect(self._withdraw)
        line = QHBoxLayout()
        line.addWidget(self.withdraw_button)
        line.addStretch(1)
        self.after_card.body.addLayout(line)
        return self.after_card

    def _begin(self, key: str, values: dict[str, str]) -> None:
        with self._vault.read() as session:
            student: Student = store.get(session, self._student_id)
            self._guardians = store.guardians(session, self._student_id)
        self._born = student.birth_date
        named = [(str(g.id), f"{label_of(g.relation)} {g.name}".strip()) for g in self._guardians]
        self._guardian_field.set_options([("", self.tr("不在名单上")), *named])
        self.set_head(self.tr("知情同意"), f"{student.name} · {class_name(student.grade, student.class_no)}")
        for shown_once_saved in (self.after_card, self.attached, self.discard_button):
            shown_once_saved.setVisible(self._consent is not None)
        self.later.setVisible(self._consent is None)
        self._look_for_letters()
        self.form.key, self.form.student_id = key, self._student_id
        self.form.fill(values)
        self.form.fields["signer_name"].set_value(values["signer_name"])
        self.form.show_errors({})
        self.form.mark_saved()
        self._keeper.watch(self.form)
        self._follow()

    def _look_for_letters(self) -> None:
        """A consent that a letter rests on is not changed: only what came after it is written down."""
        self._letters = []
        if self._consent is not None:
            with self._vault.read() as session:
                self._letters = self._letters_on(session, self._consent)
        for name, field in self.form.fields.items():
            field.setEnabled(name in _CONCLUDING or not self._letters)
        self.banner.setVisible(bool(self._letters))
        said = self.tr("转介函{letters}以这份同意为依据，内容不再修改。不再同意的，请登记撤回日期。")
        self.banner.setText(said.format(letters="、".join(self._letters)))

    def _follow(self) -> None:
        """Show what the answers so far ask for: the items of a partial consent, who has to sign at this age, the owed signature."""
        values = self.form.values()
        partial_sharing = (values["type"], values["decision"]) == (
            ConsentType.SHARING.value,
            ConsentDecision.PARTIAL.value,
        )
        self._scope_field.setVisible(partial_sharing and bool(self._scope_field.chips))
        self._guardian_field.setVisible(values["signer_role"] != SignerRole.STUDENT.value)
        self._written.setVisible(values["method"] == ConsentMethod.PHONE.value)
        self.withdraw_button.setVisible(not values["withdrawn_at"])
        role = SignerRole.read(values["signer_role"]) or SignerRole.GUARDIAN
        try:
            day = self._date("signed_at") or self._vault.clock.today()
        except Problem:
            day = self._vault.clock.today()
        lacking = signature_lacking(self._born, day, role)
        by_guardian = values["signer_role"] != SignerRole.STUDENT.value
        if values["type"] == ConsentType.SHARING.value and by_guardian and not values["guardian"]:
            lacking += self.tr("请选是哪一位监护人；名单上没有的，先到学生档案里录入，否则转介函不能签发。")
        self.rule.setText(lacking)
        self.rule.setVisible(bool(lacking))

    def _take_name(self) -> None:
        """The name of the guardian just chosen, where nothing else was written."""
        values = self.form.values()
        names = {str(guardian.id): guardian.name for guardian in self._guardians}
        written = values["signer_name"].strip()
        if (
            (chosen := names.get(values["guardian"]))
            and (not written or written in names.values())
            and written != chosen
        ):
            self.form.fields["signer_name"].set_value(chosen)

    # Values and acts

    def _date(self, name: str) -> date | None:
        field = self.form.fields[name]
        return field.day() if isinstance(field, DateField) else None

    def _read_days(self) -> dict[str, date | None]:
        """The form's days. Raises Problem for what is none, or without a day of signing."""
        days = {name: self._date(name) for name in DAYS}
        if days["signed_at"] is None:
            raise Problem("没有写签署日期。", "请填写日期后再保存。")
        if days["signed_at"] > self._vault.clock.today():
            raise Problem("签署日期在今天之后。", "请改正日期。")
        return days

    def _as_record(self, days: dict[str, date | None]) -> Consent:
        """What is in the form as a record, detached; an existing one keeps its id."""
        values = self.form.values()
        if self._scope_field.isHidden():
            values["scope"] = ""
        made = record_of(self._student_id, values, days)
        if self._consent is not None:
            made.id = self._consent.id
            made.created_at = self._consent.created_at
        return made

    def _go_back(self) -> None:
        self.went.emit(self._back_to or Route("student", self._student_id, self._student_id))

    def _withdraw(self) -> None:
        self._withdrawn.set_day(self._vault.clock.today())
        self.save()

    def _discard(self) -> None:
        if self._consent is None:
            return
        consent_id = self._consent.id
        try:
            with self._vault.write("知情同意移到回收站") as session:
                letters = self._letters_on(session, self._consent)
                consents.discard(session, consent_id, letters, self._vault.now())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self.leave()
        self.route = None
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, consent_id))
        self._go_back()

    def _take_back(self, consent_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(store.consent(session, consent_id))
