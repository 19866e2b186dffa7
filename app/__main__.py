"""The command line: the window, ``demo``, ``verify``, ``check`` and ``--smoke``."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit code. Everything heavy is imported by the command that needs it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = _COMMANDS.get(arguments[0]) if arguments else None
    return command(arguments[1:]) if command else _window(arguments)


def _window(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jingshi", description="静室：学校心理辅导室的离线工作台")
    parser.add_argument("--smoke", type=Path, metavar="FOLDER", help="打开窗口和第一页，打印一行 JSON 后退出")
    parser.add_argument("--password-file", metavar="F|-", help="口令所在的文件，- 是标准输入(只与 --smoke 一起用)")
    options = parser.parse_args(arguments)
    gc.disable()  # a start makes no garbage, and looking for it takes a tenth of the time; later app.ui.collecting does
    from app.house.start import run, smoke

    if options.smoke is None:
        return run()
    if options.password_file is None:
        parser.error("--smoke 需要 --password-file")
    from app.errors import Problem
    from app.vault.passwords import from_file

    try:
        return smoke(options.smoke, from_file(options.password_file), STARTED)
    except Problem as problem:
        print(f"{problem.sentence}{problem.next_step}", file=sys.stderr)
        return 1


def _verify(arguments: list[str]) -> int:
    from app.documents.verify_command import main as verify

    return verify(arguments)


def _demo(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jingshi demo", description="建立一份演示档案：虚构的学校，用于练习、截图和测速"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--roster", type=Path, action="append", default=[], metavar="FILE", help="导入这份名单，可多次")
    parser.add_argument("--students", type=_count, default=40, metavar="N", help="名单之外虚构的学生数")
    parser.add_argument("--notes", type=_count, default=120, metavar="N", help="会谈记录数")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--samples", type=Path, metavar="DIR", help="每种文书写一份签名的 PDF 到这里")
    options = parser.parse_args(arguments)
    from app.demo import making
    from app.demo.papers import ENOUGH_REFERRALS
    from app.errors import Problem

    try:
        made = making.make(
            options.folder, options.roster, options.students, options.notes, options.seed, options.samples
        )
    except Problem as problem:
        print(f"{problem.sentence}{problem.next_step}", file=sys.stderr)
        return 1
    print(made.line())
    if options.samples is not None and made.referrals < ENOUGH_REFERRALS:
        print(
            f"样本只有 {len(made.samples)} 种文书：每种都要，请至少造两名学生、20 份会谈记录(--students 2 --notes 20)。",
            file=sys.stderr,
        )
    return 0


def _check(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jingshi check", description="检查一份档案的每一处：页面、结构、签署保护、留痕、检索"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--password-file", required=True, metavar="F|-")
    parser.add_argument("--head", default="", metavar="CODE", help="纸上页脚「记录链」后面的 12 位：核对到那一行为止")
    options = parser.parse_args(arguments)
    import app.house.rooms  # noqa: F401 - brings in every kind of record
    from app.clock import Clock
    from app.errors import Problem
    from app.vault.chain import judge
    from app.vault.checking import check
    from app.vault.opening import Password, open_vault
    from app.vault.passwords import from_file

    try:
        vault = open_vault(options.folder, Password(from_file(options.password_file)), Clock())
    except Problem as problem:
        print(f"{problem.sentence}{problem.next_step}")
        return 1
    try:
        findings = check(vault)
        with vault.read() as session:
            verdict = judge(vault, session, options.head)
    except Problem as problem:
        print(f"{problem.sentence}{problem.next_step}")
        return 1
    finally:
        vault.close()
    for finding in findings:
        print(f"{finding.check}：{'完好' if not finding.faults else '有问题 ' + '、'.join(finding.faults)}")
    print(verdict.sentence)
    return int(not verdict.sound or any(finding.faults for finding in findings))


def _read_table(_arguments: list[str]) -> int:
    """What a frozen program starts itself with, to read a spreadsheet in a process of its own."""
    from app.rooms.students.classlist.child import main as read_table

    return read_table()


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("0 到 1000000")
    return number


def _come_back(_arguments: list[str]) -> int:
    """What the program starts itself with at a lock, handing itself what is to outlast it."""
    gc.disable()  # as at every start
    from app.house.left import Left
    from app.house.start import run
    from app.ui.process import handed

    left = handed()
    return run(Left.from_bytes(left) if left else None)


_COMMANDS = {"verify": _verify, "demo": _demo, "check": _check, "read-table": _read_table, "come-back": _come_back}

if __name__ == "__main__":
    sys.exit(main())
