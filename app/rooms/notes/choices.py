"""The choices of a case and a note (domain.md 2.4, 2.5, 3.8, 3.9), and what was done about a risk."""

from __future__ import annotations

from app.vault.choice import Choice


class CaseSource(Choice):
    """Who brought the student to the counselling room."""

    STUDENT = "student", "学生主动"
    TEACHER = "teacher", "班主任/教师"
    PARENT = "parent", "家长"
    PEER = "peer", "同学/心理委员"
    SCREENING = "screening", "筛查预警"
    CRISIS = "crisis", "危机事件"
    TRANSFER = "transfer", "医院/他校转入"


class ProblemType(Choice):
    """What a case is about; a case may have several."""

    STUDY = "study", "学习与考试"
    PEERS = "peers", "同伴交往"
    TEACHERS = "teachers", "师生关系"
    FAMILY = "family", "亲子与家庭"
    MOOD = "mood", "情绪困扰"
    SELF = "self", "自我意识"
    PUBERTY = "puberty", "青春期与异性交往"
    ADAPTING = "adapting", "环境适应"
    INTERNET = "internet", "网络与手机"
    CAREER = "career", "升学与生涯"
    BEHAVIOUR = "behaviour", "行为问题"
    BULLYING = "bullying", "校园欺凌"
    LOSS = "loss", "丧失与哀伤"
    STRESS = "stress", "重大事件应激"
    SELF_HARM = "self_harm", "自伤/自杀风险"
    SUSPECTED = "suspected", "疑似精神障碍"
    OTHER = "other", "其他"


class CaseStatus(Choice):
    """Where a case stands (domain.md 3.8)."""

    REGISTERED = "registered", "登记"
    INTAKE = "intake", "接案评估"
    ACTIVE = "active", "进行中"
    PAUSED = "paused", "暂停"
    CLOSING = "closing", "待结案"
    CLOSED = "closed", "已结案"

    @property
    def next(self) -> tuple[CaseStatus, ...]:
        """Where a case may go from here; an open case may always be made ready to close, a closed one is opened again."""
        return _NEXT[self]


_NEXT = {
    CaseStatus.REGISTERED: (CaseStatus.INTAKE, CaseStatus.ACTIVE, CaseStatus.CLOSING),
    CaseStatus.INTAKE: (CaseStatus.ACTIVE, CaseStatus.CLOSING),
    CaseStatus.ACTIVE: (CaseStatus.PAUSED, CaseStatus.CLOSING),
    CaseStatus.PAUSED: (CaseStatus.ACTIVE, CaseStatus.CLOSING),
    CaseStatus.CLOSING: (CaseStatus.ACTIVE, CaseStatus.CLOSED),
    CaseStatus.CLOSED: (CaseStatus.ACTIVE,),
}


class CloseReason(Choice):
    """Why a case was closed."""

    REACHED = "reached", "目标达成"
    ENDED = "ended", "学生/家长终止"
    MEDICAL = "medical", "转介医疗"
    REFERRED = "referred", "转介校内外"
    GRADUATED = "graduated", "毕业"
    MOVED = "moved", "转学"
    SUSPENDED = "suspended", "休学"
    LOST = "lost", "失联脱落"
    OTHER = "other", "其他"


class Outcome(Choice):
    """How the student is at the end of a case."""

    MUCH_BETTER = "much_better", "明显改善"
    BETTER = "better", "部分改善"
    SAME = "same", "无变化"
    WORSE = "worse", "加重"
    UNKNOWN = "unknown", "无法评价"


class Mode(Choice):
    """In what way a conversation was held."""

    FACE = "face", "面谈"
    PHONE = "phone", "电话"
    VIDEO = "video", "线上视频"
    LETTER = "letter", "书信/信箱"
    PARENTS = "parents", "家长会谈"
    PLAY = "play", "沙盘/绘画"


class RiskFlag(Choice):
    """What of danger was noticed in a conversation; the counsellor decides it, never the software."""

    NONE = "none", "无"
    WATCH = "watch", "需关注"
    IDEATION = "ideation", "有自伤/自杀意念"
    PLAN = "plan", "有计划或行为"
    VIOLENCE = "violence", "有伤人风险"
    ABUSE = "abuse", "受侵害线索"

    @property
    def asks(self) -> bool:
        """Whether signing first asks what was done (意念 or more)."""
        return self not in (RiskFlag.NONE, RiskFlag.WATCH)


class NoteStatus(Choice):
    """A note is a draft until it is signed; 已更正 and 作废 are read off other rows (domain.md 3.9)."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签"


class GuardianTold(Choice):
    """Whether the guardian knows of a risk. 不先通知: that guardian may be the one who does the harm (domain.md 6.1)."""

    TOLD = "told", "已通知"
    NOT_REACHED = "not_reached", "联系不上"
    WITHHELD = "withheld", "不先通知该监护人"
    NOT_YET = "not_yet", "尚未通知"


class Basis(Choice):
    """On what ground something said in confidence was passed on (domain.md 6.1)."""

    DANGER = "danger", "有伤害自身或他人的严重危险"
    ABUSE = "abuse", "未成年人受到侵害"
    LAW = "law", "法律规定须披露"
