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
from typing import Any

from common.config import parse_config
from common.errors import note, run_main
from common.places import check_file, check_folder
from common.runs import RunDirectory
from projects.couplet.generate_config import GenerateConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(GenerateConfig, argv, __doc__)
    lines = _read(config)
    place = _find_place(config, lines)
    sheets = _answer(config, lines)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese
    if config.file and place:
        from projects.couplet.cards.line_files import write_table

        write_table(place, sheets)
        print(f"{len(sheets):,} lines answered: {place}")
    else:
        _show(sheets, config)
    if config.explain:
        from projects.couplet.cards.explanation_report import write_explanation

        page, *pictures = write_explanation(sheets, place, place.name)
        note(f"To look at: {page} and {len(pictures)} pictures beside it")
    return 0


def _read(config: GenerateConfig) -> list[str]:
    """Return first lines; what cannot be answered is told before Keras is loaded."""
    if config.from_nothing:
        from projects.couplet.cards.whole_couplets import draft_lines

        wishes: Any = {"theme": config.theme, "first_char": config.first_char}
        wishes["length"] = config.length
        return draft_lines(config.poet, config.request, **wishes)
    if config.file:
        from projects.couplet.cards.line_files import read_first_lines

        return read_first_lines(config.file, config.request, skip_bad=config.skip_bad)
    from projects.couplet.decoding.locks import find_locks
    from projects.couplet.lines.characters import check_line

    line = check_line(config.line)
    find_locks(line, config.request)
    return [line]


def _find_place(config: GenerateConfig, lines: list[str]) -> Path | None:
    """Return where files go, if any; refuse what would be replaced."""
    if config.explain:
        from projects.couplet.cards.explanation_report import written_in

        name = "from-nothing" if config.from_nothing else lines[0]
        place = config.output or Path("answers") / name
        check_folder(place, config.overwrite, replaced=written_in(place))
        return place
    if config.output:
        check_file(config.output, config.overwrite)
    return config.output


def _answer(config: GenerateConfig, lines: list[str]) -> list:
    folder = config.run_dir and RunDirectory.open(config.run_dir).path
    from common.startup import quiet_keras

    quiet_keras(threads=None if config.file else 1)
    from projects.couplet.cards.cards import make_sheet
    from projects.couplet.writer import Writer

    writer, request = Writer.load(folder), config.request
    if config.from_nothing:
        from projects.couplet.cards.whole_couplets import pair_lines

        sheets = pair_lines(lines, request, writer)
    elif config.file:
        from projects.couplet.cards.line_files import answer_lines

        skip_bad, quiet = config.skip_bad, config.quiet
        sheets = answer_lines(lines, request, writer, skip_bad=skip_bad, quiet=quiet)
    else:
        sheets = [make_sheet(lines[0], writer.answer(lines[0], request), writer)]
    return [sheet.attend(writer) for sheet in sheets] if config.explain else sheets


def _show(sheets: Sequence, config: GenerateConfig) -> None:
    """Print the sheets, and once what their signs mean."""
    from projects.couplet.cards.cards import legend

    width = shutil.get_terminal_size().columns
    for sheet in sheets:
        if config.json:
            print(json.dumps(sheet.to_dict(), ensure_ascii=False))
        else:
            print(sheet.to_text(width, explain=config.explain), end="\n\n")
    if sheets and not config.json:
        print(legend(sheets[0].tone_source, width, explain=config.explain))


if __name__ == "__main__":
    raise SystemExit(run_main(main))
