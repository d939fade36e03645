"""What a classifier is made of, before it is fitted."""

from dataclasses import dataclass

HEADS = ("auto", "jury", "recurrent", "slides")
# Chosen on real surveillance clips (docs/results.md): what is jerky where most moves.
JURY = ("region:acceleration", "region_difference:acceleration")
MOTION_JURY = ("motion:mean", "motion:max", "motion:deviation")


@dataclass(frozen=True)
class Recipe:
    """How a classifier is fitted.

    Attributes:
        head: "jury": logistic regressions on summaries; "recurrent": a small net that
            reads frame by frame; "slides": the lecture's; "auto": jury, recurrent or
            the mean of both, whichever foretells unseen groups best.
        members: Of the jury, "stream:kind" each; none: `JURY` where its streams are,
            else `MOTION_JURY`.
        strengths: Of the jury's fits, to choose from for each member.
        inner_folds: Into which the clips are cut, by group, to choose and calibrate.
        epochs: Of nets; at most, where there is something to stop by.
        batch_size: Clips in a step of a net's training.
        learning_rate: Of the recurrent net; the slides' has Adam's own.
        seed: Decides folds, first weights and order.
    """

    head: str = "auto"
    members: tuple[str, ...] = ()
    strengths: tuple[float, ...] = (1e-4, 1e-3, 1e-2, 1e-1)
    inner_folds: int = 5
    epochs: int = 40
    batch_size: int = 32
    learning_rate: float = 2e-3
    seed: int = 0
