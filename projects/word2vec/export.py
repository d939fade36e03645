"""Write word vectors for other programs.

python projects/word2vec/export.py --format text|binary [--output FILE[.gz]]: what
gensim's KeyedVectors and others read; --format projector: what TensorBoard shows.
With --vectors FILE it turns one form into another.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import run_main
from common.places import check_file, check_folder
from common.runs import RunDirectory
from projects.word2vec.config import ExportConfig

PROJECT = "word2vec"
NAMES = {"text": "vectors.txt", "binary": "vectors.bin", "projector": "projector"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ExportConfig, argv, __doc__)
    run = None
    if config.vectors is None:
        run = RunDirectory.open_newest(PROJECT, config.run_dir)
    output = config.output or run.path / NAMES[config.format]
    _check_place(output, config)
    from projects.word2vec.formats import read_vectors, write_binary, write_text
    from projects.word2vec.projector import write_projector
    from projects.word2vec.vectors import WordVectors

    if run is None:
        vectors = read_vectors(config.vectors)
    else:
        vectors = WordVectors.load(run.path)
    vectors = vectors.commonest(config.words)
    write = {"text": write_text, "binary": write_binary, "projector": write_projector}
    output.parent.mkdir(parents=True, exist_ok=True)
    write[config.format](vectors, output)
    num_words, dim = vectors.matrix.shape
    print(f"{num_words:,} words of {dim} numbers: {output}")
    if config.format == "projector":
        print(f"To look at them: tensorboard --logdir {output}")
    return 0


def _check_place(output: Path, config: ExportConfig) -> None:
    """Refuse to replace what is there, and a folder for a file or a file for one."""
    from projects.word2vec.projector import FILES

    if config.format == "projector":
        written = [output / name for name in FILES]
        check_folder(output, config.overwrite, replaced=written)
    else:
        check_file(output, config.overwrite)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
