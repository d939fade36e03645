"""A corpus encoded by many processes, on this machine or others (Dask distributed).

Each task encodes a piece of a file into parts whose names and bytes depend on the
piece alone. Done twice, because a worker died or was given up, it replaces itself, so
nothing is counted twice.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from common.cluster import connect
from common.errors import UserError
from projects.word2vec.encoding import Part, encode
from projects.word2vec.pieces import PIECE, Piece, cut, hash_texts, read_piece
from projects.word2vec.reading.text import check_encoding

_ADVICE = "If their memory was too small, lower --max-distinct."


def encode_with_dask(
    files: Sequence[Path],
    path: Path,
    *,
    scheduler: str,
    tokenizer: str,
    encoding: str,
    max_distinct: int,
    progress: Callable[[int, int, int], None],
) -> tuple[list[Part], str]:
    """Encode files by the workers of a Dask cluster.

    Args:
        files: All workers see them at the same place.
        path: Begin of the names of the parts, in a folder that all workers see.
        scheduler: "local:N" for N processes on this machine, or an address.
        tokenizer: Its name, not "auto".
        encoding: Of files without a byte order mark.
        max_distinct: See `encode`.
        progress: Hears bytes done, bytes to do and words done, piece by piece.

    Returns:
        The parts, in the order of the text, and the hash of the text.

    Raises:
        UserError: There is no cluster, or the text cannot be read.
    """
    with connect(scheduler, _ADVICE) as client:
        encoding = check_encoding(encoding)
        files = [file.resolve() for file in files]
        pieces = [piece for file in files for piece in cut(file, encoding, PIECE)]
        hashing = client.submit(hash_texts, files, pure=False)
        names = [
            path.resolve().with_name(f"{path.name}-{number:06}")
            for number in range(len(pieces))
        ]
        tasks = client.map(
            encode_piece,
            pieces,
            names,
            tokenizer=tokenizer,
            max_distinct=max_distinct,
            pure=False,
        )
        parts = _gather(tasks, pieces, progress)
        sha256 = hashing.result()
    _refuse_unseen(parts, path.parent)
    return parts, sha256


def encode_piece(
    piece: Piece, path: Path, *, tokenizer: str, max_distinct: int
) -> list[Part]:
    """Encode a piece; the task of a worker. See `encode_with_dask`."""
    return encode(read_piece(piece, tokenizer), path, max_distinct)


def _gather(
    tasks: Sequence[Any],
    pieces: Sequence[Piece],
    progress: Callable[[int, int, int], None],
) -> list[Part]:
    """Wait for all tasks; the first error that is met is raised."""
    from distributed import as_completed

    sizes = [piece.end - piece.begin for piece in pieces]
    size_of = dict(zip(tasks, sizes, strict=True))
    results: dict[Any, list[Part]] = {}
    done = words = 0
    for task in as_completed(tasks):
        results[task] = task.result()
        done += size_of[task]
        words += sum(part.num_words for part in results[task])
        progress(done, sum(sizes), words)
    return [part for task in tasks for part in results[task]]


def _refuse_unseen(parts: Sequence[Part], folder: Path) -> None:
    for part in parts:
        if not (part.tokens.exists() and part.words.exists()):
            raise UserError(
                f"A folder that this process and all workers see expected. Received:"
                f" {folder}, where {part.tokens.name} is missing. Name another with"
                " --data-dir."
            )
