"""Phrases and templates that come with the program, for the sections of a note; the counsellor adds her own as snippets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A ready phrase: its name, its text, and the section it is offered at (a key of TEXTS, or empty for all)."""

    name: str
    text: str
    part: str = ""


@dataclass(frozen=True)
class Template:
    """A frame for one kind of conversation: prompts for each section, to be written over."""

    name: str
    texts: dict[str, str]


PHRASES = (
    Phrase("引用原话", "学生说：“”。", "subjective"),
    Phrase("近期睡眠", "近一周睡眠：入睡约 分钟，夜醒 次，早醒(是/否)。", "subjective"),
    Phrase("近期变化", "最近两周的变化：", "subjective"),
    Phrase("情绪与语速", "情绪____,语速____,目光接触____。", "observation"),
    Phrase("衣着与精神", "衣着整洁，精神状态____,应答切题。", "observation"),
    Phrase("落泪", "谈到____时落泪，稍停后能继续交谈。", "observation"),
    Phrase("腹式呼吸", "练习腹式呼吸三轮，练习前紧张自评 分，练习后 分。", "process"),
    Phrase("情绪命名", "请学生为情绪命名并打分，讨论何时升高、何时回落。", "process"),
    Phrase("例外提问", "用例外提问找到情况较好的一次，整理当时做对了什么。", "process"),
    Phrase("说明保密", "说明了保密原则和三种例外，学生表示明白。", "process"),
    Phrase("未见风险", "询问了自伤、自杀和伤人的想法，未发现。", "assessment"),
    Phrase("建议评估", "表现持续两周以上并影响学习和生活，建议由专业机构评估。", "assessment"),
    Phrase("目标进展", "与上次相比：____。目标完成约 %。", "assessment"),
    Phrase("情绪日记", "每晚用三句话记录当天的情绪和发生的事。", "agreement"),
    Phrase("放松练习", "睡前做一次放松练习，记录完成的天数。", "agreement"),
    Phrase("求助约定", "难受时先找约定的成人，也可拨打 12356 或 12355。", "agreement"),
    Phrase("下周再谈", "下周同一时间面谈，先回顾作业。", "next_plan"),
    Phrase("联系班主任", "征得学生同意后，向班主任了解在班情况。", "next_plan"),
)

TEMPLATES = (
    Template(
        "首次会谈",
        {
            "subjective": "来访的缘由：\n希望得到的帮助：\n最近两周的睡眠、饮食、学习：",
            "observation": "情绪：\n言行：",
            "process": "说明了辅导的方式、保密原则和三种例外。\n",
            "assessment": "目前状况：\n主要问题：\n资源与支持：",
            "next_plan": "",
        },
    ),
    Template(
        "后续会谈",
        {
            "subjective": "上次约定的完成情况：\n这段时间的变化：",
            "observation": "与上次相比：",
            "process": "",
            "assessment": "进展：\n仍需要关注的：\n效果评价：",
            "next_plan": "",
        },
    ),
    Template(
        "家长会谈",
        {
            "subjective": "家长的看法和担心：\n家长希望的帮助：",
            "observation": "家长的情绪与态度：",
            "process": "说明了可告知的范围(安全、方案、进展概况)。\n",
            "assessment": "家庭的支持与困难：",
            "agreement": "家长：\n学校：",
            "next_plan": "",
        },
    ),
    Template(
        "安全评估会谈",
        {
            "subjective": "想法出现的时间和频率：\n引发的事情：\n有无具体打算：\n可得到的工具：",
            "observation": "情绪与言行：",
            "process": "直接询问了自伤、自杀的想法。\n一起找出难受时的信号和可以求助的成人。\n",
            "assessment": "风险因素：\n保护因素：",
            "agreement": "难受时先找：\n热线：12356、12355、120、110",
            "next_plan": "再次评估的时间：",
        },
    ),
)


def offered(part: str) -> list[Phrase]:
    """The ready phrases for a section."""
    return [phrase for phrase in PHRASES if phrase.part in (part, "")]
