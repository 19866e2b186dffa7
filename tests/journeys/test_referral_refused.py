"""The guardian says no: the confirmation instead of the letter, talks again, and at last the letter in an emergency, with its reason."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.documents.record import Issued
from app.rooms.referrals import overview, store
from app.vault import bin
from tests.documents.reading import bare, words_of
from tests.journeys import steps
from tests.journeys.hands import CTRL
from tests.journeys.test_referral_to_the_end import listed

STUDENT, FATHER = "闻人晓", "闻人立"
RISKS = "情绪持续低落可能加重，睡眠和学习会受影响。"
DECIDED = "先在家观察两周。"
REASON = "当晚说到具体的伤害自己的做法，家长电话不接，已报告校领导。"


def begin(hands, furnished):
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "20260902", STUDENT)
    steps.add_guardian(hands, FATHER, "13700005522")
    hands.press("写转介单")
    hands.choose("接诊机构", "市第二医院 · 儿少心理科")
    hands.press("转介原因：自伤/自杀风险")
    hands.fill("主要表现及起始时间", "近两周情绪低落，常独自哭泣。")
    hands.fill("学校已做工作", "个别辅导两次，班主任每日关注。")
    hands.fill("告知监护人的日期", "2026-11-19")
    hands.choose("告知方式", "到校面谈")


def refuse(hands):
    hands.press("监护人不同意")
    hands.press("保存并打印确认书")
    hands.reads("还缺少：已说明的风险、监护人的决定")
    hands.press("知道了")
    hands.fill("已向监护人说明的风险", RISKS)
    hands.fill("监护人的决定", DECIDED)
    hands.press("保存并打印确认书")


def sign(hands, password):
    hands.fill("签署口令", password)
    hands.press("确认签署")


def not_signed(hands):
    """He would not sign; who was there is written down."""
    hands.reads("待签名")
    hands.press("登记签名")
    hands.press("保存签名")
    hands.reads("没有签名的，请写上见证人")
    hands.press("知道了")
    hands.fill("见证人", "罗景行")
    hands.press("保存签名")
    hands.reads("见证人：罗景行")


def paper(hands, path):
    steps.export(hands, path)
    return [bare(page) for page in words_of(path.read_bytes(), as_drawn=True)]


def test_a_refusal_and_at_last_an_emergency(start, hands, furnished, tmp_path):
    house = start()
    begin(hands, furnished)
    refuse(hands)
    sign(hands, furnished.password)
    hands.reads("未改动且本机签发")
    (said,) = paper(hands, tmp_path / "确认书.pdf")
    assert bare(RISKS.rstrip("。")) in said
    assert bare(DECIDED.rstrip("。")) in said
    hands.press("打开原记录")
    not_signed(hands)
    hands.reads("再次与监护人沟通：2026年11月22日 前")
    hands.press("记随访")
    hands.fill("随访情况", "再次电话沟通，父亲仍想先观察。")
    hands.press("保存随访")
    hands.reads("每周随访：2026年11月27日 前")
    hands.press("修改转介单")
    in_an_emergency(hands)
    hands.press("签发并打印")  # she signed a moment ago: the password is not asked for again
    hands.find("开始打印")
    hands.press("取消")
    hands.reads("未改动且本机签发")
    letter, _receipt, stub = paper(hands, tmp_path / "函.pdf")
    assert "因情况紧急，为保护生命健康，本函出具时尚未取得监护人对提供信息的同意。" in letter
    assert "由监护人陪同" not in letter
    assert bare(REASON) in stub
    assert bare(REASON) not in letter
    hands.press("打开学生档案")
    hands.reads("未经同意签发")
    hands.reads(REASON)
    hands.press("转介")
    assert listed(house)[STUDENT] == "已出具"


def test_the_signature_being_written_down_stands_open_again_after_a_lock(start, hands, furnished):
    start()
    begin(hands, furnished)
    refuse(hands)
    sign(hands, furnished.password)
    hands.reads("未改动且本机签发")
    hands.press("打开原记录")
    hands.press("登记签名")
    hands.fill("见证人", "罗景行")
    hands.key(Qt.Key.Key_L, CTRL)
    steps.unlock(hands, furnished.password)
    assert hands.value("见证人") == "罗景行"
    hands.press("保存签名")
    hands.reads("见证人：罗景行")


def test_the_paper_of_a_destroyed_referral_says_so(start, hands, furnished):
    house = start()
    begin(hands, furnished)
    refuse(hands)
    sign(hands, furnished.password)
    hands.reads("未改动且本机签发")
    paper = house.desk.window.page().route
    with house.desk.vault.read() as session:
        referral = overview.referral_of(session, "refusal", session.get_one(Issued, paper.record_id).about_id)
    hands.press("作废")
    hands.fill("作废原因", "写错了")
    hands.press("确认作废")
    hands.reads("作废：写错了")
    with house.desk.vault.write("试") as session:
        gone = store.discard(session, referral, house.desk.vault.now())
    bin.destroy_records(house.desk.vault, [gone])
    house.go(paper)
    hands.press("打开原记录")
    hands.reads("这条记录已经销毁。")


def in_an_emergency(hands):
    hands.reads("还没有监护人对「信息提供」的同意")
    hands.choose("没有同意而签发(例外)", "紧急情况，为保护生命健康")
    hands.press("签发并打印")
    hands.reads("要写明原因")
    hands.press("知道了")
    hands.fill("例外的原因", REASON)
    hands.press("签发并打印")
    hands.reads("陪同方式不能写「监护人陪同」")
    hands.press("知道了")
    hands.choose("陪同方式", "120")
