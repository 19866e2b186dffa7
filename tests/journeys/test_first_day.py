"""The first day: from a PC that has never seen the program to a signed letter on paper, with mouse and keyboard alone."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from PIL import ImageChops, ImageStat
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from app.house.house import House
from tests.cups import PrintQueue, print_queue
from tests.documents.others import pdfsig, qpdf_check
from tests.documents.reading import bare, pages_of, words_of
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.hands import CTRL, Hands
from tests.journeys.traces import traces

__all__ = ["print_queue"]
ROSTER = Path(__file__).parent.parent / "cases" / "roster.xlsx"
NAME, NUMBER, INITIALS, PHONE = "仇曦宇", "024010005", "qxy", "17269723239"
GUARDIAN = "冯建国"
COPIES = 2
ALIKE = 6.0
"""Mean difference of grey (0–255) up to which two pictures are the same page: ghostscript draws letters a little bolder."""


def test_from_first_run_to_paper(
    start: Callable[[], House], hands: Hands, pc: Pc, print_queue: PrintQueue, tmp_path: Path
) -> None:
    start()
    secrets = steps.first_run(hands, pc.home / "静室档案")
    kept_in = (NAME, NUMBER, PHONE, GUARDIAN, steps.MARK, secrets.password, secrets.code, secrets.code.replace("-", ""))

    def nothing_in_plain(*, but: Path | None = None) -> None:
        assert traces(pc.folder, kept_in, but=but) == []

    steps.import_roster(hands, ROSTER)
    nothing_in_plain()
    hands.jump(INITIALS, NAME)
    hands.reads(f"学号 {NUMBER}")
    steps.open_case(hands)
    steps.write_note(hands)
    nothing_in_plain()
    steps.sign_note(hands)
    steps.begin_referral(hands)
    hands.press("登记同意")
    hands.find("返回转介单")
    offered = [hands.find(name, QComboBox).currentText() for name in ("事项", "谁来签署")]
    assert offered == ["信息提供(转介/移交)", "监护人+学生"]
    steps.consent(hands, f"{GUARDIAN}、{NAME}")
    hands.press("返回转介单")
    hands.reads("可以签发")
    nothing_in_plain()
    steps.issue(hands, secrets.password)
    nothing_in_plain()
    letter = pc.home / "转介材料" / "给医院.pdf"
    letter.parent.mkdir()
    steps.export(hands, letter)
    before = len(print_queue.papers())
    steps.print_out(hands, print_queue.name, COPIES)
    papers = print_queue.wait_for(before + 1)
    nothing_in_plain(but=letter)

    hands.key(Qt.Key.Key_L, CTRL)
    hands.reads(f"{steps.SCHOOL} · {steps.ROOM}")
    nothing_in_plain(but=letter)
    (tmp_path / "others").mkdir()
    others_accept(letter.read_bytes(), tmp_path / "others")
    the_same_on_paper(papers[-1].read_bytes(), letter.read_bytes())


def others_accept(pdf: bytes, folder: Path) -> None:
    """What pdfsig, qpdf, pdffonts and pdftotext say of the exported file."""
    said = pdfsig(pdf, folder)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "No syntax or stream encoding errors" in qpdf_check(pdf, folder)
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    embedded = [re.search(r" (yes|no) +(?:yes|no) +(?:yes|no) ", line) for line in fonts.splitlines()[2:]]
    assert embedded
    assert all(found is not None and found[1] == "yes" for found in embedded), fonts
    letter, receipt, stub = map(bare, words_of(pdf, as_drawn=True))
    for words in (NAME, steps.HOSPITAL, steps.DEPARTMENT, steps.SEEN, GUARDIAN, PHONE, steps.COUNSELLOR):
        assert bare(words) in letter
    assert NAME in stub
    assert steps.MARK not in letter + receipt + stub  # what the student said in confidence


def the_same_on_paper(printed: bytes, pdf: bytes) -> None:
    """Every page in its order, as often as asked; no other page of the letter would do in its place."""
    came, wanted = pages_of(printed), pages_of(pdf)
    assert len(came) == len(wanted) * COPIES
    for at, picture in enumerate(came):
        apart = [ImageStat.Stat(ImageChops.difference(picture, page.resize(picture.size))).mean[0] for page in wanted]
        assert apart[at % len(wanted)] == min(apart) < ALIKE
