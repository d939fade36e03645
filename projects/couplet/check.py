"""Judge a couplet, or a first line: rules, tones, antithesis.

python projects/couplet/check.py 风云三尺剑 花鸟一床书
python projects/couplet/check.py 风云三尺剑
"""

import json
import shutil
from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from projects.couplet.check_config import CheckConfig

LONGEST = 200  # characters of a line; famous ones have 90, longer than any model's


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(CheckConfig, argv, __doc__)
    from projects.couplet.lines.antithesis import SHIPPED, Antithesis
    from projects.couplet.lines.characters import check_line
    from projects.couplet.lines.judgement import judge
    from projects.couplet.lines.tones import Tones

    first = check_line(config.first, longest=LONGEST)
    second = None
    if "second" in given:
        second = check_line(config.second, longest=LONGEST)
    tones = Tones.load(config.data_dir, download=config.download)
    antithesis = Antithesis.load() if SHIPPED.is_file() else None
    judgement = judge(first, second, tones, antithesis)
    if config.json:
        print(json.dumps(judgement.to_dict(), ensure_ascii=False))
    else:
        print(judgement.to_text(shutil.get_terminal_size().columns))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
