"""The note editor: a draft is written here, kept while it is typed, saved and signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.notes import risks, rules, snippets, store, waiting
from app.rooms.notes.cases import current_case
from app.rooms.notes.page.noteform import NoteForm
from app.rooms.notes.page.paper import DraftPaper
from app.rooms.notes.record import Note, NoteValues, RiskValues
from app.rooms.school.record import class_name
from app.rooms.school.store import school
from app.rooms.students.record import Student
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import button
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Route
from app.ui.writingpage import WritingPage
from app.vault import bin, typing
from app.vault.vault import Vault

PLACE = "note"
MetOf = Callable[[Session, int, datetime, int | None], NoteValues | None]
"""What is known of the talk a new note is about: the one with this id, else the last one no note has been written of."""


class NoteEditor(WritingPage):
    """One draft, from empty to signed, in the student's open case."""

    signed = Signal(int)
    sheet_wanted = Signal(object, str, object)  # a printed draft: PDF, name without a student's, log (ui/printing.py)
    referral_wanted = Signal(int)  # student id

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, met: MetOf | None = None
    ) -> None:
        """``met`` tells of the talk a new note is about, where a room above knows of one."""
        super().__init__(self.tr("会谈记录"), notice, keeper)
        self._vault, self._met = vault, met
        self._note_id: int | None = None
        self._case_id = 0
        self._student_id = 0
        self._talk_id: int | None = None
        self._about = self._title = ""
        self._paper = DraftPaper(vault, notice, background, self)
        self._paper.drawn.connect(self.sheet_wanted)
        self.attached = AttachedCard(vault, notice, background)
        self._build()
        self._build_head()
        self.form.changed.connect(self._typed)

    # Opening

    def arrive(self, route: Route) -> None:
        self._talk_id = route.part
        super().arrive(route)

    def open_record(self, record_id: int) -> None:
        """Show a draft; a signed note is passed on to the reader."""
        with self._vault.read() as session:
            note = store.get(session, record_id)
            memo = store.memo(session, record_id)
            answer = risks.risk_answer(session, record_id)
            risk = RiskValues.of(answer) if answer else RiskValues()
        if note.is_signed:
            self.went.emit(Route("note.read", record_id, note.student_id))
            return
        self.leave()
        self._note_id = record_id
        self._show(note.student_id, note.case_id, f"note/{record_id}", note.session_no)
        self.note.fill(NoteValues.of(note), memo, risk, self._zone)
        self.attached.show_for(note)
        self._watch(self._saved_words(note))
        self._vault.record_view(note)
        self.route = Route(PLACE, record_id, note.student_id)

    def begin_for(self, student_id: int) -> None:
        """Start a note in the student's open case; without one, the case comes first."""
        with self._vault.read() as session:
            case = current_case(session, student_id)
            if case is None:
                self.went.emit(Route("case.first", None, student_id, self._talk_id))
                return
            number = store.next_session_no(session, case.id)
            counsellor = school(session).counsellor
            last = next(iter(store.notes(session, student_id)), None)
            now = self._vault.now()
            met = self._met(session, student_id, now, self._talk_id) if self._met is not None else None
        self.leave()
        self._note_id = None
        self._show(student_id, case.id, f"{waiting.NEW_NOTE}{student_id}", number)
        start = now.replace(minute=now.minute // 5 * 5).time().replace(second=0, microsecond=0, tzinfo=None)
        place = last.place if last else self.tr("个别辅导室")
        values = met or NoteValues(held_on=now.date(), start=start, place=place, attendees=self.tr("学生本人"))
        self.note.fill(replace(values, counsellor=counsellor), "", RiskValues(), self._zone)
        self._watch(self.tr("新记录，还没有保存"))
        self.route = Route(PLACE, None, student_id)
        self.note.sections["subjective"].field.setFocus()

    # Saving and signing

    def ask_to_sign(self) -> None:
        """Save, check, and ask once more: a signed note cannot be changed."""
        if not self.save():
            return
        try:
            rules.check_signable(self.note.values(), self.note.risk_values(self._zone), self._vault.clock.today())
        except Problem as problem:
            self.note.point_at(problem)
            self._notice.tell(problem)
            return
        self._notice.ask(
            self.tr("签署这份会谈记录？"),
            self.tr("签署后不能再改，只能用「更正」补写，原文会保留。个人手记不受影响。"),
            self.tr("签署"),
            self._sign,
        )

    def _sign(self) -> None:
        note_id = self._note_id
        if note_id is None:
            return
        try:
            with self._vault.write("签署会谈记录") as session:
                store.sign(session, note_id, self._vault.now())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self._keeper.leave(self.form)
        self.signed.emit(note_id)
        self.went.emit(Route("note.read", note_id, self._student_id))

    def write_down(self) -> None:
        """Save the draft as it stands. Raises Problem for values that cannot be true."""
        values, risk = self.note.values(), self.note.risk_values(self._zone)
        memo = self.note.memo.field.value()
        rules.check_sound(values, self._vault.clock.today())
        with self._vault.write("保存会谈草稿") as session:
            if self._note_id is None:
                note = store.draft(session, self._case_id, values, self._vault.clock.today())
            else:
                note = store.get(session, self._note_id)
            store.save_draft(session, note.id, values, memo=memo, risk=risk)
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        if self._note_id is None:
            self._note_id = note.id
            self.keep_on(f"note/{note.id}", Route(PLACE, note.id, self._student_id))
        self.attached.show_for(note)
        self.attached.setVisible(True)
        self._offer_discard()
        self._say(self._saved_words(note))

    # The screen

    def _build(self) -> None:
        left, right = self.columns(4, 3)
        self.note = NoteForm(self.form, left, right, self)
        self.note.keep_wanted.connect(self._keep_phrase)
        self.note.phrases_wanted.connect(self._want_phrases)
        right.addWidget(self.attached)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._ask_to_discard)
        right.addWidget(self.discard_button, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)

    def _build_head(self) -> None:
        self.print_button = self.add_action(button(self.tr("打印草稿")))
        self.save_button = self.add_action(button(self.tr("存草稿")))
        self.sign_button = self.add_action(button(self.tr("签署"), primary=True))
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self.save)
        self.sign_button.clicked.connect(self.ask_to_sign)
        self.add_key(QKeySequence.StandardKey.Save, self.save_button)
        self.add_key(QKeySequence("Ctrl+Return"), self.sign_button)
        self.add_key(QKeySequence.StandardKey.Print, self.print_button)

    def _show(self, student_id: int, case_id: int, key: str, session_no: int) -> None:
        with self._vault.read() as session:
            student = session.get_one(Student, student_id)
            last = store.last_plan(session, case_id, before=session_no)
            own = snippets.snippets(session)
        self._student_id, self._case_id = student_id, case_id
        self.form.key, self.form.student_id = key, student_id
        place = class_name(student.grade, student.class_no)
        self._about = f"{student.name} · {place}"
        self._title = self.tr("第 {no} 次会谈").format(no=session_no)
        self.note.today = self._vault.clock.today()
        self.note.offer(own)
        self.note.show_last(last)
        self.attached.setVisible(self._note_id is not None)

    def _watch(self, words: str) -> None:
        self.form.mark_saved()
        self._say(self.tr("已恢复上次没有保存的内容") if self._keeper.watch(self.form) else words)
        self._offer_discard()

    @property
    def _zone(self) -> tzinfo | None:
        return self._vault.now().tzinfo

    def _say(self, words: str) -> None:
        self.set_head(self._title, f"{self._about} · {words}")

    def _saved_words(self, note: Note) -> str:
        at = note.updated_at or self._vault.now()
        there: datetime = at.astimezone(self._zone)
        same_day = there.date() == self._vault.clock.today()
        return self.tr("已保存 {at}").format(at=f"{there:%H:%M}" if same_day else f"{there:%m-%d %H:%M}")

    # Slots

    def _typed(self) -> None:
        if self.form.key and self.form.is_dirty():
            self._say(self.tr("有未保存的改动"))
        self._offer_discard()

    def _offer_discard(self) -> None:
        """A new note can be thrown away as soon as there is something in it."""
        self.discard_button.setVisible(self._note_id is not None or self.form.is_dirty())

    def _keep_phrase(self, part: str, chosen: str) -> None:
        if not chosen:
            self._notice.toast(self.tr("请先在这一栏选中要存的文字。"))
            return
        with self._vault.write("保存常用语") as session:
            snippets.keep(session, chosen, part)
            session.flush()
            own = snippets.snippets(session)
        self.note.offer(own)
        self._notice.toast(self.tr("已存为常用语。"), self.tr("整理"), self._want_phrases)

    def _want_phrases(self) -> None:
        self.went.emit(Route("snippets"))

    def _print(self) -> None:
        if self.save() and self._note_id is not None:
            self._paper.print_note(self._note_id)

    def _ask_to_discard(self) -> None:
        self._notice.ask(
            self.tr("把这份草稿移到回收站？"), self.tr("可以从回收站取回。"), self.tr("移到回收站"), self._discard
        )

    def _discard(self) -> None:
        """What is typed goes along, so that 撤销 brings all of it back: saved, or kept as typed where it cannot be saved."""
        try:
            self.write_down()
        except Problem as problem:
            if self._note_id is None:
                self._notice.tell(problem)
        if self._note_id is None:
            return
        note_id, student_id = self._note_id, self._student_id
        with self._vault.write("草稿移到回收站") as session:
            store.discard(session, note_id, self._vault.now())
        self.leave()
        self.route = None
        self.went.emit(Route("student", student_id, student_id))
        self._notice.toast(
            self.tr("草稿已移到回收站。"), self.tr("撤销"), partial(self._take_back, note_id, student_id)
        )

    def _take_back(self, note_id: int, student_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(store.get(session, note_id))
        self.went.emit(Route(PLACE, note_id, student_id))
