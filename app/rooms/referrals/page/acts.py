"""The steps after a referral's draft, each a small form that opens in place: visit, follow-up, end, void, signature of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.referrals import following, store
from app.rooms.referrals.record import Referral
from app.ui.fields import CheckField, DateField, LineField, TextField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault


class Acts(QWidget):
    """One form for each step, at most one of them open. ``done`` follows when a step was taken."""

    done = Signal()

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__()
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._referral_id = self._student_id = self._refusal_id = 0
        self.forms = self._made()
        steps = {
            "attend": self._attend,
            "follow": self._follow,
            "close": self._close,
            "void": self._void,
            "sign": self._sign,
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for name, form in self.forms.items():
            form.wanted.connect(steps[name])
            form.given_up.connect(self.end)
            column.addWidget(form)
        self.hide()

    def show_for(self, referral: Referral) -> None:
        """Which referral the steps are of."""
        self._referral_id, self._student_id = referral.id, referral.student_id

    def begin(self, name: str) -> None:
        """Open the form of a step; another that is open closes, what is typed in it stays kept."""
        self.end()
        form = self.forms[name]
        first = dict.fromkeys(form.form.fields, "")
        if "on" in first:
            first["on"] = self._vault.clock.today().isoformat()
        self.show()
        form.begin(self._key(name), self._student_id, first)

    def resume(self) -> None:
        """Open the step again in which something was typed and not saved."""
        before = f"referral/{self._referral_id}/"
        for key in self._keeper.kept(before):
            name, _, refusal_id = key.removeprefix(before).partition("/")
            if name == "sign" and refusal_id.isdecimal():
                self.begin_signature(int(refusal_id))
                return
            if name in self.forms and not refusal_id and name != "sign":
                self.begin(name)
                return

    def begin_signature(self, refusal_id: int) -> None:
        """Open the form for the signature under a refusal's confirmation."""
        self._refusal_id = refusal_id
        self.begin("sign")

    def end(self) -> None:
        """Close whatever is open; what is typed stays kept."""
        for form in self.forms.values():
            form.end()
        self.hide()

    def _key(self, name: str) -> str:
        key = f"referral/{self._referral_id}/{name}"
        return f"{key}/{self._refusal_id}" if name == "sign" else key

    def _made(self) -> dict[str, InlineForm]:
        return {
            "attend": InlineForm(
                self._keeper, self.tr("登记就诊"), "", self.tr("保存就诊"), {"on": DateField(self.tr("就诊日期"))}
            ),
            "follow": InlineForm(
                self._keeper,
                self.tr("记随访"),
                self.tr("写看到和商定的，不写推测。"),
                self.tr("保存随访"),
                {"on": DateField(self.tr("随访日期")), "text": TextField(self.tr("随访情况"))},
            ),
            "close": InlineForm(
                self._keeper,
                self.tr("结束转介"),
                self.tr("结束后不再提醒。"),
                self.tr("结束"),
                {"on": DateField(self.tr("结束日期")), "outcome": TextField(self.tr("转介结果"), rows=2)},
            ),
            "void": InlineForm(
                self._keeper,
                self.tr("作废这份转介函"),
                self.tr("作废后仍可阅读，核验时显示已作废，编号不再使用。不能撤销。已经交出去的纸件请收回。"),
                self.tr("作废转介函"),
                {"reason": LineField(self.tr("作废原因"), placeholder=self.tr("例如：写在了同名同学的档案里"))},
            ),
            "sign": InlineForm(
                self._keeper,
                self.tr("登记签名"),
                self.tr("确认书打印后由谁签了名。"),
                self.tr("保存签名"),
                {
                    "signed": CheckField(self.tr("监护人已在确认书上签名")),
                    "witness": LineField(self.tr("见证人"), self.tr("监护人没有签名时，写在场的另一位老师")),
                },
            ),
        }

    def _attend(self, _values: dict[str, str]) -> None:
        self._act("attend", "登记就诊", following.attend)

    def _follow(self, values: dict[str, str]) -> None:
        self._act("follow", "记转介随访", following.follow, values["text"])

    def _close(self, values: dict[str, str]) -> None:
        self._act("close", "结束转介", following.close, values["outcome"])

    def _void(self, values: dict[str, str]) -> None:
        def step(session: Session) -> None:
            store.void(session, self._referral_id, values["reason"], self._vault.now())

        self._carry_out("void", "作废转介函", step)

    def _sign(self, values: dict[str, str]) -> None:
        def step(session: Session) -> None:
            store.sign_refusal(session, self._refusal_id, signed=values["signed"] == "1", witness=values["witness"])

        self._carry_out("sign", "登记告知确认书签名", step)

    def _act(self, name: str, what: str, act: Callable[..., Any], *more: str) -> None:
        """One dated step: its day is read, then it is taken."""
        field = self.forms[name].form.fields["on"]

        def step(session: Session) -> None:
            on = field.day() if isinstance(field, DateField) else None
            if on is None:
                raise Problem("没有写日期。", "请填写日期后再保存。")
            act(session, self._referral_id, on, *more, self._vault.clock.today())

        self._carry_out(name, what, step)

    def _carry_out(self, name: str, what: str, step: Callable[[Session], None]) -> None:
        form = self.forms[name]
        try:
            with self._vault.write(what) as session:
                step(session)
                typing.drop(session, form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        form.settle()
        self.hide()
        self.done.emit()
