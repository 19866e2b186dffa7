"""What is done to a vault while it is being killed or cut off: each deed is said before it begins and once it is committed."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import select

from app.clock import StandingClock
from app.demo.cast import Cast
from app.demo.talks import note_values
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, NoteStatus
from app.rooms.notes.record import Case, Note, NoteValues
from app.rooms.students import roster
from app.rooms.students import store as students
from app.rooms.students.classlist.sheets import Sheet, SheetRow, Workbook
from app.rooms.students.record import Student
from app.vault import backup, ballast, restoring, typing
from app.vault.backupplaces import sealed
from app.vault.keys import LEAST_MEMORY, Kdf, Password
from app.vault.opening import create_vault, open_vault
from app.vault.recovery import RecoveryCode, new_code
from app.vault.renewing import renew_password
from app.vault.rotating import NewSecrets, rotate
from app.vault.vault import Vault

CHEAP = Kdf(LEAST_MEMORY, 1, 1, bytes(16))
"""The least the key file accepts: what is tried here is the file, not the derivation."""
NOW = datetime(2026, 11, 20, 16, 40, tzinfo=timezone(timedelta(hours=8)))
ROWS = 25
"""Students in each class list that is taken."""
FORM = "note/new/1"
SMALL_BALLAST = 1 << 16
Say = Callable[[str], None]


def password(number: int) -> Password:
    """The password that deed ``number`` has set; 0 is the one the vault was made with."""
    return Password(f"今天天气真好我们去爬山吧{number}")


def found(folder: Path, code: RecoveryCode) -> None:
    """A vault with one student, her case, and the draft that is written over and over."""
    ballast.BALLAST_BYTES = SMALL_BALLAST  # 16 MB of random bytes in every image would prove nothing more
    vault, _ = create_vault(
        folder,
        school="明德中学",
        room="心理辅导室",
        password=password(0).text,
        clock=StandingClock(NOW),
        kdf=CHEAP,
        code=code,
    )
    with vault.write("登记学生") as session:
        students.add(session, Student(student_no="S0", name="程晓", grade=8, class_no=3))
        values = CaseValues(source=next(iter(CaseSource)), problem_types=["mood"], presenting_problem="睡不好")
        case = cases.open_case(session, 1, values, date(2026, 9, 3))
        session.flush()
        store.draft(session, case.id, _words("草稿0"), NOW.date())
    vault.close()


class Day:
    """One opened vault and the deeds done in it, each under its own number."""

    def __init__(self, folder: Path, opens_with: Password, say: Say) -> None:
        ballast.BALLAST_BYTES = SMALL_BALLAST
        self._folder, self._say, self._password = folder, say, opens_with
        self.vault = self._opened()

    def do(self, deed: str, number: int) -> None:
        """Do one deed; its name is one of this class's methods."""
        code = new_code()
        told = f"{deed} {number} {code.characters}"
        self._say(f"begun {told}")
        result = {
            "draft": self._draft,
            "type": self._type,
            "sign": self._sign,
            "import": self._import,
            "password": self._renew,
            "backup": self._back_up,
            "reopen": self._reopen,
            "restore": self._restore,
            "rotate": self._rotate,
        }[deed](number, code)
        self._say(f"done {told} {result}")

    def end(self) -> None:
        self.vault.close()

    def _opened(self) -> Vault:
        return open_vault(self._folder, self._password, StandingClock(NOW))

    def _draft(self, number: int, _code: RecoveryCode) -> str:
        with self.vault.write("保存草稿") as session:
            (draft,) = session.scalars(select(Note).where(Note.status == NoteStatus.DRAFT))
            store.save_draft(session, draft.id, _words(f"草稿{number}"))
        return ""

    def _type(self, number: int, _code: RecoveryCode) -> str:
        typing.keep(self.vault, FORM, {"subjective": f"{number}"}, 1, wait=5)
        return ""

    def _sign(self, number: int, _code: RecoveryCode) -> str:
        with self.vault.write("签署会谈记录") as session:
            case = session.scalars(select(Case)).one()
            store.enter_signed(session, 1, case.id, number, _words(f"签署{number}"), NOW)
        return ""

    def _import(self, number: int, _code: RecoveryCode) -> str:
        head = ("学号", "姓名", "性别", "班级", "家长姓名", "关系", "联系电话")
        rows = [
            (f"{number:06}-{row:02}", "林晓舟", "女", "七(1)班", "林建国", "父亲", "13800001111") for row in range(ROWS)
        ]
        sheet = Sheet("初中", tuple(SheetRow(at, row) for at, row in enumerate((head, *rows), start=1)))
        roster.take(self.vault, roster.look(self.vault, Workbook("名册.xlsx", (sheet,))))
        return ""

    def _renew(self, number: int, _code: RecoveryCode) -> str:
        renew_password(self.vault, password(number).text)
        self._password = password(number)
        return ""

    def _back_up(self, _number: int, _code: RecoveryCode) -> str:
        return backup.back_up(self.vault).path.name

    def _reopen(self, _number: int, _code: RecoveryCode) -> str:
        self.vault.close()
        self.vault = self._opened()
        return ""

    def _restore(self, _number: int, _code: RecoveryCode) -> str:
        """The newest backup under the present keys takes the vault's place."""
        container = sealed(backup.local_place(self._folder), self.vault.master)[0]
        with restoring.Opened(
            container, self.vault.master, backup.local_place(self._folder), StandingClock(NOW), restoring.Unwatched()
        ) as opened:
            self.vault.close()
            restoring.stage(opened, self._folder)
        restoring.finish(self._folder)
        self.vault = self._opened()
        return container.path.name

    def _rotate(self, number: int, code: RecoveryCode) -> str:
        rotate(self.vault, self._password.text, NewSecrets(password(number).text, code))
        self._password = password(number)
        self.vault = self._opened()
        return ""


def live(folder: Path, opens_with: Password, say: Say, deeds: Sequence[str], first: int) -> None:
    """Open the vault, do the deeds one after the other, close it."""
    day = Day(folder, opens_with, say)
    say("opened")
    for number, deed in enumerate(deeds, start=first):
        day.do(deed, number)
    day.end()
    say("closed")


ORDINARY = {"sign": 30, "draft": 22, "type": 15, "import": 12, "password": 5, "backup": 10, "reopen": 6}


def ordinary(dice: random.Random, count: int) -> list[str]:
    """A day's deeds."""
    return dice.choices(list(ORDINARY), list(ORDINARY.values()), k=count)


def _words(subjective: str) -> NoteValues:
    return replace(_USUAL, subjective=subjective)


_CAST = Cast.of(7)
_USUAL = note_values(_CAST, _CAST.themes[0], date(2026, 9, 4))


def main() -> None:
    """Found a vault or live in one, as the arguments say, and write what is said to a file: this is run under a recorder."""
    what, folder, said, *rest = sys.argv[1:]
    voice = os.open(said, os.O_WRONLY | os.O_APPEND)

    def say(words: str) -> None:
        os.write(voice, f"{words}\n".encode())

    if what == "found":
        found(Path(folder), RecoveryCode(rest[0]))
        say("founded")
    else:
        live(Path(folder), Password(rest[0]), say, rest[2:], int(rest[1]))


if __name__ == "__main__":
    main()
