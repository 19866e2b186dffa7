"""Meaning: what a column of a class list can hold, with the words schools write above it (domain.md §8)."""

from __future__ import annotations

from app.vault.choice import Choice


def _words(headers: str) -> tuple[str, ...]:
    return tuple(headers.split())


class Meaning(Choice):
    """What one column holds: code, label, and the other headers schools give it."""

    NUMBER = (
        "number",
        "学号",
        *_words(
            "学生编号 学生学号 学籍学号 校内学号 编号 学生编号/考号 考号 准考证号 班学号 学生号 座位学号 学生id id studentno studentid"
        ),
    )
    NAME = "name", "姓名", *_words("学生姓名 名字 学生 学生名字 中文姓名 现用名 name studentname")
    SURNAME = "surname", "姓", "姓氏"
    GIVEN = "given", "名"
    GENDER = "gender", "性别", *_words("男女 学生性别 性别码 gender sex")
    BIRTH = "birth", "出生日期", *_words("出生年月日 生日 出生年月 出生时间 出生 学生出生日期 birthday dateofbirth dob")
    GRADE = "grade", "年级", *_words("所在年级 就读年级 年级名称 级别 届别 级 入学级 grade")
    CLASS = (
        "class",
        "班级",
        *_words(
            "班 班别 行政班 所在班级 行政班名称 班级名称 班号 班次 就读班级 年级班级 年班 班级代码 年级/班级 年级及班级 class"
        ),
    )
    STUDENT_PHONE = (
        "student_phone",
        "学生电话",
        *_words("学生手机 本人电话 学生联系电话 学生手机号 本人联系电话 学生本人电话"),
    )
    PHONE = (
        "phone",
        "联系电话",
        *_words(
            "电话 手机 手机号 电话号码 联系方式 手机号码 联系手机 家庭电话 联系号码 家庭联系电话 联系人电话 电话1 联系电话1 紧急联系电话"
        ),
        *_words("phone tel mobile"),
    )
    GUARDIAN = (
        "guardian",
        "监护人",
        *_words(
            "家长姓名 监护人姓名 家长 第一监护人 第一监护人姓名 联系人 家长名字 监护人1姓名 联系人姓名 家庭成员姓名 紧急联系人"
        ),
        *_words("监护人1 家长1 家长1姓名"),
    )
    RELATION = (
        "relation",
        "与学生关系",
        *_words(
            "关系 与监护人关系 监护人关系 家长关系 与本人关系 称谓 与孩子关系 监护人与学生关系 与学生的关系 家庭关系"
        ),
    )
    GUARDIAN_PHONE = (
        "guardian_phone",
        "监护人电话",
        *_words(
            "家长电话 家长手机 监护人联系电话 家长联系电话 监护人手机 家长手机号 家长联系方式 监护人联系方式 第一监护人电话"
        ),
        *_words("监护人手机号 监护人1电话 监护人电话号码 家长1电话 监护人手机号码 家长手机号码"),
    )
    FATHER = "father", "父亲姓名", *_words("父亲 爸爸 爸爸姓名 父 父亲名字 父姓名")
    FATHER_PHONE = (
        "father_phone",
        "父亲电话",
        *_words("父亲联系电话 父亲手机 爸爸电话 父亲手机号 父亲联系方式 父电话 爸爸手机 父亲手机号码 父亲电话号码"),
    )
    MOTHER = "mother", "母亲姓名", *_words("母亲 妈妈 妈妈姓名 母 母亲名字 母姓名")
    MOTHER_PHONE = (
        "mother_phone",
        "母亲电话",
        *_words("母亲联系电话 母亲手机 妈妈电话 母亲手机号 母亲联系方式 母电话 妈妈手机 母亲手机号码 母亲电话号码"),
    )
    BOARDING = (
        "boarding",
        "是否住宿",
        *_words(
            "住宿 住校 是否住校 就读方式 住宿情况 是否寄宿 住宿/走读 走读/住宿 住宿方式 寄宿 住宿类型 是否住校生 是否内宿 是否住宿生"
        ),
        *_words("走读住宿 住读 住宿否 住读/走读 是否寄宿生"),
    )
    DAY_PUPIL = "day_pupil", "是否走读", *_words("走读 是否走读生 是否通校")
    DORM = "dorm", "宿舍", *_words("宿舍号 寝室 寝室号 宿舍房号 房间号")
    ADDRESS = (
        "address",
        "家庭住址",
        *_words("住址 家庭地址 地址 现住址 居住地址 家庭详细地址 现居住地址 家庭现住址 常住地址"),
    )
    NATIONAL = "national", "学籍号", *_words("全国学籍号 学籍编号 国网学籍号 学籍辅号 全国学籍编号 省学籍号")
    ETHNICITY = "ethnicity", "民族"
    TEACHER = "teacher", "班主任", *_words("班主任姓名 班主任老师")
    ENTRY_YEAR = "entry_year", "入学年份", *_words("入学年度 入学年 入学时间 入学日期 入学年月")
    IGNORED = (
        "ignored",
        "不导入",
        *_words("序号 序 no no. 编次 行号 编码 座号 座位号 考场 备注 说明 备注说明 其他 签名 签字 总分 年龄"),
        *_words(
            "身份证 身份证号 身份证号码 身份证件号 身份证件号码 证件号码 证件号 证件类型 身份证件类型 学生身份证号"
        ),
        *_words(
            "父亲身份证号 母亲身份证号 监护人身份证号 家长身份证号 工作单位 父亲工作单位 母亲工作单位 父亲单位 母亲单位"
        ),
        *_words(
            "监护人工作单位 学校 学校名称 学段 籍贯 政治面貌 户口性质 户籍 户籍地址 户口所在地 毕业学校 毕业小学 英文名"
        ),
        *_words("曾用名 姓名拼音"),
    )
