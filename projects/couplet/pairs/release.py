"""Raw collections of couplets in the forms in which people publish them.

A collection has a part `train`, and `test` if its publisher held pairs back:

    an archive (.tar.gz) or a folder        train/ and test/, each with in.txt, out.txt
    a folder                                in.txt, out.txt
    pairs.tsv, .txt, .csv (also .gz, .xz)   two columns
"""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from common.errors import UserError
from projects.couplet.pairs.reading import read_lines, read_rows

PARTS = ("train", "test")
_SIDES = ("in.txt", "out.txt")
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz")
_MOST = 1 << 30  # bytes of one member of an archive

Row = tuple[str, ...]


def read_release(path: Path) -> dict[str, Iterator[Row]]:
    """Open a collection.

    Returns:
        For each part its rows, as they stand: mostly a first and a second line,
        but nothing is checked.

    Raises:
        UserError: Here or while iterating: there is nothing of the kinds above, it
            is damaged, no UTF-8, or in.txt and out.txt differ in length.
    """
    path = Path(path)
    if path.is_dir():
        return _open_folder(path)
    if path.name.endswith(_ARCHIVES):
        return _open_archive(path)
    return {"train": (tuple(row) for _, row in read_rows(path))}


def _open_folder(folder: Path) -> dict[str, Iterator[Row]]:
    found = {
        part: [place / side for side in _SIDES]
        for part, place in (("train", folder), *((p, folder / p) for p in PARTS))
        if all((place / side).is_file() for side in _SIDES)
    }
    if "train" not in found:
        _refuse(folder)
    return {
        part: _zip(read_lines(first), read_lines(second), folder / part)
        for part, (first, second) in found.items()
    }


def _open_archive(path: Path) -> dict[str, Iterator[Row]]:
    texts: dict[tuple[str, ...], str] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                key = PurePosixPath(member.name).parts[-2:]
                wanted = key in [(part, side) for part in PARTS for side in _SIDES]
                if wanted and member.isfile() and member.size <= _MOST:
                    texts[key] = archive.extractfile(member).read().decode()
    except FileNotFoundError:
        _refuse(path)
    except UnicodeDecodeError as error:
        raise UserError(
            f"Expected UTF-8 in {'/'.join(key)} of {path}. Received: a byte that is"
            f" none at {error.start}. Convert the file."
        ) from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(
            f"Expected a whole archive in {path}. Received: a damaged one ({error})."
            " Fetch it again."
        ) from error

    def lines(part: str, side: str) -> Iterator[str]:
        return io.StringIO(texts[part, side])

    parts = [part for part in PARTS if all((part, side) in texts for side in _SIDES)]
    if "train" not in parts:
        _refuse(path)
    return {
        part: _zip(lines(part, _SIDES[0]), lines(part, _SIDES[1]), path / part)
        for part in parts
    }


def _zip(first: Iterator[str], second: Iterator[str], where: Path) -> Iterator[Row]:
    try:
        yield from zip(first, second, strict=True)
    except ValueError:
        raise UserError(
            f"Expected as many lines in in.txt as in out.txt of {where}. Received:"
            " more in one of them. Fetch the files again."
        ) from None


def _refuse(path: Path) -> None:
    raise UserError(
        "Expected couplets: an archive or folder with train/in.txt and train/out.txt,"
        f" or a file of two columns. Received: {path}, which has none. Name another."
    )
