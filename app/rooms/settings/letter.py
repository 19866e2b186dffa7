"""The recovery kit: one printed page with the recovery code and where to keep it (security.md §3.2); no student, no school."""

from __future__ import annotations

from datetime import date

from app.documents.blocks import Align, Cell, Document, Gap, Grid, Sheet, Text, Title
from app.vault.recovery import RecoveryCode


def recovery_kit(code: RecoveryCode, made_on: date) -> Document:
    """The page to print once, when the vault is made."""
    groups = tuple(Cell(f"{at}  {group}") for at, group in enumerate(code.groups, 1))
    rows = (groups[:4], (*groups[4:], Cell("")))
    said = (
        Title("静室 · 恢复码"),
        Text(f"建立日期：{made_on.year}年{made_on.month}月{made_on.day}日", indent=0, align=Align.CENTRE),
        Gap(1),
        Text("忘记口令时，只有这个恢复码能打开档案和它的备份。拿到它的人也能打开档案，请像保管印章一样保管。"),
        Gap(1),
        Grid(widths=(1, 1, 1, 1), rows=rows, size=16),
        Gap(1),
        Text("一、请装入信封封好，与电脑分开存放，例如办公室保险柜；不要拍照，不要存进电脑或手机。"),
        Text("二、用它打开后要马上设新口令；恢复码本身不变。"),
        Text("三、口令和恢复码都丢失时，任何人都不能找回档案。"),
        Gap(2),
        Text("存放地点：                              保管人：                    ", indent=0),
    )
    return Document(kind="recovery", title="静室恢复码", sheets=(Sheet("kit", "恢复码", said, body_size=14, line_height=26),))
