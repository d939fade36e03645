"""Each fault of a raw pair is found, and nothing else is."""

import pytest

from common.errors import UserError
from projects.couplet.pairs.cleaning import Cleaner, clean_pairs, read_words


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ("春风", "秋雨", ""),
        ("风弦，未拨？", "夜幕，已沉！", ""),
        ("𠮷〇", "䶮龘", ""),
        ("", "秋雨", "empty line"),
        ("春□", "秋雨", "lost character"),
        ("春风", "秋\ufffd", "lost character"),
        ("春a", "秋雨", "neither character nor punctuation"),
        ("春1", "秋雨", "neither character nor punctuation"),
        ("春-", "秋-", "neither character nor punctuation"),
        ("春风", "秋雨来", "unequal length"),
        ("春风春风春", "秋雨秋雨秋", "longer than 4"),
        ("春，风", "，秋雨", "punctuation at other places, or nothing else"),
        ("，。", "，。", "punctuation at other places, or nothing else"),
        ("春风", "春风", "the same line twice"),
        ("春风", "大坏人", "unequal length"),
        ("春风来", "大坏人", "bad word"),
        ("恶来了", "春风来", "bad word"),
        ("坏了人", "春风来", ""),
    ],
)
def test_faults_are_found(first, second, fault):
    cleaner = Cleaner(frozenset(["坏人", "恶"]), longest=6 if "，" in first else 4)
    assert cleaner.find_fault(first, second) == fault


def test_pairs_are_normalized_and_kept_once_in_their_order():
    rows = [
        ("春 风 ,", "秋 雨 ,\n"),
        ("明月", "清风"),
        ("春风，", "秋雨，"),
        ("只有一句",),
        ("明月", "清风", "多"),
        ("春风，", "夏日，"),
        ("秋雨，", "春风，"),
        ("春", "春"),
    ]
    pairs, dropped = clean_pairs(rows, Cleaner())
    assert pairs == [
        ("春风，", "秋雨，"),
        ("明月", "清风"),
        ("春风，", "夏日，"),
        ("秋雨，", "春风，"),
    ]
    assert dropped == {"not two columns": 2, "duplicate": 1, "the same line twice": 1}


def test_words_are_read(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# a remark\n坏人\n\n 恶 \n坏人\n")
    assert read_words(path) == {"坏人", "恶"}
    path.write_text("# a remark\n")
    with pytest.raises(UserError, match="none"):
        read_words(path)


def test_pairs_that_were_cleaned_stay(mirror):
    from projects.couplet.pairs.reading import read_pairs

    pairs = read_pairs(mirror / "couplet/valid.tsv.xz")
    rows = list(zip(pairs.first, pairs.second, strict=True))
    kept, dropped = clean_pairs(rows, Cleaner())
    assert (kept, dict(dropped)) == (rows, {})
