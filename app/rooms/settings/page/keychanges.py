"""The steps in which a password or a code is changed; each begins with the present password."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.documents.paper import Foot, draw
from app.errors import Problem
from app.rooms.settings import letter
from app.ui.background import Background, Progress
from app.ui.cards import text
from app.ui.first_steps import CodeStep, PasswordStep, Step, TypeBackStep
from app.ui.printing import Printer
from app.ui.secrets import SecretField
from app.ui.stepsdialog import StepsDialog
from app.vault import renewing
from app.vault.keyfile import ENVELOPE, RECOVERY
from app.vault.passwords import PasswordRefused
from app.vault.recovery import new_code
from app.vault.renewing import OldPasswordWrong
from app.vault.vault import Vault

Names = Callable[[], tuple[str, ...]]
AfterBackup = Callable[[Callable[[], None]], None]


class PresentStep(Step):
    """Asks for the present password, so that nobody who finds the PC unlocked makes herself a way in."""

    def __init__(self, words: str) -> None:
        super().__init__(self.tr("先输入现在的口令"), words)
        self.first_field = self.field = SecretField(self.tr("现在的口令"))
        self.column.addWidget(self.field)

    def check(self) -> None:
        if not self.field.value():
            raise Problem("还没有输入现在的口令。", "请输入打开档案时用的口令。")


class RotationStep(Step):
    """Says what changing all keys does, before anything is asked."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("有人看到了我的口令"),
            self.tr("只换口令挡不住拿到旧文件的人：旧的档案、旧的备份加上旧口令仍然能打开。这里会把全部钥匙换掉。"),
        )
        for words in (
            self.tr("一、定一个新口令，抄下一个新的恢复码。旧口令、旧恢复码和学校备用码全部作废。"),
            self.tr("二、整份档案用新钥匙重写成一个新文件，逐项检查无误后才换上；中途断电也不会丢失记录。"),
            self.tr(
                "三、完成后档案会锁上，请用新口令打开。打开后会重做备份，并列出仍能用旧口令打开的旧备份，请您销毁。"
            ),
        ):
            self.column.addWidget(text(words, "secondary", wrap=True))


class KeyChanges(QObject):
    """Opens the steps, does what they gathered in the background, and tells when it is done."""

    done = Signal(str)  # words for the counsellor
    rotated = Signal()  # the vault is closed and opens with the new secrets alone

    def __init__(
        self,
        vault: Vault,
        background: Background,
        printer: Printer,
        names: Names,
        typed: Callable[[], bool],
        after_backup: AfterBackup,
        parent: QWidget,
    ) -> None:
        """``names`` may stand in no password; ``typed`` writes down what is unsaved and says whether all of it could be;
        ``after_backup`` makes a backup, waiting for one that is being made, and then does what it is given."""
        super().__init__(parent)
        self._vault, self._background, self._printer = vault, background, printer
        self._names, self._typed, self._after_backup, self._parent = names, typed, after_backup, parent
        self._dialog: StepsDialog | None = None

    def change_password(self) -> None:
        """The present password, a new one twice."""
        present = PresentStep(self.tr("更换以后，从前的备份仍要用备份那天的口令打开；恢复码不变。"))
        fresh = PasswordStep(self._names, self.tr("设一个新口令"))
        dialog = self._open(self.tr("更换口令"), [present, fresh], self.tr("更换口令"))

        def change(_progress: Progress) -> None:
            renewing.change_password(self._vault, present.field.value(), fresh.first.value(), self._names())

        self._run_when_done(dialog, change, self.tr("口令已更换。"))

    def change_code(self) -> None:
        """The present password, the new code on paper, two groups of it typed back."""
        words = self.tr(
            "换上新的以后，原来的恢复码打不开档案了；从前的备份还要用它才能打开，请注明日期收好，等那些备份都不在了再销毁。"
        )
        self._new_code(RECOVERY, self.tr("更换恢复码"), words, "")

    def change_envelope(self) -> None:
        """As the recovery code, for the school's safe."""
        words = self.tr("学校备用码是装进信封、由学校锁进保险柜的第二个恢复码。设了新的，原来的一份随即作废。")
        told = self.tr("请打印或手抄一页，装进信封封好，骑缝签名，交学校锁进保险柜。这个码只显示这一次。")
        self._new_code(ENVELOPE, self.tr("学校备用码"), words, told)

    def drop_envelope(self) -> None:
        """The present password."""
        present = PresentStep(self.tr("撤销后，信封里的码再也打不开档案；从前的备份仍能用它打开。"))
        dialog = self._open(self.tr("撤销学校备用码"), [present], self.tr("撤销备用码"))

        def drop(_progress: Progress) -> None:
            renewing.drop_envelope(self._vault, present.field.value())

        self._run_when_done(dialog, drop, self.tr("学校备用码已撤销。"))

    def rotate(self) -> None:
        """What it means, the present password, a new one, a new code, typed back; then all is rewritten and the vault locked."""
        from app.vault.rotating import NewSecrets, rotate

        code = new_code()
        present = PresentStep(self.tr("确认是您本人。"))
        fresh, shown = PasswordStep(self._names, self.tr("设一个新口令")), CodeStep(code, self.tr("抄下新的恢复码"))
        shown.print_wanted.connect(self._print_recovery)
        steps = [RotationStep(), present, fresh, shown, TypeBackStep(code)]
        dialog = self._open(self.tr("更换全部钥匙"), steps, self.tr("更换全部钥匙"))

        def change(progress: Progress) -> None:
            secrets = NewSecrets(fresh.first.value(), code)
            rotate(self._vault, present.field.value(), secrets, self._names(), progress)

        self._run_when_done(dialog, change, "", self._rotated)

    def _new_code(self, slot_id: str, title: str, words: str, told: str) -> None:
        code = new_code()
        present, shown = PresentStep(words), CodeStep(code, self.tr("抄下新的恢复码") if not told else title, told)
        shown.print_wanted.connect(self._print_envelope if slot_id == ENVELOPE else self._print_recovery)
        dialog = self._open(title, [present, shown, TypeBackStep(code)], self.tr("启用新的码"))

        def change(_progress: Progress) -> None:
            renewing.renew_code(self._vault, present.field.value(), code, slot_id)

        self._run_when_done(dialog, change, self.tr("新的码已启用，原来的已作废。"))

    def _open(self, title: str, steps: list[Step], last: str) -> StepsDialog:
        self._dialog = StepsDialog(self._parent.window(), title, steps, last)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()
        return self._dialog

    def _run_when_done(
        self, dialog: StepsDialog, act: Callable[[Progress], None], words: str, then: Callable[[], None] | None = None
    ) -> None:
        self._act, self._words, self._then = act, words, then
        dialog.stepping.done.connect(self._run)

    def _run(self) -> None:
        if self._dialog is None:
            return
        if self._then is not None and not self._typed():
            self._dialog.stepping.show_problem(
                Problem("还有没有保存的内容没能写进档案，没有更换钥匙。", "请在磁盘上腾出至少 50 MB 空间再试。")
            )
            return
        if self._then is None:
            self._dialog.stepping.set_busy(self.tr("正在更换…"))
            self._start()
        else:
            self._dialog.stepping.set_busy(self.tr("正在备份，然后重写并检查整份档案，请不要关机…"))
            self._after_backup(self._start)

    def _start(self) -> None:
        if self._dialog is not None:
            self._background.run(self._act, self._succeeded, self._failed)

    def _succeeded(self, _result: Any) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        (self._then or partial(self.done.emit, self._words))()

    def _failed(self, error: Exception) -> None:
        if self._dialog is None:
            if not isinstance(error, Problem):
                raise error
            return
        stepping = self._dialog.stepping
        stepping.set_busy("")
        if not isinstance(error, Problem):
            self._dialog.reject()
            raise error
        wanted = {OldPasswordWrong: PresentStep, PasswordRefused: PasswordStep}.get(type(error))
        stepping.show_problem(
            error, next((step for step in stepping.steps if wanted and isinstance(step, wanted)), None)
        )

    def _rotated(self) -> None:
        self.rotated.emit()

    def _print_recovery(self, code: Any) -> None:
        kit = draw(letter.recovery_kit(code, self._vault.clock.today()), Foot())
        self._printer.print(kit.pdf, self.tr("静室恢复码"))

    def _print_envelope(self, code: Any) -> None:
        kit = draw(letter.envelope_kit(code, self._vault.clock.today()), Foot())
        self._printer.print(kit.pdf, self.tr("静室学校备用恢复码"))

    def _forget(self) -> None:
        self._dialog = None
