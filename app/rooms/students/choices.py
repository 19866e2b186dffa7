"""The fixed answers about students, guardians and consents (domain.md 2.1–2.3), with the words schools write for them."""

from __future__ import annotations

from app.vault.choice import Choice


class Gender(Choice):
    """As the class list says it."""

    MALE = "male", "男", "男生", "男性", "M", "1"
    FEMALE = "female", "女", "女生", "女性", "F", "0", "2"


class StudentStatus(Choice):
    """Whether the student is at the school."""

    ENROLLED = "enrolled", "在读", "在校", "正常"
    SUSPENDED = "suspended", "休学"
    RETURNED = "returned", "已复学", "复学"
    LEFT = "left", "转出", "转学"
    GRADUATED = "graduated", "毕业"


GONE = (StudentStatus.LEFT, StudentStatus.GRADUATED)
"""Nothing goes on with who has left; the file is kept for its time."""


class ArchiveTier(Choice):
    """How closely the student is followed (三级档案)."""

    CENSUS = "census", "普查档案"
    TRACKING = "tracking", "追踪档案"
    CASE = "case", "个案档案"


class FamilyStructure(Choice):
    """Who the student's family is."""

    BOTH = "both", "双亲", "核心家庭", "完整"
    SINGLE = "single", "单亲"
    DIVORCED = "divorced", "离异"
    REMARRIED = "remarried", "重组"
    GRANDPARENTS = "grandparents", "隔代抚养", "隔代"
    ORPHAN = "orphan", "孤儿"
    OTHER = "other", "其他"


class LivesWith(Choice):
    """Whether the student lives with the parents."""

    YES = "yes", "是"
    FATHER = "father", "仅父"
    MOTHER = "mother", "仅母"
    NO = "no", "否"


class SpecialGroup(Choice):
    """Groups that the rules ask to be looked after; several may hold."""

    LEFT_BEHIND = "left_behind", "留守"
    MIGRANT = "migrant", "流动/随迁", "随迁", "流动"
    SINGLE_PARENT = "single_parent", "单亲"
    REMARRIED = "remarried", "重组"
    ORPHAN = "orphan", "孤儿"
    POOR = "poor", "经济困难", "贫困"
    DISABLED = "disabled", "残疾"
    BEREAVED = "bereaved", "丧亲"
    PARENT_ILL = "parent_ill", "精神障碍患者子女"
    STUDY = "study", "学业困难"
    NEW = "new", "新转入", "转入"


class Relation(Choice):
    """What the guardian is to the student."""

    FATHER = "father", "父亲", "父", "爸爸", "父子", "父女"
    MOTHER = "mother", "母亲", "母", "妈妈", "母子", "母女"
    FATHERS_PARENTS = "fathers_parents", "祖父母", "爷爷", "奶奶", "祖父", "祖母"
    MOTHERS_PARENTS = "mothers_parents", "外祖父母", "外公", "外婆", "姥姥", "姥爷", "外祖父", "外祖母"
    SIBLING = "sibling", "兄姐", "哥哥", "姐姐"
    OTHER = "other", "其他"


class ConsentType(Choice):
    """What is consented to."""

    ASSESSMENT = "assessment", "心理测评"
    COUNSELLING = "counselling", "个别辅导"
    GROUP = "group", "团体辅导"
    RECORDING = "recording", "录音录像"
    SHARING = "sharing", "信息提供(转介/移交)"
    CRISIS = "crisis", "危机协同"


class SharedItem(Choice):
    """What may be told to a hospital or another school, item by item; ``Consent.scope`` holds their codes (个人信息保护法 §28–30)."""

    IDENTITY = "identity", "姓名、性别、班级"
    BIRTH = "birth", "出生日期"
    GUARDIAN = "guardian", "监护人姓名与电话"
    OBSERVATION = "observation", "主要表现及起始时间"
    SAFETY = "safety", "安全相关情况"
    MEASURES = "measures", "学校已做工作"
    HISTORY = "history", "既往就医(家长提供)"
    WISH = "wish", "希望协助的事项"


class ConsentDecision(Choice):
    """What was answered."""

    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"
    PARTIAL = "partial", "部分同意"


class SignerRole(Choice):
    """Who answered."""

    GUARDIAN = "guardian", "监护人"
    STUDENT = "student", "学生本人"
    BOTH = "both", "监护人+学生"


class ConsentMethod(Choice):
    """How it was answered."""

    PAPER = "paper", "纸质签字"
    PHONE = "phone", "电话口头(待补签)"
    ONLINE = "online", "线上回执"
