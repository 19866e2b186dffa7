"""The referral form: four steps beside the letter as it will look; saved, checked at the gate, signed and issued."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout

from app.documents.certificates import Holder
from app.documents.signing import present_certificate
from app.errors import Problem
from app.rooms.notes import store as notes
from app.rooms.referrals import drafting, issuing, rules, store
from app.rooms.referrals.contents import Contents, contents, drafted
from app.rooms.referrals.page.preview import LetterPreview
from app.rooms.referrals.page.sheet import ConsentSheet
from app.rooms.referrals.page.signing import Issuing
from app.rooms.referrals.page.steps import Steps, texts
from app.rooms.referrals.record import Referral, ReferralValues
from app.rooms.referrals.wording import day
from app.rooms.school.record import class_name
from app.rooms.school.store import school
from app.rooms.students import store as students
from app.ui.background import Background
from app.ui.cards import button, restyle
from app.ui.fields import DateField
from app.ui.keeper import Keeper
from app.ui.language import sentence_of
from app.ui.notice import Notice
from app.ui.page import Route
from app.ui.signing_desk import SigningDesk
from app.ui.writingpage import WritingPage
from app.vault import typing
from app.vault.vault import Vault

PLACE = "referral"
PREVIEW_MS = 500
"""The letter is drawn anew this long after the last key."""


class ReferralForm(WritingPage):
    """One referral before its letter. A referral that is issued is passed on to its own page."""

    kinds = frozenset({"consent", "guardian", "institution", "student"})
    issued = Signal(int)  # issued id
    document_wanted = Signal(int)  # issued id
    sheet_wanted = Signal(object, str, object)  # as ConsentSheet.wanted

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("转介单"), notice, keeper, scrolls=False)
        self._vault = vault
        self._referral_id: int | None = None
        self._student_id = 0
        self._about = self._seen = self._standing = self._saved = ""
        self._sheet = ConsentSheet(self, vault, notice, background)
        self._issuing = Issuing(self, notice, background, signing)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PREVIEW_MS)
        self._later.timeout.connect(self._refresh)
        self._build(background)
        self._build_head()
        self.form.changed.connect(self._typed)

    # Opening

    def open_record(self, record_id: int) -> None:
        """Show a referral that is not issued yet."""
        with self._vault.read() as session:
            referral = store.get(session, record_id)
        if not referral.status.before_issue:
            self.went.emit(Route("referral.read", record_id, referral.student_id))
            return
        self.leave()
        self._referral_id = record_id
        self._show(referral.student_id, f"referral/{record_id}", ReferralValues.of(referral))
        self._vault.record_view(referral)
        self.route = Route(PLACE, record_id, referral.student_id)

    def begin_for(self, student_id: int) -> None:
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
        super().leave()
        self.preview.release()

    def reload(self) -> None:
        if self.form.key:
            self._offer()
            self._refresh()

    # Saving, asking, issuing

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
                self._issue,
            )
        else:
            self._issue()

    def _issue(self) -> None:
        if self._referral_id is not None:
            self._issuing.ask_for_letter(self._vault, self._referral_id, self.form.key)

    def _issued(self, issued_id: int) -> None:
        referral_id, student_id = self._referral_id, self._student_id
        self._keeper.settle(self.form)
        self.leave()
        self.issued.emit(issued_id)
        self.went.emit(Route("referral.read", referral_id, student_id))
        self.document_wanted.emit(issued_id)

    def write_down(self) -> None:
        """Save the draft as it stands. Raises Problem for values that cannot be true."""
        values = self.steps.values()
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
            self._referral_id = referral.id
            self.keep_on(f"referral/{referral.id}", Route(PLACE, referral.id, self._student_id))
        self._say(self.tr("已保存 {at}").format(at=f"{self._vault.now():%H:%M}"))
        self._refresh()

    # The screen

    def _build(self, background: Background) -> None:
        self.steps = Steps(self.form)
        self.preview = LetterPreview(background)
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addWidget(self.steps, 5)
        line.addWidget(self.preview, 6)
        self.body.addLayout(line, 1)
        consent = self.steps.consent
        self.steps.receiver.directory_wanted.connect(self._to_directory)
        self.steps.reason.draft_wanted.connect(self._take_notes)
        consent.consent_wanted.connect(self._to_consent)
        consent.sheet_wanted.connect(self._print_sheet)
        consent.refusal_wanted.connect(self._to_refusal)
        consent.birth_date_given.connect(self._keep_birth_date)
        self._sheet.wanted.connect(self.sheet_wanted)
        self._issuing.issued.connect(self._issued)

    def _build_head(self) -> None:
        self.discard_button = self.add_action(button(self.tr("移到回收站"), danger=True))
        self.save_button = self.add_action(button(self.tr("存草稿")))
        self.issue_button = self.add_action(button(self.tr("签发并打印"), primary=True))
        self.discard_button.clicked.connect(self._ask_to_discard)
        self.save_button.clicked.connect(self.save)
        self.issue_button.clicked.connect(self.ask_to_issue)
        self._issuing.busy.connect(self.issue_button.setDisabled)
        self.add_key(QKeySequence.StandardKey.Save, self.save_button)
        self.add_key(QKeySequence.StandardKey.Print, self.issue_button)

    def _show(self, student_id: int, key: str, values: ReferralValues) -> None:
        self._student_id = student_id
        with self._vault.read() as session:
            student = students.get(session, student_id)
            own = school(session)
            holder = Holder(own.counsellor, own.name, own.short_name)
            certificate = present_certificate(session, holder, self._vault.now())
        self._about = f"{student.name} · {class_name(student.grade, student.class_no)}"
        self.steps.consent.show_certificate(certificate, own.counsellor)
        self._offer()
        self.offer(self.discard_button, self._referral_id is not None)
        if key != self._seen:  # back from the consent she stands where she was
            self._seen = key
            self.steps.verticalScrollBar().setValue(0)
        if self._keeper.begin(self.form, key, student_id, texts(values)):
            self._say(self.tr("已恢复上次没有保存的内容"))
        else:
            self._say("" if self._referral_id is not None else self.tr("还没有保存"))
        self._refresh()

    def _offer(self) -> None:
        with self._vault.read() as session:
            self.steps.offer(session, self._student_id)
            known = self._referral_id
            refused_by = store.who_refused(session, known) if known is not None else None
        self.steps.consent.guardian.setEnabled(refused_by is None)

    def _say(self, words: str) -> None:
        """What of the saving stands in the head, after whether the letter may go out."""
        self._saved = words
        self._show_head()

    def _show_head(self) -> None:
        title = self.tr("转介单") if self._referral_id is not None else self.tr("新转介单")
        self.set_head(title, " · ".join(filter(None, (self._standing, self._saved, self._about))))

    def _show_gate(self, of: Contents) -> None:
        """The gate where it is judged, and in the head: the button stands out only when the letter may go out."""
        gate, consent = of.gate, self.steps.consent
        consent.show_gate(gate)
        self.steps.items.items.allow(gate.scope)
        lacking = len(gate.missing)
        self._standing = self.tr("可以签发") if gate.is_open else self.tr("还不能签发：缺 {n} 项").format(n=lacking)
        self.issue_button.setProperty("primary", gate.is_open)
        restyle(self.issue_button)
        self._show_head()

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
            of = self._contents(self.steps.values())
        except Problem as problem:
            self.preview.say(sentence_of(problem))
            return
        self._show_gate(of)
        self.preview.show_letter(of)

    def _take_notes(self) -> None:
        reason = self.steps.reason
        chosen = reason.notes.codes()
        if not chosen:
            self._notice.tell(Problem("还没有选要带出的会谈。", "请先点选上面的会谈，再带入。"))
            return
        with self._vault.read() as session:
            picked = [n for n in notes.signed_notes(session, self._student_id) if str(n.id) in chosen]
            seen, done = drafting.observed(session, picked), drafting.measures(session, picked)
        for field, words in ((reason.observation, seen), (reason.measures, done)):
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
            self._sheet.print_for(self._referral_id)

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
        try:
            with self._vault.write("转介单移到回收站") as session:
                store.discard(session, self._referral_id, self._vault.now())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self.leave()
        self.route = None
        self.went.emit(Route("referrals"))
