"""Write couplets by machine, both lines, into a file that train.py can learn from.

python projects/couplet/make_sample.py --couplets 100 --output mine.tsv
python projects/couplet/make_sample.py --avoid couplets,poems

First lines come from the language model of poems, second lines from the couplet model.
All lines of the file differ. The sample of train.py was made by this program.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.places import check_file
from common.runs import RunDirectory
from common.startup import quiet_keras
from projects.couplet.make_sample_config import MakeSampleConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(MakeSampleConfig, argv, __doc__)
    folder = config.run_dir and RunDirectory.open(config.run_dir).path
    poet, avoided = _prepare(config)
    quiet_keras()  # not sooner: what is missing is told at once
    from common.files import atomic_write
    from common.meter import Meter
    from projects.couplet.pairs.reading import write_rows
    from projects.couplet.pairs.writing import Manner, write_couplets
    from projects.couplet.writer import Writer

    writer, manner = Writer.load(folder), select(Manner, config)
    with Meter("writing", config.couplets, "couplets", quiet=config.quiet) as meter:
        pairs = write_couplets(
            poet, writer, config.couplets, manner, avoided, tell=meter.show
        )
    with atomic_write(config.output) as temporary:
        write_rows(temporary, pairs)
    print(f"{len(pairs):,} couplets: {config.output}")
    return 0


def _prepare(config):
    """Return who writes first lines, and the lines that are not written again."""
    from projects.couplet.lines.tones import Tones
    from projects.couplet.poems.poet import Poet

    check_file(config.output, config.overwrite)
    poet = Poet.load(config.poet, Tones.load(config.data_dir))
    avoided = set().union(*(_read_lines(n, config.data_dir) for n in config.avoid))
    config.tell(poet.tones.description)
    config.output.parent.mkdir(parents=True, exist_ok=True)
    return poet, avoided


def _read_lines(name, cache):
    """Return all lines of pairs, or of the Tang poems."""
    from projects.couplet.pairs.data import load_split
    from projects.couplet.poems.corpus import clauses_of, read_poems
    from projects.couplet.sources import find_poems

    if name == "poems":
        return {line for p in read_poems(find_poems(cache)) for line in clauses_of(p)}
    split = load_split(name, cache)
    parts = (split.train, split.valid, split.test)
    return {line for part in parts for line in (*part.first, *part.second)}


if __name__ == "__main__":
    raise SystemExit(run_main(main))
