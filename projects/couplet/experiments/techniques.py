"""The chapter's encoder-decoder with one technique more or less, trained and measured.

All models are of one size and see the same pairs in the same order: plain LSTMs that
learn where to end, as on the slides, told nothing of which character they face.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.decoding.free_decoding import judge_freely, write_freely
from projects.couplet.evaluation.evaluation import foresee
from projects.couplet.evaluation.examiner import Examiner
from projects.couplet.evaluation.trained import Trained
from projects.couplet.experiments.alignment import Alignment, measure_alignment
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.batches import EncodedPairs
from projects.couplet.network.skills import Skills
from projects.couplet.network.trainer import Recipe, train
from projects.couplet.network.translator import Translator
from projects.couplet.pairs.data import PairSplit
from projects.couplet.tokens import Tokens
from projects.couplet.writer import Writer

_WATCHED = 500  # pairs that the training is told of after each epoch
_BATCH_TOKENS = 1024  # small, for many steps in a minute


@dataclass(frozen=True)
class Technique:
    """What one model has that another lacks.

    Attributes:
        name: In tables.
        looks_back: Whether its decoder has attention, or the fixed vector C alone.
        reverses: Whether its encoder reads the first line back to front.
    """

    name: str
    looks_back: bool
    reverses: bool

    def form(self, units: int, attention: str) -> Architecture:
        """Return the model's form: one forward LSTM each side."""
        return Architecture(
            encoder="uni",
            encoder_layers=1,
            decoder_layers=1,
            units=units,
            embedding_dim=units,
            attention=attention if self.looks_back else "none",
            aligned=False,
            direct=False,
            reverse_source=self.reverses,
            dropout=0.0,
        )


PLAIN = Technique("plain", looks_back=False, reverses=False)
REVERSED = Technique("reversed", looks_back=False, reverses=True)
ATTENTION = Technique("attention", looks_back=True, reverses=False)
BOTH = Technique("attention, reversed", looks_back=True, reverses=True)
TECHNIQUES = (PLAIN, REVERSED, ATTENTION, BOTH)


@dataclass(frozen=True)
class Measured:
    """What a model is worth on pairs it has not seen.

    Attributes:
        perplexity: Per Chinese character of the second lines.
        right_length: Share of freely written answers as long as the first line.
        alignment: Where the attention lay; None without attention.
    """

    perplexity: float
    right_length: float
    alignment: Alignment | None


def train_technique(
    technique: Technique,
    split: PairSplit,
    tokens: Tokens,
    *,
    units: int,
    attention: str,
    epochs: int,
    seed: int,
    quiet: bool,
) -> Translator:
    """Train one model.

    Args:
        technique: What it has.
        split: The pairs.
        tokens: The characters.
        units: Numbers in a state and per character.
        attention: The kind of attention, where it has one.
        epochs: Passes over the pairs.
        seed: Of weights and batches.
        quiet: No progress.
    """
    form = technique.form(units, attention)
    recipe = Recipe(
        epochs=epochs,
        epoch_pairs=0,
        batch_tokens=_BATCH_TOKENS,
        reverse_share=0.0,
        blank_share=0.0,
        end_token=True,
        seed=seed,
    )
    learned = EncodedPairs.of(split.train.first, split.train.second, tokens)
    watched = (part[:_WATCHED] for part in (split.valid.first, split.valid.second))
    pairs = (learned, EncodedPairs.of(*watched, tokens))
    model, _ = train(form, recipe, tokens, pairs, quiet=quiet)
    return Translator(model, form, tokens, Skills(False, False, end=True))


def measure(translator: Translator, examiner: Examiner) -> Measured:
    """Put a model to the exam."""
    system = Trained("model", Writer(translator, examiner.tones))
    lines = examiner.exam.lines
    free = judge_freely(lines, write_freely(translator, lines))
    alignment = measure_alignment(translator, *examiner.exam.foreseen)
    return Measured(foresee(system, examiner), free.length, alignment)


def compare(found: Sequence[Measured], base: Sequence[Measured]) -> list[float]:
    """Return by how many percent perplexities lie above those of `base`, by seed."""
    return [
        100 * (one.perplexity / other.perplexity - 1)
        for one, other in zip(found, base, strict=True)
    ]


def mean_attention(found: Sequence[Measured]) -> np.ndarray:
    """Return the mean attention of several models over lines of seven; (7, 7)."""
    return np.mean([each.alignment.mean_of_seven for each in found], axis=0)
