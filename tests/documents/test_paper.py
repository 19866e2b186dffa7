"""Paper: a document's blocks on pages, with nothing lost, nothing hidden and the same bytes each time."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.documents.blocks import Cell, Closing, Document, Grid, Heading, Sheet, Tear, Text, Title
from app.documents.code import content_code
from app.documents.flow import Piece, fill
from app.documents.paper import Foot, SheetPages, draw, missing
from app.documents.pen import Pen
from tests.documents.reading import bare, pages_of, words_of
from tests.documents.sample import FOOT, LETTER, RECEIPT, SAMPLE, STUB

PAGES = words_of(draw(SAMPLE, FOOT).pdf)


def one_sheet(*blocks: object, **more: object) -> Document:
    return Document("letter", "函", (Sheet("one", "一", tuple(blocks), **more),))  # type: ignore[arg-type]


def test_each_sheet_begins_on_its_own_page_and_its_pages_are_known() -> None:
    sheets = draw(SAMPLE, FOOT).sheets
    assert sheets == (
        SheetPages("letter", "第一联 交接诊机构", 1, 2),
        SheetPages("receipt", "第二联 回执", 3, 3),
        SheetPages("stub", "第三联 存根", 4, 6),
    )
    assert "启明中学学生心理健康转介函" in PAGES[0]
    assert "转介回执" in PAGES[2]
    assert "转介存根" in PAGES[3]


def test_every_page_tells_what_paper_it_is() -> None:
    code = content_code(SAMPLE)
    for number, page in enumerate(PAGES, 1):
        words = bare(page)
        assert f"第{number}页/共{len(PAGES)}页" in words
        assert f"内容码{code}" in words
        assert "编号心转〔2026〕第017号" in words
        assert "记录链7c01d2ee90ab" in words
        assert "签名证书指纹3F8A91C2AB12CD34" in words
        assert "本材料仅限市精神卫生中心使用，不得拍照转发" in words
        assert "以电子签名校验为准" in words
        assert "保密" in words
        assert "签发2026-11-2010:32" in words
        assert "骑缝章" in words


def test_a_very_long_receiver_is_cut_short_and_the_small_words_keep_their_size() -> None:
    receiver = "某某省某某市精神卫生中心暨第三人民医院附属儿童青少年心理健康医学部"
    pdf = draw(replace(SAMPLE, limited_to=receiver * 4), FOOT).pdf
    line = bare(words_of(pdf, as_drawn=True)[0])
    assert re.search(r"本材料仅限某某省某某市.+…使用，不得拍照转发。以电子签名校验为准。", line)
    with pikepdf.open(BytesIO(pdf)) as document:
        sizes = {
            float(operands[1])
            for operands, name in pikepdf.parse_content_stream(document.pages[0])
            if str(name) == "Tf"
        }
    assert min(sizes) >= 7.5


def test_the_letter_says_its_words_in_order_without_spaces_between_chinese_characters() -> None:
    flowing = PAGES[0].split("后续支持。")[0].replace("\n", "") + "后续支持。"
    assert LETTER.blocks[2].text in flowing  # type: ignore[union-attr]
    assert " " not in flowing.split("转介函")[1]


def test_the_words_of_cells_are_there() -> None:
    words = bare(PAGES[0])
    for expected in (
        "近两个月情绪持续低落、兴趣减退、早醒,近两周出现回避上学。",
        "■同意",
        "□暂不同意",
        "监护人",
        "程辰𠮷",
    ):
        assert bare(expected) in words


def test_head_rows_are_repeated_on_the_next_page() -> None:
    assert all("序号" in page and "经过" in page for page in PAGES[3:5])
    rows = [line for page in PAGES[3:5] for line in page.splitlines() if re.fullmatch(r"2026-09-\d\d", line)]
    assert len(rows) == 24


def test_a_closing_takes_words_with_it_to_its_page() -> None:
    filler = tuple(Text("正文一段。") for _ in range(21))
    pages = words_of(draw(one_sheet(*filler, Closing(("心理教师：", "2026年11月20日"))), Foot()).pdf, body_only=True)
    assert len(pages) == 2
    assert pages[1].count("正文一段") == 2


def test_a_sheet_that_may_be_set_smaller_stays_on_one_page() -> None:
    whole = draw(replace(SAMPLE, sheets=(replace(LETTER, smallest=12.0),)), FOOT)
    assert whole.sheets[0].last == 1
    assert bare("2026年11月20日") in bare(words_of(whole.pdf)[0])
    # What would be on two pages even so keeps its own size.
    long = replace(STUB, smallest=10.0)
    assert draw(replace(SAMPLE, sheets=(long,)), FOOT).sheets[0].last == 3


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page() -> None:
    for count in range(17, 24):
        filler = tuple(Text("正文一段。") for _ in range(count))
        pages = words_of(draw(one_sheet(*filler, Heading("二、说明"), Text("说明的话。")), Foot()).pdf, body_only=True)
        assert [page for page in pages if "二、说明" in page] == [page for page in pages if "说明的话" in page]


def test_a_long_cell_flows_over_pages_and_loses_nothing() -> None:
    long = "".join(f"第{n}句，记下当时说的话。" for n in range(1, 900))
    grid = Grid((1, 4), ((Cell("经过", label=True), Cell(long)), (Cell("以后", label=True), Cell("完"))))
    drawn = draw(one_sheet(Title("记录"), grid, Text("末尾")), Foot())
    pages = words_of(drawn.pdf, body_only=True, as_drawn=True)
    assert len(pages) > 5
    assert "".join(bare(page) for page in pages) == bare("记录" + "经过" + long + "以后完末尾")


def test_cells_over_several_rows_flow_over_pages_and_lose_nothing() -> None:
    notes = [f"第{n}条，" + "写了很长的一段话。" * 12 for n in range(40)]
    label = "跨行的标题" * 40
    rows = [(Cell(label, label=True, down=40), Cell(notes[0]))] + [(Cell(note),) for note in notes[1:]]
    drawn = draw(one_sheet(Grid((1, 4), tuple(rows))), Foot())
    words = bare("".join(words_of(drawn.pdf, body_only=True)))
    assert drawn.sheets[0].last > 2
    assert all(bare(note[:5]) in words for note in notes)
    assert words.count("写了很长的一段话") == 40 * 12
    assert sum(words.count(c) for c in "跨") == 40


def test_an_empty_document_is_one_page() -> None:
    assert draw(one_sheet(), Foot()).sheets == (SheetPages("one", "一", 1, 1),)


def test_a_draft_says_so_on_every_page_and_has_neither_code_nor_number() -> None:
    pages = words_of(draw(replace(SAMPLE, draft=True, number=""), Foot()).pdf)
    assert len(pages) == len(PAGES)
    for page in pages:
        assert "草" in page
        assert "稿" in page
        assert "内容码" not in page


def test_what_is_not_private_does_not_say_so() -> None:
    assert "保密" not in words_of(draw(replace(one_sheet(Text("通知")), private=False), Foot()).pdf)[0]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert draw(SAMPLE, FOOT) == draw(SAMPLE, FOOT)


def test_no_metadata_names_the_student_and_nothing_in_the_file_acts() -> None:
    with pikepdf.open(BytesIO(draw(SAMPLE, FOOT).pdf)) as pdf:
        told = {key: str(value) for key, value in pdf.docinfo.items()}
        assert told["/Title"] == "referral 心转〔2026〕第017号"
        assert told["/CreationDate"] == told["/ModDate"] == "D:20261120103200+08'00'"
        assert not any("程" in value or "启明" in value for value in told.values())
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm", "/OCProperties"} & set(pdf.Root.keys())
        assert all("/Annots" not in page and "/AA" not in page for page in pdf.pages)


def test_another_program_finds_no_fault_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "sample.pdf").write_bytes(draw(SAMPLE, FOOT).pdf)
    done = subprocess.run(["qpdf", "--check", tmp_path / "sample.pdf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "No syntax or stream encoding errors" in done.stdout


def test_the_text_area_is_that_of_gb_t_9704() -> None:
    """天头 37 mm, 订口 28 mm, 版心 156 × 225 mm: at 254 dpi a millimetre is ten points of the picture."""
    full = one_sheet(*(Text("国" * 400, indent=0) for _ in range(2)), line_height=28.0)
    page = pages_of(draw(replace(full, private=False), Foot()).pdf, dpi=254)[0]
    ink = page.point(lambda grey: 255 * (grey < 128)).crop((0, 0, 2100, 2620)).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert 278 <= left <= 290
    assert 370 <= top <= 400
    assert 1825 <= right <= 1842
    assert bottom <= 2622


def test_pictures_are_drawn_in_the_closing() -> None:
    red = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(red).ellipse((5, 5, 295, 295), outline=(200, 0, 0), width=20)
    data = BytesIO()
    red.save(data, "PNG")
    document = one_sheet(Text("请予接诊。"), Closing(("心理教师：", "2026年11月20日"), autograph=True, stamp=True))
    plain = draw(document, Foot()).pdf
    both = draw(document, Foot(autograph=data.getvalue(), stamp=data.getvalue())).pdf
    with pikepdf.open(BytesIO(both)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
    # The stamp's white paper covers no words.
    assert words_of(plain) == words_of(both)
    dark_plain, dark_both = (sum(pages_of(pdf, 60)[0].histogram()[:100]) for pdf in (plain, both))
    assert dark_both > dark_plain * 0.95


def test_missing_characters_are_known_before_drawing() -> None:
    assert missing(replace(SAMPLE, limited_to="😀院")) == ["😀"]
    assert missing(SAMPLE) == []


def test_the_content_code_covers_words_and_number_and_nothing_else() -> None:
    code = content_code(SAMPLE)
    assert re.fullmatch("[0-9a-f]{12}", code)
    assert content_code(replace(SAMPLE)) == code
    assert content_code(replace(SAMPLE, limited_to="别处", kind="other")) == code
    changed = [
        replace(SAMPLE, number="心转〔2026〕第018号"),
        replace(SAMPLE, sheets=(LETTER, RECEIPT)),
        replace(SAMPLE, sheets=(LETTER, STUB, RECEIPT)),
        replace(SAMPLE, extras={"record": "2"}),
        replace(SAMPLE, sheets=(LETTER, replace(RECEIPT, blocks=(*RECEIPT.blocks[:-1], Tear())), STUB)),
    ]
    assert len({code, *map(content_code, changed)}) == len(changed) + 1


def test_the_content_code_is_that_of_the_canonical_json() -> None:
    import hashlib

    document = Document("k", "题", (Sheet("a", "甲", (Title("好"),)),), number="1")
    covered = {
        "extras": {},
        "number": "1",
        "sheets": [{"blocks": [{"block": "Title", "text": "好"}], "name": "甲"}],
        "title": "题",
    }
    text = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
    assert content_code(document) == hashlib.sha256(text.encode()).hexdigest()[:12]


def reads_from_left(character: str) -> bool:
    """Whether a PDF reader leaves the character where it stands: no right-to-left letters, no marks over others."""
    if unicodedata.category(character) in ("Cs", "Cn", "Mn", "Me", "Mc"):
        return False
    return unicodedata.bidirectional(character) in ("L", "EN", "ES", "ET", "CS", "ON", "WS", "S", "B", "BN")


ANYTHING = st.text(
    st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.characters()).filter(reads_from_left)
    | st.sampled_from("<b>&'\"\\()%$，。：；“”（）《》……\n\t "),
    max_size=150,
)


@given(st.lists(ANYTHING, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_any_text_builds_and_is_read_back(texts: list[str]) -> None:
    sheets = tuple(Sheet(str(n), str(n), (Text(text),), body_size=12, line_height=16) for n, text in enumerate(texts))
    drawn = draw(Document("letter", "函", sheets), Foot())
    pages = words_of(drawn.pdf, body_only=True, as_drawn=True)
    assert [bare(page) for page in pages] == [bare(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        '<img src="/etc/passwd"/>',
        "A&B &amp; <b>",
        "<font size=900>大</font>",
        "<para>{__class__}%n{{ }}</para>",
        "\\(\\",
    ],
)
def test_markup_in_a_text_is_only_text(text: str) -> None:
    grid = Grid((1,), ((Cell(text),),))
    document = one_sheet(Title(text), Heading(text), Text(text), grid, Tear(text), Closing((text,)))
    drawn = draw(document, Foot())
    words = bare(words_of(drawn.pdf)[0])
    assert words.count(bare(text)) >= 5
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        assert not pdf.pages[0].get_images()


def test_text_reaches_paper_in_one_place() -> None:
    """Only the pen writes text, and nothing reads a user's text as markup."""
    app = Path(__file__).parents[2] / "app"
    writes = re.compile(r"textOut|textLine|drawString|drawCentredString|drawRightString|Paragraph\(|platypus")
    found = {path.name for path in app.rglob("*.py") if writes.search(path.read_text("utf-8"))}
    assert found == {"pen.py"}


@dataclass(frozen=True)
class Bar:
    """A part of so many points."""

    height: float

    def draw(self, _pen: Pen, _x: float, _top: float) -> None:
        """Nothing is drawn."""


def test_empty_room_at_the_foot_of_a_page_begins_no_new_one() -> None:
    """What ends a table is left out there: else an empty page would follow."""
    table, room = Piece(Bar(90)), Piece(Bar(20), yields=True)
    assert [len(page.parts) for page in fill([table, room], 100)] == [1]
    assert [len(page.parts) for page in fill([table, room, table], 100)] == [1, 1]
