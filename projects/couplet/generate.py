"""Answer a first line (上联) with second lines (下联), the best first.

python projects/couplet/generate.py 风云三尺剑
python projects/couplet/generate.py 明月松间照 --pattern '____流' --explain
python projects/couplet/generate.py --file lines.txt --output answers.csv
python projects/couplet/generate.py --from-nothing --theme 春 --first-char 山
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import UserError, run_main
from common.runs import RunDirectory
from projects.couplet.generate_config import GenerateConfig

ANSWERS = Path("answers")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(GenerateConfig, argv, __doc__)
    lines = _read(config)
    place = _find_place(config, lines)
    sheets = _answer(config, lines)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese
    if config.file and place:
        from projects.couplet.line_files import write_table

        place.parent.mkdir(parents=True, exist_ok=True)
        write_table(place, sheets)
        print(f"{len(sheets):,} lines answered: {place}")
    else:
        _show(sheets, config)
    if config.explain:
        from projects.couplet.explanation_report import write_explanation

        page, *pictures = write_explanation(sheets, place, place.name)
        if not config.json:
            print(f"\nTo look at: {page} and {len(pictures)} pictures beside it")
    return 0


def _read(config: GenerateConfig) -> list[str]:
    """Return the first lines; what cannot be answered is told before models load."""
    if config.from_nothing:
        return []
    if config.file:
        from projects.couplet.line_files import read_first_lines

        return read_first_lines(config.file, config.request, skip_bad=config.skip_bad)
    from projects.couplet.characters import check_line
    from projects.couplet.locks import find_locks

    line = check_line(config.line)
    find_locks(line, config.request)
    return [line]


def _find_place(config: GenerateConfig, lines: list[str]) -> Path | None:
    """Return where files go, if any; refuse what would be replaced."""
    if config.explain:
        from projects.couplet.explanation_report import check_folder

        place = config.output or ANSWERS / (lines[0] if lines else "from-nothing")
        check_folder(place, config.overwrite)
        return place
    if config.output and config.output.exists():
        if config.output.is_dir() or not config.overwrite:
            raise UserError(
                f"Expected a new file for the table. Received: {config.output}, which"
                " is there. Name another --output, or replace a file with --overwrite."
            )
    return config.output


def _answer(config: GenerateConfig, lines: list[str]) -> list:
    runs = {}
    for name in ("run_dir", "poems_run_dir"):
        path = getattr(config, name)
        runs[name] = path and RunDirectory.open(path).path
    from common.startup import quiet_keras

    quiet_keras(threads=None if config.file else 1)
    from projects.couplet.cards import make_sheet
    from projects.couplet.writer import Writer

    writer = Writer.load(runs["run_dir"])
    options = {"skip_bad": config.skip_bad, "quiet": config.quiet}
    if config.file:
        from projects.couplet.line_files import answer_lines

        return answer_lines(lines, config.request, writer, **options)
    return [make_sheet(ln, writer.answer(ln, config.request), writer) for ln in lines]


def _show(sheets: Sequence, config: GenerateConfig) -> None:
    """Print the sheets, and once what their signs mean."""
    from projects.couplet.cards import legend

    width = shutil.get_terminal_size().columns
    for sheet in sheets:
        if config.json:
            print(json.dumps(sheet.to_dict(), ensure_ascii=False))
        else:
            print(sheet.to_text(width, explain=config.explain), end="\n\n")
    if sheets and not config.json:
        print(legend(sheets[0].tone_source, width))


if __name__ == "__main__":
    raise SystemExit(run_main(main))
