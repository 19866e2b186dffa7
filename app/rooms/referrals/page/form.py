"""The referral form: four steps beside the letter as it will look; saved, checked at the gate, signed and issued."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.documents.certificates import Holder
from app.documents.signing import SigningSession, present_certificate
from app.errors import Problem
from app.rooms.notes import store as notes
from app.rooms.referrals import drafting, institutions, issuing, rules, store
from app.rooms.referrals.contents import Contents, contents, drafted
from app.rooms.referrals.page.papers import Papers
from app.rooms.referrals.page.steps import ConsentCard, ItemsCard, ReasonCard, ReceiverCard
from app.rooms.referrals.record import Referral, ReferralValues
from app.rooms.referrals.wording import day
from app.rooms.school.record import class_name
from app.rooms.school.store import school
from app.rooms.students import store as students
from app.ui.background import Background, Progress
from app.ui.cards import button, text
from app.ui.fields import DateField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import sentence_of
from app.ui.notice import Notice
from app.ui.page import Page, Route, UprightArea
from app.ui.preview import PaperView, Sheet
from app.ui.signing_desk import SigningDesk
from app.vault import outgoing, typing
from app.vault.outgoing import ForWhom
from app.vault.choice import Choice
from app.vault.trail import Act
from app.vault.vault import Vault

PLACE = "referral"
PREVIEW_MS = 500
"""The letter is drawn anew this long after the last key."""


class ReferralForm(Page):
    """One referral before its letter. A referral that is issued is passed on to its own page."""

    kinds = frozenset({"consent", "guardian", "institution", "student"})
    issued = Signal(int)  # issued id
    document_wanted = Signal(int)  # issued id
    sheet_wanted = Signal(object, str, object)  # an unnumbered sheet: PDF, name, log (ui/printing.py)

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("转介单"), scrolls=False)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._background, self._signing = background, signing
        self._referral_id: int | None = None
        self._student_id = 0
        self._about = ""
        self._papers, self._sheets = Papers(background, self), Papers(background, self)
        self.form = Form("", parent=self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PREVIEW_MS)
        self._later.timeout.connect(self._refresh)
        self._build()
        self._build_head()
        self.form.changed.connect(self._typed)

    # Opening

    def arrive(self, route: Route) -> None:
        """Open what the route says: a referral by its id, or a new one for a student."""
        if route.record_id is not None:
            self.open_referral(route.record_id)
        elif route.student_id is not None:
            self.new_referral(route.student_id)

    def open_referral(self, referral_id: int) -> None:
        """Show a referral that is not issued yet."""
        with self._vault.read() as session:
            referral = store.get(session, referral_id)
        if not referral.status.before_issue:
            self.went.emit(Route("referral.read", referral_id, referral.student_id))
            return
        self.leave()
        self._referral_id = referral_id
        self._show(referral.student_id, f"referral/{referral_id}", ReferralValues.of(referral))
        self._vault.record_view(referral)
        self.route = Route(PLACE, referral_id, referral.student_id)

    def new_referral(self, student_id: int) -> None:
        """Start a referral for a student; it is in the vault once it is saved."""
        self.leave()
        self._referral_id = None
        with self._vault.read() as session:
            guardian = store.primary_guardian(session, student_id)
            counsellor = school(session).counsellor
        first = ReferralValues(guardian_id=guardian.id if guardian else None, informed_by=counsellor)
        self._show(student_id, f"referral/new/{student_id}", first)
        self.route = Route(PLACE, None, student_id)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._later.stop()
        self._keeper.leave(self.form)
        self.preview.release()

    def reload(self) -> None:
        if self.form.key:
            self._offer()
            self._refresh()

    # Saving, asking, issuing

    def save(self) -> bool:
        """Write the draft down. True if it was saved; what keeps it from it is said."""
        try:
            self._save()
        except Problem as problem:
            self._notice.tell(problem)
            return False
        return True

    def ask_to_issue(self) -> None:
        """Save, check, name characters that cannot be printed, then ask for the password and issue."""
        if not self.save() or self._referral_id is None:
            return
        with self._vault.read() as session:
            of = contents(session, self._referral_id, self._vault.clock.today())
        try:
            rules.check_issuable(of.referral, of.gate)
            lost = issuing.missing_characters(of)
        except Problem as problem:
            self._notice.tell(problem)
            return
        if lost:
            from app.documents.fonts import code_point

            named = "、".join(f"{character}({code_point(character)})" for character in lost)
            self._notice.ask(
                self.tr("有的字没有字体可以打印"),
                self.tr("{named} 在纸上会印成方框，并加注编码。可以改用别的字，或仍然签发。").format(named=named),
                self.tr("仍然签发"),
                self._ask_for_password,
            )
        else:
            self._ask_for_password()

    def _ask_for_password(self) -> None:
        self._signing.ask(self.tr("转介函"), self._issue)

    def _issue(self, signing: SigningSession) -> None:
        if self._referral_id is None:
            return
        self.issue_button.setEnabled(False)
        self._background.run(
            partial(_issue, self._vault, signing, self._referral_id, self.form.key), self._issued, self._not_issued
        )

    def _issued(self, issued_id: int) -> None:
        self.issue_button.setEnabled(True)
        referral_id, student_id = self._referral_id, self._student_id
        self._keeper.settle(self.form)
        self.leave()
        self.issued.emit(issued_id)
        self.went.emit(Route("referral.read", referral_id, student_id))
        self.document_wanted.emit(issued_id)

    def _not_issued(self, error: Exception) -> None:
        self.issue_button.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    def _save(self) -> None:
        values = self.values()
        today = self._vault.clock.today()
        if values.informed_on is not None:
            rules.check_day(values.informed_on, today, self.tr("告知监护人"))
        with self._vault.write("保存转介单") as session:
            known = self._referral_id
            referral = store.new(session, self._student_id, today) if known is None else store.get(session, known)
            store.save_draft(session, referral.id, values)
            session.flush()
            store.settle(session, referral.id, today)
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        if self._referral_id is None:
            self._keeper.leave(self.form)
            self._referral_id = referral.id
            self.form.key = f"referral/{referral.id}"
            self._keeper.watch(self.form)
            self.route = Route(PLACE, referral.id, self._student_id)
        self._say(self.tr("已保存 {at}").format(at=f"{self._vault.now():%H:%M}"))
        self._refresh()

    def values(self) -> ReferralValues:
        """What is in the form. Raises Problem for a day that is none."""
        receiver, reason, consent = self.receiver, self.reason, self.consent
        return ReferralValues(
            institution_id=receiver.institution.number(),
            to_org=receiver.to_org.value().strip(),
            to_dept=receiver.to_dept.value().strip(),
            channel=_chosen(receiver.channel.choice()),
            urgency=_chosen(receiver.urgency.choice()),
            reasons=reason.reasons.codes(),
            observation=reason.observation.value(),
            measures=reason.measures.value(),
            risk_summary=reason.risk_summary.value(),
            history=reason.history.value(),
            wish=reason.wish.value(),
            items=self.items.items.items(),
            note_ids=reason.notes.codes(),
            guardian_id=consent.guardian.number(),
            informed_on=consent.informed_on.day(),
            informed_how=consent.informed_how.choice(),
            informed_by=consent.informed_by.value(),
            escort=_chosen(consent.escort.choice()),
            escort_teacher=consent.escort_teacher.value().strip(),
            override=consent.override.choice(),
            override_reason=consent.override_reason.value(),
        )

    # The screen

    def _build(self) -> None:
        self.receiver = ReceiverCard(self.form)
        self.reason = ReasonCard(self.form)
        self.items = ItemsCard(self.form)
        self.consent = ConsentCard(self.form)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(16)
        for card in (self.receiver, self.reason, self.items, self.consent):
            column.addWidget(card)
        column.addStretch(1)
        steps = UprightArea(inside)
        steps.setAccessibleName(self.tr("转介单的四步"))
        self.preview = PaperView(self.tr("函件预览"))
        self.preview_words = text("", "warning", wrap=True)
        self.preview_words.hide()
        beside = QVBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.preview_words)
        beside.addWidget(self.preview, 1)
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addWidget(steps, 5)
        line.addLayout(beside, 6)
        self.body.addLayout(line, 1)
        self.receiver.directory_wanted.connect(self._to_directory)
        self.reason.draft_wanted.connect(self._take_notes)
        self.consent.consent_wanted.connect(self._to_consent)
        self.consent.sheet_wanted.connect(self._print_sheet)
        self.consent.refusal_wanted.connect(self._to_refusal)
        self.consent.birth_date_given.connect(self._keep_birth_date)

    def _build_head(self) -> None:
        self.discard_button = self.add_action(button(self.tr("移到回收站"), danger=True))
        self.save_button = self.add_action(button(self.tr("存草稿")))
        self.issue_button = self.add_action(button(self.tr("签发并打印"), primary=True))
        self.discard_button.clicked.connect(self._ask_to_discard)
        self.save_button.clicked.connect(self.save)
        self.issue_button.clicked.connect(self.ask_to_issue)
        for keys, shown_on, act in (
            (QKeySequence(QKeySequence.StandardKey.Save), self.save_button, self.save),
            (QKeySequence(QKeySequence.StandardKey.Print), self.issue_button, self.ask_to_issue),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            shown_on.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def _show(self, student_id: int, key: str, values: ReferralValues) -> None:
        self._student_id = student_id
        with self._vault.read() as session:
            student = students.get(session, student_id)
            own = school(session)
            holder = Holder(own.counsellor, own.name, own.short_name)
            certificate = present_certificate(session, holder, self._vault.now())
        self._about = f"{student.name} · {class_name(student.grade, student.class_no)}"
        if certificate is not None:
            words = self.tr("电子签名：{who} · 证书有效至 {year} 年").format(
                who=certificate.name, year=certificate.valid_until.year
            )
        else:
            words = self.tr("电子签名：{who} · 第一次签发时生成证书").format(who=own.counsellor or self.tr("未填姓名"))
        self.consent.show_certificate(words)
        self._offer()
        self.offer(self.discard_button, self._referral_id is not None)
        texts = {field.name: _text(getattr(values, field.name)) for field in fields(values)}
        if self._keeper.begin(self.form, key, student_id, texts):
            self._say(self.tr("已恢复上次没有保存的内容"))
        else:
            self._say("" if self._referral_id is not None else self.tr("还没有保存"))
        self._refresh()

    def _offer(self) -> None:
        with self._vault.read() as session:
            self.receiver.offer(institutions.institutions(session))
            self.reason.offer(notes.signed_notes(session, self._student_id))
            self.consent.offer(students.guardians(session, self._student_id))

    def _say(self, words: str) -> None:
        title = self.tr("转介单") if self._referral_id is not None else self.tr("新转介单")
        self.set_head(title, " · ".join(filter(None, (self._about, words))))

    def _contents(self, values: ReferralValues) -> Contents:
        """What the papers would say if the form were saved as it is."""
        today = self._vault.clock.today()
        with self._vault.read() as session:
            kept = store.get(session, self._referral_id) if self._referral_id is not None else None
            shown = Referral(student_id=self._student_id, opened_on=today, **vars(values))
            shown.id = self._referral_id or 0
            if kept is not None:
                shown.decision, shown.refuse_reason = kept.decision, kept.refuse_reason
            return drafted(session, shown, today)

    # Slots

    def _typed(self) -> None:
        if self.form.key and self.form.is_dirty():
            self._say(self.tr("有未保存的改动"))
        self._later.start()

    def _refresh(self) -> None:
        """Judge the gate and draw the letter from what is in the form now."""
        if not self.form.key:
            return
        try:
            of = self._contents(self.values())
        except Problem as problem:
            self._say_of_paper(sentence_of(problem))
            return
        self.consent.show_gate(of.gate)
        self.items.items.allow(of.gate.scope)
        self._papers.draw(partial(issuing.draft_paper, of), self._show_paper, self._say_of_paper)

    def _show_paper(self, drawn: Any) -> None:
        if not self.form.key:
            return
        self.preview.show_pdf(drawn.pdf, [Sheet(sheet.name, sheet.first, sheet.last) for sheet in drawn.sheets])
        long = "、".join(sheet.name for sheet in drawn.sheets if sheet.last > sheet.first)
        self._say_of_paper(self.tr("{sheet}超过一页，可以写短一些。").format(sheet=long) if long else "")

    def _say_of_paper(self, sentence: str) -> None:
        self.preview_words.setText(sentence)
        self.preview_words.setVisible(bool(sentence))

    def _take_notes(self) -> None:
        chosen = self.reason.notes.codes()
        with self._vault.read() as session:
            picked = [n for n in notes.signed_notes(session, self._student_id) if not chosen or str(n.id) in chosen]
            seen, done = drafting.observed(session, picked), drafting.measures(session, picked)
        if not chosen:
            self.reason.notes.set_codes([str(note.id) for note in picked])
        for field, words in ((self.reason.observation, seen), (self.reason.measures, done)):
            if words and words not in field.value():
                field.insert(words)

    def _to_directory(self) -> None:
        self.went.emit(Route("institutions"))

    def _to_consent(self) -> None:
        if self.save():
            self.went.emit(Route("consent", None, self._student_id))

    def _to_refusal(self) -> None:
        if self.save():
            self.went.emit(Route("refusal", self._referral_id, self._student_id))

    def _print_sheet(self) -> None:
        if self.save() and self._referral_id is not None:
            with self._vault.read() as session:
                of = contents(session, self._referral_id, self._vault.clock.today())
            self._sheets.draw(partial(issuing.consent_paper, of), self._sheet_drawn, self._sheet_failed)

    def _sheet_drawn(self, drawn: Any) -> None:
        if self._referral_id is not None:
            self.sheet_wanted.emit(drawn.pdf, self.tr("信息提供同意书"), partial(self._log_sheet, self._referral_id))

    def _log_sheet(self, referral_id: int, answer: ForWhom) -> None:
        with self._vault.write("打印信息提供同意书") as session:
            record = store.get(session, referral_id)
            outgoing.send(self._vault, session, Act.PRINT, "信息提供同意书", answer, record=record)

    def _sheet_failed(self, sentence: str) -> None:
        self._notice.say(sentence)

    def _keep_birth_date(self, field: DateField) -> None:
        try:
            born = field.day()
            if born is None:
                raise Problem("没有写出生日期。", "写成 2011-05-02 这样。")
            with self._vault.write("填写出生日期") as session:
                store.set_birth_date(session, self._student_id, born, self._vault.clock.today())
        except Problem as problem:
            field.show_error(sentence_of(problem))
            return
        self._notice.toast(self.tr("已填入档案：{born}").format(born=day(born)))
        self._refresh()

    def _ask_to_discard(self) -> None:
        self._notice.ask(
            self.tr("把这份转介单移到回收站？"), self.tr("可以从回收站取回。"), self.tr("移到回收站"), self._discard
        )

    def _discard(self) -> None:
        if self._referral_id is None:
            return
        with self._vault.write("转介单移到回收站") as session:
            store.discard(session, self._referral_id, self._vault.now())
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        self.leave()
        self.route = None
        self.went.emit(Route("referrals"))


def _issue(vault: Vault, signing: SigningSession, referral_id: int, form: str, progress: Progress) -> int:
    """The work of issuing, on a thread of its own: drawing and signing take a while at the first letter."""
    with vault.write("签发转介函") as session:
        issued = issuing.issue(vault, session, signing, referral_id)
        typing.drop(session, form)
        progress.commit_begins()
    return issued.id


def _chosen(choice: Any) -> Any:
    """The answer of a choice without an empty line."""
    if choice is None:
        raise ValueError("a choice without an empty line is always made")
    return choice


def _text(value: object) -> str:
    """A value of a referral as its field writes it."""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return str(value.value)
    return " ".join(value) if isinstance(value, list) else str(value)
