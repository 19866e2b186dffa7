"""``jingshi verify FILE.pdf``: the verdict on a signed PDF, for the counsellor's colleagues and for scripts."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from app.clock import Clock
from app.documents.certificates import in_groups
from app.documents.verifying import Colour, Issuers, Verdict, verify
from app.errors import Problem
from app.vault.passwords import STDIN, from_file

EXITS = {Colour.GREEN: 0, Colour.AMBER: 1, Colour.RED: 2, Colour.LOCKED: 3}
NOT_DONE = 3
"""Wrong usage, a file that cannot be read, or a protected file without its password."""
LARGEST = 100 * 1024 * 1024


class _Parser(argparse.ArgumentParser):
    """argparse leaves with 2, which means red here."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(NOT_DONE, f"{self.prog}: {message}\n")


def main(arguments: list[str]) -> int:
    """Run the command with what stands after ``verify``; gives the exit code 0 green, 1 amber, 2 red, 3 not done."""
    try:
        return run(parser().parse_args(arguments))
    except SystemExit as left:
        return NOT_DONE if left.code else 0


def parser() -> argparse.ArgumentParser:
    """The command's own parser."""
    made = _Parser(prog="jingshi verify", description="核验一份签名的 PDF:0 绿，1 黄，2 红，3 没有核验")
    made.add_argument("file", type=Path, metavar="FILE.pdf")
    made.add_argument("--vault", type=Path, metavar="FOLDER", help="档案文件夹；没有它就不知道哪些文件是本机签发")
    made.add_argument("--password-file", metavar="F|-", help="档案口令所在的文件，- 是标准输入")
    made.add_argument("--pdf-password-file", metavar="F|-", help="加了口令的 PDF 的文件口令")
    made.add_argument("--json", action="store_true", help="以一行 JSON 输出")
    return made


def run(options: argparse.Namespace) -> int:
    """Verify as the options say, print the verdict, give the exit code."""
    try:
        verdict = _verdict(options)
    except Problem as problem:
        _say_not_done(options, f"{problem.sentence}{problem.next_step}")
        return NOT_DONE
    print(_as_json(options.file, verdict) if options.json else _as_text(verdict))
    return EXITS[verdict.colour]


def _verdict(options: argparse.Namespace) -> Verdict:
    if (options.vault is None) != (options.password_file is None):
        raise Problem("--vault 和 --password-file 要一起给出。")
    if options.password_file == options.pdf_password_file == STDIN:
        raise Problem("标准输入只能给一个口令。", "请把另一个口令放在文件里。")
    pdf = _content(options.file)
    password = None if options.pdf_password_file is None else from_file(options.pdf_password_file)
    issuers = None if options.vault is None else _issuers(options.vault, from_file(options.password_file))
    return verify(pdf, issuers, password)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Problem("文件太大，没有核验。", "本程序签发的文件不超过 100 MB。")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Problem("文件读不出来。", "请检查文件的位置和权限。") from error


def _issuers(folder: Path, password: str) -> Issuers:
    from app.documents.issuing import issuers
    from app.vault.opening import Password, open_vault

    vault = open_vault(folder, Password(password), Clock())
    try:
        with vault.read() as session:
            return issuers(session)
    finally:
        vault.close()


def _as_text(verdict: Verdict) -> str:
    lines = [f"{verdict.colour.label}：{verdict.sentence}"]
    if verdict.signature is not None:
        lines += [f"签名人  {verdict.signature.signer}", f"证书指纹 {in_groups(verdict.signature.fingerprint)}"]
    return "\n".join(lines)


def _as_json(file: Path, verdict: Verdict) -> str:
    told: dict[str, object] = {
        "file": file.name,
        "verdict": verdict.colour.value,
        "label": verdict.colour.label,
        "reason": verdict.sentence,
        "exit": EXITS[verdict.colour],
        "sha256": verdict.sha256,
    }
    if verdict.signature is not None:
        at = verdict.signature.signed_at
        told |= {
            "signer": verdict.signature.signer,
            "fingerprint": verdict.signature.fingerprint,
            "signed_at": None if at is None else at.isoformat(timespec="seconds"),
        }
    if verdict.issued is not None:
        told |= {
            "number": verdict.issued.ref_no,
            "issued_at": verdict.issued.issued_at.isoformat(timespec="seconds"),
            "voided": verdict.issued.voided,
        }
    return json.dumps(told, ensure_ascii=False)


def _say_not_done(options: argparse.Namespace, reason: str) -> None:
    if options.json:
        told = {"file": options.file.name, "verdict": None, "reason": reason, "exit": NOT_DONE}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(reason, file=sys.stderr)
