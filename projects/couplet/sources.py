"""Where couplets, poems, rhymes and antitheses come from."""

import os
from pathlib import Path

from common.download import MIRROR_VARIABLE, Source, cache_folder, fetch
from common.errors import UserError, note

_GITHUB = "https://github.com/"

RHYMES = Source(
    name="Pingshui_Rhyme.json",
    url="https://raw.githubusercontent.com/charlesix59/chinese_word_rhyme/"
    "45d650cd100f3b09e54d082dcee4c8619aa798e8/Pingshui_Rhyme.json",
    sha256="fd11164ca1b848eb6b777688d5d6628ce772d72d0a25a0efd12d6b58459c6e2e",
    size=206_515,
    licence="MIT",
    citation="平水韵, the rhymes of the examinations since the 13th century;"
    " simplified and typed by charlesix59/chinese_word_rhyme",
    mirror_path="tones/Pingshui_Rhyme.json",
)

# Nobody serves the files below in this form: they are prepared from what stands at
# their addresses.
_COUPLETS = _GITHUB + "wb14123/couplet-dataset/releases/download/1.0/couplet.tar.gz"
_COUPLET_LICENCE = "AGPL-3.0 (stated by the collector)"
_COUPLET_CITATION = (
    "冯重朴_梨味斋散叶's pages, collected by Bin Wang: couplet-dataset, 2018"
)
TRAIN = Source(
    name="couplet/train.tsv.xz",
    url=_COUPLETS,
    sha256="8fa2b75bb91342efe0774803d2ca71a97f0f1e158cd3ba2d27de4e84c25398e9",
    size=15_769_692,
    licence=_COUPLET_LICENCE,
    citation=_COUPLET_CITATION,
    mirror_path="couplet/train.tsv.xz",
)
VALID = Source(
    name="couplet/valid.tsv.xz",
    url=_COUPLETS,
    sha256="b9bbf2268c78fdeb94544526c72dbb9b21d37e176ca01cf720eb193f1d0d702d",
    size=124_264,
    licence=_COUPLET_LICENCE,
    citation=_COUPLET_CITATION,
    mirror_path="couplet/valid.tsv.xz",
)
TEST = Source(
    name="couplet/test.tsv.xz",
    url=_COUPLETS,
    sha256="9543874b2ddcd6242f11a397c928be69479b5ce48cc710e7223427937f3dd4ed",
    size=115_812,
    licence=_COUPLET_LICENCE,
    citation=_COUPLET_CITATION,
    mirror_path="couplet/test.tsv.xz",
)
TEST_REFERENCES = Source(
    name="couplet/test_refs.tsv.xz",
    url=_COUPLETS,
    sha256="65edbdcb5d434a040967df7f695cc8a66a1bfc8ce8fc95e7059a16e80a6481f7",
    size=214_156,
    licence=_COUPLET_LICENCE,
    citation=_COUPLET_CITATION,
    mirror_path="couplet/test_refs.tsv.xz",
)
PREPARED = "prepared_couplets"  # where prepare.py writes, among the downloads
SAMPLE = Path(__file__).parent / "sample" / "pairs.tsv.xz"  # comes along
COUPLETS = {
    "train": TRAIN,
    "valid": VALID,
    "test": TEST,
    "test_refs": TEST_REFERENCES,
}
POEMS = Source(
    name="tang_5_7.txt.xz",
    url=_GITHUB + "chinese-poetry/chinese-poetry",
    sha256="4141388d4b58db12b6226455b48481ea5d80bb1fd6539b11bcd02fc4eb3043cc",
    size=3_247_328,
    licence="MIT",
    citation="全唐诗 (1705), typed by chinese-poetry, converted to simplified",
    mirror_path="poems/tang_5_7.txt.xz",
)


def find_rhymes(cache: Path | None = None, *, download: bool = False) -> Path | None:
    """Return the table of 平水韵, or None where it is not at hand.

    Args:
        cache: The folder of downloads, see `fetch`.
        download: Whether the network may be asked.

    Raises:
        UserError: The table was changed, or a download failed.
    """
    if download or _is_near(RHYMES, cache):
        return fetch(RHYMES, cache)
    return None


def find_couplets(part: str, cache: Path | None = None) -> Path:
    """Return a file of cleaned couplets: prepared by the user, or by us.

    Args:
        part: A name out of `COUPLETS`.
        cache: The folder of downloads, see `fetch`.

    Raises:
        UserError: It is not at hand, or was changed.
    """
    own = _own_couplets(cache)
    if own is not None:
        return own / f"{part}.tsv.xz"
    advice = (
        "run `python projects/couplet/prepare.py couplet.tar.gz`, or take --data"
        " sample, which comes along"
    )
    return _find_prepared(COUPLETS[part], cache, advice)


def has_couplets(cache: Path | None = None) -> bool:
    """Tell whether `find_couplets` would find all that a training takes."""
    parts = (TRAIN, VALID, TEST)
    return bool(_own_couplets(cache)) or all(_is_near(p, cache) for p in parts)


def usual_couplets(cache: Path | None = None) -> str:
    """Return the data to take where none are named: "couplets", else "sample"."""
    return "couplets" if has_couplets(cache) else "sample"


def choose_couplets(cache: Path | None = None) -> str:
    """Return what to learn from where nobody said it, and say so if it is little."""
    chosen = usual_couplets(cache)
    if chosen == "sample":
        note(
            "learning from the sample that comes along, written by machine (--preset"
            " quick is made for it): the public set is not at hand. prepare.py makes it"
            f" from {TRAIN.url} (licence: {TRAIN.licence}); --data FILE takes your own."
        )
    return chosen


def find_poems(cache: Path | None = None) -> Path:
    """Return the Tang poems, one a line; raises as `find_couplets` does."""
    advice = "give train_poems.py a text file with one poem a line"
    return _find_prepared(POEMS, cache, advice)


def _own_couplets(cache: Path | None) -> Path | None:
    """Return the folder that prepare.py has finished, if there is one."""
    own = cache_folder(cache) / PREPARED
    return own if (own / "report.md").is_file() else None  # written last


def _find_prepared(source: Source, cache: Path | None, advice: str) -> Path:
    if _is_near(source, cache):
        return fetch(source, cache)
    raise UserError(
        f"Expected {source.name} in {cache_folder(cache)} or in the mirror that"
        f" {MIRROR_VARIABLE} names. Received: neither. Get the original"
        f" ({source.licence}) from {source.url} and {advice}."
    )


def _is_near(source: Source, cache: Path | None) -> bool:
    mirror = os.environ.get(MIRROR_VARIABLE)
    in_mirror = mirror and (Path(mirror) / source.mirror_path).is_file()
    return bool(in_mirror) or (cache_folder(cache) / source.name).is_file()
