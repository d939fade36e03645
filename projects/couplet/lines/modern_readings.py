"""How characters are read today: syllables, tones, rhymes, and what was lost."""

import functools
import re
import unicodedata

import pypinyin
from pypinyin.phrases_dict import phrases_dict

from projects.couplet.lines.characters import is_han
from projects.couplet.lines.traditional import to_simplified

LEVEL = "平"
OBLIQUE = "仄"

# Entering tones (入声) that are level today: the common ones, by syllable.
# Most others are oblique today as well and need no list.
ENTERING = frozenset(
    "八拔捌跋柏白薄逼别憋鳖伯剥勃博帛拨搏渤脖膊钵驳擦侧察插拆吃出嗒搭答达得德"
    "嫡敌涤滴狄笛翟荻叠牒碟蝶谍跌迭毒渎牍犊独督读夺掇铎额乏伐发筏罚阀伏佛匐幅"
    "弗拂服福袱割搁格葛阁隔革骼鸽骨鹄刮国郭合喝核涸盒黑忽惚斛滑猾活豁击即及吉"
    "嫉屐急极棘楫汲激疾瘠积籍级缉脊藉辑集夹颊角劫截捷接揭杰洁碣竭结节颉局掬桔"
    "橘菊鞠倔决厥嚼抉掘爵绝蕨觉诀壳瞌磕哭窟拉腊勒捋没抹摸拍劈霹泊泼仆扑朴璞七"
    "戚柒漆掐切屈曲缺阙雀塞刹杀勺芍舌什十失实拾湿石虱蚀识食倏叔塾孰术淑熟菽赎"
    "刷说俗缩塌剔踢帖贴凸秃突托脱挖兀屋习吸夕媳席息悉惜昔晰析檄汐淅熄膝蟋袭锡"
    "侠匣峡狭瞎辖协挟撷歇胁蝎削学穴薛压押鸭叶噎一屹揖曰约杂砸凿则择泽责贼扎札"
    "铡闸宅摘哲折着蛰辄辙侄值只执植殖汁直织职粥轴烛竹竺著逐卓啄拙捉桌浊濯灼茁"
    "酌镯卒族足作昨琢"
)

# The rhymes of today (中华新韵) by the ends of syllables, longer ends first.
_FINALS = (
    ("唐", "ang"),
    ("庚", "eng ing ong"),
    ("寒", "an"),
    ("文", "en in un vn"),
    ("开", "ai"),
    ("微", "ei ui"),
    ("豪", "ao"),
    ("尤", "ou iu"),
    ("皆", "ie ve ye"),
    ("齐", "er i v"),
    ("麻", "a"),
    ("波", "o e"),
    ("姑", "u"),
)
_BUZZING = re.compile("(zh|ch|sh|[rzcs])i")  # 支, not 齐
_ROUNDED = re.compile("([jqxy])u")  # ü, as spelled after these
_MARKS = dict(zip("\u0304\u0301\u030c\u0300", "1234", strict=True))


def syllables(char: str) -> list[tuple[str, str]]:
    """Return the readings of a character.

    Readings that dictionaries list but no common phrase has are left out, as they
    would make every second character ambiguous.

    Returns:
        Each reading as (syllable, `LEVEL` or `OBLIQUE`); none for what is no
        character, is not known, or is read without tone alone.
    """
    if not is_han(char):
        return []
    char = to_simplified(char)
    style = pypinyin.Style.TONE3
    texts = pypinyin.pinyin(char, style=style, heteronym=True, errors="ignore")
    readings = [text for options in texts for text in options if text[-1:].isdigit()]
    alive = [text for text in readings if text[-1] in _tones_in_phrases().get(char, "")]
    return [
        (text[:-1], LEVEL if text[-1] in "12" else OBLIQUE)
        for text in alive or readings
    ]


def sides(char: str) -> frozenset[str]:
    """Return `LEVEL`, `OBLIQUE` or both; common entering tones are oblique."""
    if is_entering(char):
        return frozenset([OBLIQUE])
    return frozenset(side for _, side in syllables(char))


def is_entering(char: str) -> bool:
    """Tell whether a character is a common entering tone, level today."""
    return is_han(char) and to_simplified(char) in ENTERING


@functools.cache
def rhymes(char: str) -> frozenset[str]:
    """Return the rhymes of a character, each with its tone, as 庚平 of 东."""
    return frozenset(_final(name) + side for name, side in syllables(char))


def _final(syllable: str) -> str:
    """Return the rhyme of a syllable in pinyin, as 庚 of "dong"."""
    if _BUZZING.fullmatch(syllable):
        return "支"
    syllable = _ROUNDED.sub(r"\1v", syllable)
    for rhyme, ends in _FINALS:
        if syllable.endswith(tuple(ends.split())):
            return rhyme
    return syllable  # hm, ng: rhyme with themselves


@functools.cache
def _tones_in_phrases() -> dict[str, str]:
    """Return the tones, as "14" of 中, that each character has in phrases."""
    heard: dict[str, set[str]] = {}
    for phrase, readings in phrases_dict.items():
        for char, reading in zip(phrase, readings, strict=False):
            heard.setdefault(char, set()).add(reading[0])
    return {char: "".join(map(_tone, found)) for char, found in heard.items()}


@functools.cache
def _tone(reading: str) -> str:
    marks = (_MARKS.get(mark) for mark in unicodedata.normalize("NFD", reading))
    return next(filter(None, marks), "")
