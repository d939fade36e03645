"""Clean a collection of couplets and split it so that no line leaks.

python projects/couplet/prepare.py couplet.tar.gz
python projects/couplet/prepare.py my_pairs.tsv --bad-words words.txt --output mine

Writes train, valid and test.tsv.xz (first line, tab, second line), test_refs.tsv.xz
(first line, then all known answers) and, last, report.md: what was dropped and why.
A minute for 770,000 pairs.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import config_to_dict, parse_config
from common.download import cache_folder
from common.errors import UserError, run_main
from common.places import check_folder
from projects.couplet.prepare_config import PrepareConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(PrepareConfig, argv, __doc__)
    folder = config.output or cache_folder() / "prepared_couplets"
    check_folder(folder, config.overwrite)
    from projects.couplet.pairs.cleaning import Cleaner, clean_pairs, read_words
    from projects.couplet.pairs.preparation_report import make_report
    from projects.couplet.pairs.release import read_release
    from projects.couplet.pairs.splitting import split_pairs

    words = read_words(config.bad_words) if config.bad_words else frozenset()
    cleaner = Cleaner(words, config.longest)
    parts = {
        part: clean_pairs(rows, cleaner)
        for part, rows in read_release(config.collection).items()
    }
    pairs, _ = parts["train"]
    held, _ = parts.get("test", (None, None))
    split = split_pairs(
        pairs, held, num_valid=config.valid, num_test=config.test, seed=config.seed
    )
    if not (split.train and split.valid and split.test):
        raise UserError(
            f"Expected more pairs than --valid {config.valid} and --test {config.test}"
            f" hold back. Received: {len(pairs):,} fit pairs in {config.collection}."
            " Hold back less."
        )
    report = make_report(
        {part: dropped for part, (_, dropped) in parts.items()},
        split,
        config_to_dict(config),
    )
    _write(folder, split)
    report.save(folder)
    print(report.to_text(folder))
    return 0


def _write(folder: Path, split) -> None:
    from common.files import atomic_write
    from projects.couplet.pairs.reading import write_rows

    folder.mkdir(parents=True, exist_ok=True)
    # What is written last tells that all is there.
    (folder / "report.md").unlink(missing_ok=True)
    parts = {
        "train": split.train,
        "valid": split.valid,
        "test": split.test,
        "test_refs": split.references,
    }
    for name, rows in parts.items():
        with atomic_write(folder / f"{name}.tsv.xz") as temporary:
            write_rows(temporary, rows)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
