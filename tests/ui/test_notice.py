"""The one door to the counsellor: sentences with a next step, questions, and nothing that can stop the lock."""

import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from app.errors import Problem
from app.ui.background import Working
from app.ui.notice import Message, Notice, install_bug_door
from app.ui.toast import Toast
from tests.ui.fake_notice import FakeNotice


@pytest.fixture
def window(dressed, qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def notice(window):
    made = Notice(window)
    yield made
    made.close_all()


def dialogs(window) -> list[Message]:
    return [found for found in window.findChildren(Message) if found.isVisible()]


def words(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def press(widget, name: str) -> QPushButton:
    found = next(made for made in widget.findChildren(QPushButton) if made.accessibleName() == name)
    found.click()
    return found


def test_a_problem_is_told_with_its_values_and_its_next_step_and_does_not_stop_the_program(window, notice):
    notice.tell(Problem("第 {row} 行没有姓名。", "请补上姓名，或不导入这一行。", row=12))

    (shown,) = dialogs(window)
    assert "第 12 行没有姓名。" in words(shown)
    assert "请补上姓名" in words(shown)
    press(shown, "知道了")
    assert dialogs(window) == []


def test_the_same_sentence_does_not_pile_up(window, notice):
    for _ in range(3):
        notice.tell(Problem("档案已经锁上。", "请解锁后再试。"))

    (shown,) = dialogs(window)
    press(shown, "知道了")
    notice.tell(Problem("档案已经锁上。", "请解锁后再试。"))
    assert len(dialogs(window)) == 1


def test_a_question_is_answered_by_its_verb_and_cancel_answers_nothing(window, notice):
    answers = []
    notice.ask(
        "结案？", "结案后不能再加记录。", "结案", lambda: answers.append("yes"), on_no=lambda: answers.append("no")
    )
    press(dialogs(window)[0], "结案")
    notice.ask("结案？", "", "结案", lambda: answers.append("yes"), on_no=lambda: answers.append("no"))
    press(dialogs(window)[0], "取消")

    assert answers == ["yes", "no"]


def test_a_destructive_act_needs_the_word_not_just_enter(window, notice, qtbot):
    answers = []
    notice.ask("清空回收站？", "3 名学生的 12 份记录将永久销毁。", "清空", lambda: answers.append(1), word="清空")
    (shown,) = dialogs(window)
    field = shown.findChild(QLineEdit)

    qtbot.keyClick(shown, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not press(shown, "清空").isEnabled()
    assert answers == []

    field.setText("清空")
    press(shown, "清空")
    assert answers == [1]


def test_a_toast_offers_to_take_back_and_a_new_one_takes_its_place(window, notice, qtbot):
    undone = []
    notice.toast("已导入 1,800 名学生。", "撤销", lambda: undone.append(1))
    notice.toast("已移到回收站。", "撤销", lambda: undone.append(2))

    (shown,) = [toast for toast in window.findChildren(Toast) if toast.isVisible()]
    assert shown.geometry().bottom() < window.height()
    press(shown, "撤销")
    assert undone == [2]
    qtbot.waitUntil(lambda: not window.findChildren(Toast))


def test_a_toast_leaves_by_itself_and_the_next_one_still_comes(window, notice, qtbot, monkeypatch):
    monkeypatch.setattr("app.ui.toast.TOAST_SECONDS", 0)
    notice.toast("已保存。")
    qtbot.waitUntil(lambda: not window.findChildren(Toast))

    notice.toast("又已保存。")
    assert window.findChildren(Toast)


class Stubborn(QDialog):
    """A dialog that does not want to go."""

    def reject(self) -> None:
        pass


def test_the_lock_closes_every_dialog_menu_and_toast_without_an_answer(window, notice, qtbot):
    answers = []
    notice.ask("结案？", "", "结案", lambda: answers.append("yes"), on_no=lambda: answers.append("no"))
    own = Stubborn(window)
    own.finished.connect(answers.append)
    own.open()
    notice.toast("已保存。")
    menu = QMenu(window)
    menu.addAction("复制")
    menu.popup(window.mapToGlobal(window.rect().center()))

    notice.close_all()

    seen = [shown for shown in QApplication.topLevelWidgets() if shown.isVisible() and shown is not window]
    assert seen == []
    assert QApplication.activeModalWidget() is None
    assert [toast for toast in window.findChildren(Toast) if toast.isVisible()] == []
    assert answers == []


def test_the_lock_closes_the_window_of_a_job_too(window, notice, qtbot):
    from app.ui.background import Background

    background = Background()
    job = background.run(lambda progress: progress._stop.wait(5), lambda result: None, lambda error: None)
    Working(window, job, "正在导入名单…").open()

    notice.close_all()
    background.stop_all()

    assert not any(dialog.isVisible() for dialog in window.findChildren(QDialog))


def test_words_are_shown_as_they_are_never_as_markup(window, notice):
    notice.say("<b>粗</b>", "<img src='file:///etc/passwd'>")

    (shown,) = dialogs(window)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown.findChildren(QLabel))


@pytest.fixture
def bug_door(notice, monkeypatch):
    for module, hook in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    install_bug_door(notice)


def test_a_bug_is_shown_with_a_next_step_and_only_code_places_are_written_down(window, bug_door, capsys):
    secret = "林晓舟昨晚没有睡"
    try:
        raise KeyError(secret)
    except KeyError:
        sys.excepthook(*sys.exc_info())

    (shown,) = dialogs(window)
    assert "已经保存的内容不受影响" in words(shown)
    assert "test_notice.py" in words(shown)
    written = capsys.readouterr().err
    assert "KeyError" in written
    assert "test_notice.py" in written
    assert secret not in written + words(shown)


def test_a_bug_on_a_thread_or_in_an_object_let_go_writes_only_code_places_down(window, bug_door, capsys):
    secret = "林晓舟昨晚没有睡"

    def fail() -> None:
        raise KeyError(secret)

    class Failing:
        def __del__(self) -> None:
            fail()

    thread = threading.Thread(target=fail, name=secret)
    thread.start()
    thread.join()
    on_thread = capsys.readouterr().err
    Failing()
    in_object = capsys.readouterr().err
    for written in (on_thread, in_object):
        assert "KeyError" in written
        assert "test_notice.py" in written
        assert secret not in written
    assert dialogs(window) == []


def test_a_problem_nobody_caught_is_told_like_any_other(window, bug_door, capsys):
    problem = Problem("磁盘已满，这次没有保存。", "请腾出空间。")
    sys.excepthook(Problem, problem, None)

    assert "磁盘已满" in words(dialogs(window)[0])
    assert capsys.readouterr().err == ""


def test_the_fake_answers_like_the_real_one(dressed):
    fake, answers = FakeNotice(), []
    fake.ask("结案？", "", "结案", lambda: answers.append("yes"), on_no=lambda: answers.append("no"))
    assert fake.answer_yes().sentence == "结案？"
    fake.toast("已保存。", "撤销", lambda: answers.append("undo"))
    fake.press_undo()

    assert answers == ["yes", "undo"]
