"""Words and sentences, of the whole text and of the same text in pieces."""

import random
import sys
import types

import pytest

from common.errors import UserError
from projects.word2vec.reading import tokenizers
from projects.word2vec.reading.tokenizers import choose_tokenizer, make_tokenizer


def sentences(name, text, cuts=()):
    """Cut a text at places, tokenize the pieces and join them again."""
    tokenizer, found = make_tokenizer(name), []
    places = [0, *sorted(cuts), len(text)]
    for begin, end in zip(places, places[1:], strict=False):
        chunk = tokenizer.feed(text[begin:end], last=end == len(text))
        assert chunk.starts == sorted(set(chunk.starts))
        assert all(start < len(chunk.tokens) for start in chunk.starts)
        for number, token in enumerate(chunk.tokens):
            if number in chunk.starts:
                found.append([])
            found[-1].append(token)
    return [" ".join(sentence) for sentence in found]


PROSE = (
    "Don’t wrap:\nthe QUICK fox's min_count (2.5 state-of-the-art __init__).\n"
    'He said "Stop!" Then...  nothing? Straße 42\n\nA heading\r\n\r\nNo end'
)
CASES = {
    "words": (
        PROSE,
        [
            "don't wrap the quick fox's min_count 2 5 state of the art init",
            "he said stop",
            "then",
            "nothing",
            "straße 42",
            "a heading",
            "no end",
        ],
    ),
    "blanks": (
        "New_York is big .\n\n  two\tblanks  \r\n   \n春 眠\u3000不覺 \nlast",
        ["New_York is big .", "two blanks", "春 眠 不覺", "last"],
    ),
    "characters": (
        "秦川雄帝宅，函谷。\n GDP增长3.5%、共1,000元!好(iPhone 15)\nカタ〇𠀀",
        [
            "秦 川 雄 帝 宅",
            "函 谷",
            "gdp 增 长 3 5",
            "共 1 000 元",
            "好 iphone 15",
            "カタ 〇 𠀀",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_words_and_sentences(name):
    text, expected = CASES[name]
    assert sentences(name, text) == expected


@pytest.mark.parametrize("longest", [0, 5, 1 << 16])
@pytest.mark.parametrize("name", CASES)
def test_a_text_in_pieces_gives_the_same(name, longest, monkeypatch):
    monkeypatch.setattr(tokenizers, "_LONGEST_SENTENCE", longest)
    text, expected = CASES[name]
    for place in range(len(text)):
        assert sentences(name, text, [place]) == expected, text[:place]
    assert sentences(name, text, range(1, len(text))) == expected
    for seed in range(50):
        cuts = random.Random(seed).sample(range(len(text)), 5)
        assert sentences(name, text, cuts) == expected, cuts


def test_words_are_certain_before_the_text_ends():
    tokenizer = make_tokenizer("blanks")
    line = "word " * 100_000
    chunk = tokenizer.feed(line, last=False)
    assert len(chunk.tokens) == 99_999 and chunk.starts == [0]
    chunk = tokenizer.feed(line, last=False)
    assert len(chunk.tokens) == 100_000 and chunk.starts == []  # the sentence goes on
    assert tokenizer.feed("end", last=True).tokens == ["word", "end"]
    assert tokenizer.feed("a new text", last=True).starts == [0]


@pytest.mark.parametrize("name", ["blanks", "words"])
def test_what_is_too_long_is_no_word(name):
    longest = "x" * 100
    assert sentences(name, f"{longest} {longest}x end") == [f"{longest} end"]


@pytest.mark.parametrize("filler", ["x", "=", " ", "春"])
@pytest.mark.parametrize("name", CASES)
def test_endless_lines_of_one_character_take_no_memory(name, filler):
    tokenizer = make_tokenizer(name)
    tokens = tokenizer.feed("begin ", last=False).tokens
    for _ in range(20):
        tokens += tokenizer.feed(filler * 70_000, last=False).tokens
        assert len(tokenizer._rest) < 1000
    tokens += tokenizer.feed(" end", last=True).tokens
    assert (tokens[0], tokens[-1]) == ("begin", "end")
    chinese = (name, filler) == ("characters", "春")
    assert len(tokens) == (2 + 20 * 70_000 if chinese else 2)


def test_a_border_after_endless_filling_counts():
    tokenizer = make_tokenizer("words")
    tokenizer.feed("begin " + "-" * 70_000 + "end" + "-" * 70_000 + "\n", last=False)
    chunk = tokenizer.feed("\nnext", last=True)
    assert (chunk.tokens, chunk.starts) == (["next"], [0])


@pytest.mark.parametrize("mark", [".", "\"'", "\n", "\n ", "!?", "_", "'"])
def test_hostile_marks_take_no_time(mark):
    tokenizer = make_tokenizer("words")
    assert tokenizer.feed("a" + mark * 200_000 + "b", last=True).tokens[0] == "a"


@pytest.mark.parametrize(
    ("sample", "name", "reason"),
    [
        (PROSE, "words", "capitals"),
        ("Lower case but. for. the. stops. ".lower(), "words", "full stops"),
        ("anarchism originated as a term of abuse", "blanks", "neither"),
        ("东 富山 站 是 隶属于 爱之风 铁道\n站房 设 于 西口", "blanks", "parted"),
        ("秦川雄帝宅，函谷壮皇居。绮殿千寻起", "characters", "without blanks"),
        ("人之初，性本善。性相近，习相远。\n", "characters", "without blanks"),
        ("床前明月光\u3000疑是地上霜", "characters", "without blanks"),
        ("The word 春 means spring. It is written 春。", "words", "capitals"),
    ],
)
def test_the_tokenizer_is_chosen_by_the_text(sample, name, reason):
    assert choose_tokenizer(sample)[0] == name
    assert reason in choose_tokenizer(sample)[1]


def test_segments_are_those_of_the_package(monkeypatch):
    cutter = types.SimpleNamespace(cut=lambda part: [part[:2], *part[2:], ""])
    monkeypatch.setitem(sys.modules, "rjieba", cutter)
    assert sentences("segment", "北京%A，") == ["北京 a"]


def test_chinese_words_are_found():
    pytest.importorskip("rjieba")
    assert sentences("segment", "我来到北京清华大学，GDP增长3.5%。小明") == [
        "我 来到 北京 清华大学",
        "gdp 增长 3.5%",
        "小明",
    ]


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(UserError, match="rjieba expected for --tokenizer segment.*"):
        make_tokenizer("segment")


def test_another_name_is_a_fault():
    with pytest.raises(ValueError, match="Received: klingon"):
        make_tokenizer("klingon")
