"""The report of a training on poems: the model beside models that count."""

from dataclasses import replace
from pathlib import Path

from common.reporting import Report, Table
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.poems.baseline import sample_ngrams
from projects.couplet.poems.batches import Pieces
from projects.couplet.poems.clause_writing import Manner
from projects.couplet.poems.corpus import PoemSplit, clauses_of
from projects.couplet.poems.evaluation import (
    Perplexity,
    Worth,
    fit_all_ngrams,
    judge_texts,
    measure_model,
    measure_ngrams,
)
from projects.couplet.poems.forms import FORMS
from projects.couplet.poems.poet import Poet
from projects.couplet.poems.sampling import sample_freely
from projects.couplet.poems.training import Fitted
from projects.couplet.poems.writing import write_poems

_ORDERS = (2, 3, 4)
_TEMPERATURES = (1.0, 0.7)
_WRITTEN = 10  # poems of each form


def make_report(
    fitted: Fitted, split: PoemSplit, folder: Path, samples: int, command: str
) -> Report:
    """Measure a trained model and n-gram models on poems nobody has learned from.

    Args:
        fitted: The model.
        split: The poems.
        folder: The poet, as saved: what is judged is what is shipped.
        samples: Texts of each model to judge.
        command: What reproduces the run.
    """
    poet, known = Poet.load(folder), set()
    for poem in split.train:
        known.update(clauses_of(poem))
    ngrams = fit_all_ngrams(split, fitted.tokens, _ORDERS)
    perplexities = _perplexities(fitted, ngrams, split)
    worths = _worths(poet, ngrams, samples, known)
    written, examples = _write(poet, known)
    ours, theirs = perplexities["LSTM"], perplexities["3-gram"]
    return Report(
        title=f"Language model of {len(split.train):,} poems",
        verdict=(
            f"On {len(split.test):,} poems held out, the LSTM's perplexity per Chinese"
            f" character is {ours.per_character:.0f}; that of the trigram model is"
            f" {theirs.per_character:.0f}."
        ),
        command=command,
        tables=[_perplexity_table(perplexities), _worth_table(worths | written)],
        notes=[
            f"{len(split.train):,} poems to learn from, {len(split.valid):,} to choose"
            f" by, {len(split.test):,} to measure on; {split.dropped:,} left out, as"
            " they share a clause with those held out.",
            f"{len(fitted.tokens):,} ids; {100 * ours.unknown:.2f} % of the characters"
            " held out have none and count as one.",
            *examples,
        ],
        metrics={
            "scores": {k: vars(v) for k, v in perplexities.items()},
            "texts": {k: vars(v) for k, v in (worths | written).items()},
            "parameters": fitted.model.count_params(),
        },
    )


def _perplexities(
    fitted: Fitted, ngrams: dict[int, NgramModel], split: PoemSplit
) -> dict[str, Perplexity]:
    tokens = fitted.tokens
    found = {
        f"{n}-gram": measure_ngrams(model, split.test, tokens)
        for n, model in ngrams.items()
    }
    pieces = Pieces.of(split.test, tokens)
    return found | {"LSTM": measure_model(fitted.model, pieces, tokens)}


def _worths(
    poet: Poet, ngrams: dict[int, NgramModel], samples: int, known: set[str]
) -> dict[str, Worth]:
    found = {
        f"{n}-gram, drawn freely": sample_ngrams(model, poet.tokens, samples)
        for n, model in ngrams.items()
    }
    plain = replace(ngrams[_ORDERS[-1]], discount=0.0)
    name = f"{plain.order}-gram without discount, drawn freely"
    found[name] = sample_ngrams(plain, poet.tokens, samples)
    for temperature in _TEMPERATURES:
        found[f"LSTM, drawn freely at {temperature}"] = sample_freely(
            poet.steps, poet.tokens, samples, temperature=temperature
        )
    return {name: judge_texts(texts, known) for name, texts in found.items()}


def _write(poet: Poet, known: set[str]) -> tuple[dict[str, Worth], list[str]]:
    """Write in all forms; return the worth of it, and the best poem of each."""
    texts, examples = [], []
    for name, form in FORMS.items():
        poems = write_poems(poet, form, Manner(), count=_WRITTEN)
        texts += [poem.text for poem in poems]
        examples.append(f"{name}: {poems[0].text}")
    return {"LSTM, in a form, strict tones": judge_texts(texts, known)}, examples


def _perplexity_table(perplexities: dict[str, Perplexity]) -> Table:
    return Table(
        "Perplexity on poems held out",
        ("model", "per character", "per token"),
        [(k, v.per_character, v.per_token) for k, v in perplexities.items()],
    )


def _worth_table(worths: dict[str, Worth]) -> Table:
    return Table(
        "What is written, in %",
        (
            "model",
            "clauses",
            "clauses of 5 or 7",
            "texts of one length",
            "copied clauses",
        ),
        [
            (
                name,
                worth.clauses,
                *(f"{100 * v:.1f}" for v in (worth.right_length, worth.even)),
                f"{100 * worth.copied:.1f}",
            )
            for name, worth in worths.items()
        ],
    )
