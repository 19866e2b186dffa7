"""The recovery kits: one printed page with a code and where to keep it (security.md §3.2); no student, no school."""

from __future__ import annotations

from datetime import date

from app.documents.blocks import Align, Block, Cell, Document, Gap, Grid, Sheet, Text, Title
from app.vault.recovery import RecoveryCode


def recovery_kit(code: RecoveryCode, made_on: date) -> Document:
    """The page with the counsellor's own code, to print once."""
    rules = (
        "一、请装入信封封好，与电脑分开存放，例如办公室保险柜；不要拍照，不要存进电脑或手机。",
        "二、用它打开后要马上设新口令；恢复码本身不变。",
        "三、口令和恢复码都丢失时，任何人都不能找回档案。",
    )
    held = "忘记口令时，只有这个恢复码能打开档案和它的备份。拿到它的人也能打开档案，请像保管印章一样保管。"
    return _kit(
        code,
        made_on,
        "静室 · 恢复码",
        held,
        rules,
        "存放地点：                              保管人：                    ",
    )


def envelope_kit(code: RecoveryCode, made_on: date) -> Document:
    """The page with the second code, sealed in an envelope for the school's safe."""
    rules = (
        "一、请装入信封封口，骑缝处签名并写明日期，交学校指定的人锁入保险柜；不要拍照，不留复印件。",
        "二、只在心理教师无法到场、确需打开档案时，由学校两人在场拆封，并记下日期、事由和在场人。",
        "三、用它打开会写入留痕，心理教师下次登录时会看到；拆封后应请心理教师换一份新的备用码。",
    )
    held = "这是学校保管的第二个恢复码，与心理教师自己的不同。拿到它的人能打开全部学生档案，请像保管印章一样保管。"
    blanks = "存放地点：                    移交人：                    接收人：                    "
    return _kit(code, made_on, "静室 · 学校备用恢复码", held, rules, blanks)


def _kit(code: RecoveryCode, made_on: date, title: str, held: str, rules: tuple[str, ...], blanks: str) -> Document:
    groups = tuple(Cell(f"{at}  {group}") for at, group in enumerate(code.groups, 1))
    said: tuple[Block, ...] = (
        Title(title),
        Text(f"建立日期：{made_on.year}年{made_on.month}月{made_on.day}日", indent=0, align=Align.CENTRE),
        Gap(1),
        Text(held),
        Gap(1),
        Grid(widths=(1, 1, 1, 1), rows=(groups[:4], (*groups[4:], Cell(""))), size=16),
        Gap(1),
        *(Text(rule) for rule in rules),
        Gap(2),
        Text(blanks, indent=0),
    )
    name = title.replace(" · ", "")
    return Document(kind="recovery", title=name, sheets=(Sheet("kit", "恢复码", said, body_size=14, line_height=26),))
