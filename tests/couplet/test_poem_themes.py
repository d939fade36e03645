"""What stands together belongs together."""

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.poems.themes import Themes
from projects.couplet.tokens import Tokens

SPRING, AUTUMN = "春花莺", "秋叶雁"


def make_themes():
    generator = np.random.default_rng(0)
    poems = []
    for number in range(400):
        season = (SPRING, AUTUMN)[number % 2]
        chosen = generator.choice(list(season), 2, replace=False)
        poems.append("".join([*chosen, *generator.choice(list("山水人天"), 2)]) + "。")
    tokens = Tokens.from_lines(poems, min_count=1)
    return Themes.of(poems, tokens), tokens


def test_a_season_prefers_its_own():
    themes, tokens = make_themes()
    bias = themes.bias(tokens.encode("春"))
    own, other = bias[tokens.encode("花莺")], bias[tokens.encode("秋叶雁。")]
    assert own.min() > 0.2 and other.max() == 0
    assert bias.argmax() == tokens.id("春")
    assert bias[tokens.encode("山水人天")].max() < 0.18


def test_strengths_are_cautious_mutual_information():
    themes, tokens = make_themes()
    bias = themes.bias(tokens.encode("春"))
    # Of 400 poems 200 are of spring; two of its three characters stand in each.
    alone, together = 200 * 2 / 3, 200 / 3
    expected = np.log(400 * together / alone**2) * together / (together + 10)
    assert bias[tokens.id("花")] == pytest.approx(expected, rel=0.15)


def test_several_characters_join_their_themes():
    themes, tokens = make_themes()
    both = themes.bias(tokens.encode("春秋"))
    single = [themes.bias([i]) for i in tokens.encode("春秋")]
    assert np.array_equal(both, np.maximum(*single))
    assert not themes.bias([]).any()


def test_themes_return_from_disk(tmp_path):
    themes, tokens = make_themes()
    themes.save(tmp_path / "themes.npz")
    found = Themes.load(tmp_path / "themes.npz", len(tokens))
    assert np.array_equal(found.bias([7]), themes.bias([7]))


def test_a_file_that_is_none_is_told(tmp_path):
    themes, tokens = make_themes()
    path = tmp_path / "themes.npz"
    with pytest.raises(UserError, match="no such file"):
        Themes.load(path, 3)
    themes.save(path)
    with pytest.raises(UserError, match=f"{len(tokens)} characters, not 3"):
        Themes.load(path, 3)
    for content in (b"", b"text", path.read_bytes()[:200]):
        path.write_bytes(content)
        with pytest.raises(UserError, match="a broken file"):
            Themes.load(path, 3)
