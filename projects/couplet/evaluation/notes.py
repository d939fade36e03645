"""What the figures of an evaluation mean, in words."""

from collections.abc import Iterator

from projects.couplet.decoding.judges import Weights
from projects.couplet.decoding.request import Request
from projects.couplet.evaluation.exam import Exam
from projects.couplet.evaluation.examiner import Examiner, count_left_out
from projects.couplet.evaluation.trained import PICKS


def warnings(exam: Exam) -> Iterator[str]:
    """Yield how far chance moves the figures."""
    for count, choices in exam.choices.items():
        number = len(choices.asked)
        if number:
            error = 50 / number**0.5
            yield (
                f"Picks of {count}: {number:,} tasks; chance alone moves a share by up"
                f" to {error:.1f} points, one standard error."
            )
        else:
            yield f"No line has {count - 1} others of its shape to be picked among."


def meanings(examiner: Examiner) -> list[str]:
    """Return what the columns of all tables mean, one line for each."""
    exam, usual = examiner.exam, Weights()
    left_out = 100 * count_left_out(exam.foreseen[1], examiner.known)
    scores = "; ".join(
        f"{name} {r:g}, {m:g}, {f:g}" for name, (r, m, f) in PICKS.items()
    )
    return [
        f"perplexity: per Chinese character of the second lines of {len(exam.rows):,}"
        " pairs, given the first lines and the characters before; punctuation and ends"
        f" do not count, nor the {left_out:.2f} % of characters that not all systems"
        " know. Lower is better.",
        "pick of n: how often the human line scores best among n second lines of the"
        " same length and punctuation. Scores, as weights of log p(b|a), log p(a|b) and"
        f" log p(b), b being the second line: {scores}; PMI: of the characters that"
        " face each other. Of each system the last score in the second table counts.",
        "BLEU-4: by characters, without punctuation and smoothing, against all human"
        " answers; people are held against each other: their last answer against the"
        " first, and against all others, on lines with at least so many; systems on the"
        " same lines, against the same answers.",
        "rules kept: equal length, same punctuation, same pattern of repetition, no"
        " character shared. ends: the first line ends on 仄, the second on 平."
        " opposed: tones differ at all key positions; fit: of first lines that do not"
        f" end on 平. A character may be read either way. {examiner.tones.description}",
        "coherence: perplexity of the answers by themselves per Chinese character, by"
        " bigrams of the second lines learned from; lower is more usual. Dull"
        " answers are usual too: see distinct-2 beside it.",
        "distinct-n: different n-grams in all answers over all n-grams. spread: places"
        f" in which two of the {Request.candidates} candidates of a line differ.",
        "judges: the best of the same hypotheses by log p(b|a) + reverse * log p(a|b) +"
        f" fluency * log p(b); usually {usual.reverse:g}:{usual.fluency:g}, and nothing"
        " for what a model has not learned.",
        f"ms a line: median of lines answered one by one, trained models with"
        f" {Request.candidates} candidates; lines a s: lines answered together; both on"
        " this machine, as busy as it was.",
        "Written freely: shares of all lines; a line of another length also fails"
        " punctuation and repetition.",
    ]
