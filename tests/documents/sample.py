"""A made-up document of three sheets with every kind of block, for the tests of paper and for looking at."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from app.documents.blocks import Cell, Closing, Document, Gap, Grid, Heading, Sheet, Tear, Text, Title, tick
from app.documents.paper import Foot

ISSUED = datetime(2026, 11, 20, 10, 32, tzinfo=timezone(timedelta(hours=8)))
FOOT = Foot(issued_at=ISSUED, trail_head="7c01d2ee90ab", fingerprint="3f8a91c2" + "ab12cd34" * 6 + "ee0107d4")


def label(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, label=True, across=across, down=down)


FACTS = Grid(
    widths=(2.2, 3, 1.6, 2, 2.2, 3),
    rows=(
        (label("姓名"), Cell("程辰𠮷"), label("性别"), Cell("女"), label("出生日期"), Cell("2011-05-02")),
        (label("班级"), Cell("九(2)班"), label("监护人"), Cell("程女士(母亲)"), label("电话"), Cell("139 0000 8810")),
        (
            label("主要表现\n及起始时间"),
            Cell(
                "近两个月情绪持续低落、兴趣减退、早醒,近两周出现回避上学。自述“最近两周总在凌晨醒,怕小考”,"
                "谈到同桌时落泪。体育课、社团活动均不再参加。",
                across=5,
            ),
        ),
        (label("安全相关情况"), Cell("未发现自伤、自杀意念。", across=5)),
        (label("学校已做工作"), Cell("个别辅导三次(9月至11月);与监护人沟通两次;班主任每周谈话。", across=5)),
        (
            label("监护人\n意见", down=2),
            Cell(f"{tick('同意', True)}　{tick('暂不同意', False)}", across=5),
        ),
        (Cell("签名:　　　　　　　　　日期:", across=5, min_lines=2),),
    ),
)

LETTER = Sheet(
    key="letter",
    name="第一联 交接诊机构",
    seam="心转〔2026〕第017号　骑缝章",
    blocks=(
        Title("启明中学学生心理健康转介函"),
        Text("市精神卫生中心(儿少科):", indent=0),
        Text(
            "我校学生程辰𠮷近期在校出现下表所列情况,已超出学校心理辅导的工作范围。经与监护人充分沟通并取得同意,"
            "现由监护人陪同前往贵院,请予接诊评估。表内内容为学校日常观察和监护人陈述,不含任何医学判断,仅供诊疗参考,"
            "请代为保密。诊疗结束后,如监护人同意,烦请填写回执,以便学校做好后续支持。"
        ),
        FACTS,
        Text("联系人:王静　电话:0791-5550100。学校邮箱 counselling-room@qiming-middle-school.example.edu.cn,盼复。"),
        Closing(("心理教师:", "启明中学心理辅导室", "2026年11月20日"), autograph=True, stamp=True),
    ),
)

RECEIPT = Sheet(
    key="receipt",
    name="第二联 回执",
    seam="心转〔2026〕第017号　骑缝章",
    body_size=12,
    line_height=22,
    blocks=(
        Title("转介回执"),
        Text("启明中学:", indent=0),
        Text("心转〔2026〕第017号收悉。该生已于　　　年　　月　　日就诊。经监护人同意反馈:"),
        Text(
            "　".join(tick(a, False) for a in ("门诊随访", "建议住院", "建议居家休养", "可在校学习、定期复诊")),
            indent=2,
        ),
        Grid(
            widths=(1, 3),
            rows=(
                (label("对学校的建议"), Cell("", min_lines=5)),
                (label("下次复诊"), Cell("")),
            ),
        ),
        Closing(("医师签名:", "(机构章)", "　　年　　月　　日"), autograph=False),
        Tear("由监护人填写"),
        Heading("监护人是否同意向学校反馈"),
        Text(f"{tick('是', False)}　{tick('否', False)}　　签名:", indent=2),
        Gap(2),
    ),
)

STUB = Sheet(
    key="stub",
    name="第三联 存根",
    seam="心转〔2026〕第017号　骑缝章",
    body_size=12,
    line_height=22,
    blocks=(
        Title("转介存根"),
        Heading("一、转介信息"),
        Grid(
            widths=(1, 2, 4),
            head_rows=1,
            rows=(
                (label("序号"), label("日期"), label("经过")),
                *(
                    (
                        Cell(str(n)),
                        Cell(f"2026-09-{n:02}"),
                        Cell("与班主任谈话,了解近况;约定下周三再谈。" * (1 + n % 3)),
                    )
                    for n in range(1, 25)
                ),
            ),
        ),
        Heading("二、说明"),
        Text("本联由学校留存。" * 6, size=10.5),
        Closing(("经办人:　　　　　　分管领导:", "2026年11月20日")),
    ),
)

SAMPLE = Document(
    kind="referral",
    title="启明中学学生心理健康转介函",
    sheets=(LETTER, RECEIPT, STUB),
    number="心转〔2026〕第017号",
    limited_to="市精神卫生中心",
)
