"""Write poems in the forms of the Tang, by a language model of Tang poems.

python projects/couplet/poem.py: a quatrain of 7-character clauses (七绝).
python projects/couplet/poem.py --form 五律 --theme 春 --count 3
python projects/couplet/poem.py --form 五绝 --acrostic 春夏秋冬
With --ngram 4 an n-gram model's text beside it, from the same poems.
"""

import dataclasses
import json
from collections.abc import Sequence

from common.config import parse_config
from common.errors import note, run_main
from projects.couplet.poem_config import PoemConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(PoemConfig, argv, __doc__)
    from projects.couplet.lines.tones import Tones
    from projects.couplet.poems.clause_writing import Manner
    from projects.couplet.poems.forms import find_form
    from projects.couplet.poems.poet import Poet
    from projects.couplet.poems.writing import write_poems

    manner = Manner(config.tones, config.temperature, config.theme, config.seed)
    poet = Poet.load(config.poet, Tones.load(config.data_dir))
    if config.tones != "off" and not config.json:
        note(poet.tones.description)
    poems = write_poems(
        poet,
        find_form(config.form),
        manner,
        count=config.count,
        first_char=config.first_char,
        acrostic=config.acrostic,
    )
    for poem in poems:
        _tell(poem, config.json)
    if config.ngram:
        _tell_ngrams(config, poet)
    return 0


def _tell(poem, as_json):
    if as_json:
        print(json.dumps(dataclasses.asdict(poem), ensure_ascii=False), flush=True)
    else:
        print(poem.to_text() + "\n", flush=True)


def _tell_ngrams(config, poet):
    """Write what an n-gram model makes of the same poems."""
    from projects.couplet.poems.baseline import fit_ngrams, sample_ngrams
    from projects.couplet.poems.corpus import clauses_of, read_poems, split_poems
    from projects.couplet.sources import find_poems

    train = split_poems(read_poems(find_poems(config.data_dir))).train
    model = fit_ngrams(train, poet.tokens, config.ngram, discount=0.0)
    for text in sample_ngrams(model, poet.tokens, config.count, config.seed):
        copied = [clause for clause in clauses_of(text) if clause in poet.known]
        name = f"{config.ngram}-gram"
        if config.json:
            found = {"model": name, "text": text, "copied": copied}
            print(json.dumps(found, ensure_ascii=False), flush=True)
        else:
            known = f"copied: {'、'.join(copied)}" if copied else "nothing copied"
            print(f"{name} model: {text}\n({known})\n", flush=True)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
