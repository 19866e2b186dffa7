"""The fixed answers of a referral (domain.md 2.16, 3.2): what is stored is the code, what is shown the label."""

from __future__ import annotations

from app.rooms.students.choices import SharedItem
from app.vault.choice import Choice


class Channel(Choice):
    """By which way the student comes to the doctor."""

    ADVICE = "advice", "普通建议"
    GREEN = "green", "绿色通道"
    EMERGENCY = "emergency", "急诊/120"
    AGENCY = "agency", "校外心理机构"
    DISTRICT = "district", "区心理辅导中心"


class Urgency(Choice):
    """How soon the student should be seen."""

    ROUTINE = "routine", "常规"
    SOON = "soon", "尽快(3日内)"
    TODAY = "today", "当日"


class Reason(Choice):
    """Why the school refers; several may hold."""

    DISORDER = "disorder", "疑似精神障碍"
    SELF_HARM = "self_harm", "自伤/自杀风险"
    VIOLENCE = "violence", "伤人风险"
    COMPETENCE = "competence", "超出胜任能力"
    NO_EFFECT = "no_effect", "辅导效果不佳"
    MEDICAL = "medical", "药物/诊断评估"
    PARENTS = "parents", "家长要求"


Item = SharedItem
"""What may stand in the letter: the very items a consent in part ticks."""


class GuardianDecision(Choice):
    """What the guardian said to the advice."""

    AGREED = "agreed", "同意"
    NOT_NOW = "not_now", "暂不同意"
    UNREACHABLE = "unreachable", "联系不上"


class Informed(Choice):
    """How the guardian was told."""

    MEETING = "meeting", "到校面谈"
    PHONE = "phone", "电话"
    VISIT = "visit", "家访"
    WRITING = "writing", "书面告知"


class Escort(Choice):
    """Who goes with the student (domain.md 4.1)."""

    GUARDIAN = "guardian", "监护人陪同"
    TEACHER = "teacher", "家长委托书+教师陪同"
    STAFF = "staff", "教师陪同(无委托书)"
    AMBULANCE = "ambulance", "120"
    POLICE = "police", "公安"

    @property
    def by_teacher(self) -> bool:
        """Whether a teacher goes along, who is named in the letter."""
        return self in (Escort.TEACHER, Escort.STAFF)


class Override(Choice):
    """Why the letter goes out without consent; always with a written reason."""

    EMERGENCY = "emergency", "紧急情况，为保护生命健康"
    UNREACHABLE = "unreachable", "多次联系，未能联系上监护人"
    NOT_TO_BE_TOLD = "not_to_be_told", "依规定不得先告知该监护人"
    """That guardian may be the one who does the harm (domain.md 6.1)."""


class Status(Choice):
    """Where a referral stands (domain.md 3.2)."""

    DRAFT = "draft", "拟转介"
    TOLD = "told", "已告知监护人"
    AGREED = "agreed", "监护人同意"
    REFUSED = "refused", "监护人拒绝"
    ISSUED = "issued", "已出具"
    ATTENDED = "attended", "已就诊"
    RECEIPT = "receipt", "回执已收"
    FOLLOWING = "following", "跟踪中"
    CLOSED = "closed", "已结束"

    @property
    def before_issue(self) -> bool:
        """Whether no letter has gone out yet."""
        return self in (Status.DRAFT, Status.TOLD, Status.AGREED, Status.REFUSED)


class ReceiptFrom(Choice):
    """Who gave the answer."""

    HOSPITAL = "hospital", "医院盖章"
    GUARDIAN = "guardian", "家长转述"
    COPY = "copy", "病历/证明复印件"


class Advice(Choice):
    """What the doctor advises; no diagnosis is asked for (domain.md 2.16)."""

    OUTPATIENT = "outpatient", "门诊随访"
    INPATIENT = "inpatient", "住院治疗"
    REST = "rest", "居家休养"
    SCHOOL = "school", "可在校学习"
    RETURN = "return", "定期复诊"
    NONE = "none", "未见需医疗干预"
