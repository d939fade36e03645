"""Nets answer at the last steps, learn what is easy, and are alike by seed."""

import numpy as np
import pytest

from projects.couplet.experiments import long_memory, lstm_variants, memory_trials
from projects.couplet.experiments.memory_tasks import adding_problem, written_sums
from projects.couplet.experiments.memory_trials import (
    LAYERS,
    Recipe,
    Result,
    build_model,
    measure,
    run_trial,
)
from projects.couplet.experiments.variant_cell import VARIANTS

TINY = "--samples 64 --epochs 5 --held-out 10 --seeds 2 --quiet".split()
TINY += "--digits 1 --sum-epochs 3".split()


@pytest.mark.parametrize("name", [*LAYERS, "vanilla"])
def test_answers_are_numbers_or_symbols(name):
    adding, sums = adding_problem(4, 5, 5, 0), written_sums(1, 20, 5, 0)
    assert build_model(adding, name, 3).output_shape == (None, 1, 1)
    assert build_model(sums, name, 3).output_shape == (None, 2, 13)


def test_no_answer_comes_before_the_question_is_read():
    task = written_sums(1, 20, 5, 0)
    model = build_model(task, "GRU", 3)
    inputs = task.test[0][:1].copy()
    before = model.predict_on_batch(inputs)
    inputs[0, 2] = np.eye(13)[(inputs[0, 2].argmax() + 1) % 13]  # another symbol
    assert not np.allclose(model.predict_on_batch(inputs), before, atol=1e-7)


def test_a_short_sum_is_learned_and_measured():
    task = adding_problem(2, 2000, 200, 0)
    result = run_trial(task, "GRU", Recipe(8, 12, 50), seed=0)
    assert result.error < task.baseline / 20
    assert 1 <= result.epochs <= 12
    assert result == run_trial(task, "GRU", Recipe(8, 12, 50), seed=0)


def test_the_error_is_measured_as_it_says():
    task = adding_problem(3, 5, 50, 0)
    model = build_model(task, "SimpleRNN", 2)
    model.set_weights([np.zeros(w.shape) for w in model.weights])
    model.layers[-1].bias.assign([1.0])
    assert measure(model, task) == pytest.approx(task.baseline, rel=1e-5)
    sums = written_sums(1, 40, 7, 0)
    model = build_model(sums, "SimpleRNN", 2)
    model.set_weights([np.zeros(w.shape) for w in model.weights])
    assert measure(model, sums) == 1.0  # writes 00, which is nobody's answer


@pytest.fixture
def no_training(monkeypatch):
    """Give nets errors by their names and seeds, instead of training them."""

    def invent(task, name, recipe, seed):
        error = 0.1 if name in ("SimpleRNN", "NFG") else 0.01
        return Result(error * (1 + seed), recipe.epochs - seed, 99)

    monkeypatch.setattr(memory_trials, "run_trial", invent)


def test_program_tells_of_each_net_beside_its_baseline(no_training, tmp_path, capsys):
    where = ["--lengths", "3,4", "--output", str(tmp_path)]
    assert long_memory.main([*TINY, *where]) == 0
    report = (tmp_path / "report.md").read_text()
    # Errors of two seeds are 0.1 and 0.2, or 0.01 and 0.02; passes 5 and 4.
    assert "| SimpleRNN | 99 | 0.15 ± 0.071 | 0.15 ± 0.071 | 4.5 ± 0.71 |" in report
    assert "| LSTM | 99 | 0.015 ± 0.0071 | 0.015 ± 0.0071 | 4.5 ± 0.71 |" in report
    assert "| SimpleRNN | 99 | 85 ± 7.1 | 2.5 ± 0.71 |" in report  # of the sums
    for baseline in ("always 1", "commonest answer"):
        assert f"| {baseline} |" in report
    assert (tmp_path / "figures" / "long_memory.png").is_file()
    assert "Report:" in capsys.readouterr().out


def test_program_tells_of_each_variant(no_training, tmp_path, capsys):
    assert lstm_variants.main([*TINY, "--output", str(tmp_path)]) == 0
    report = (tmp_path / "report.md").read_text()
    for name in VARIANTS:
        assert report.count(f"| {name} |") == 2
    assert "Worst at adding: NFG" in report
    assert (tmp_path / "figures" / "lstm_variants.png").is_file()
    assert "30 steps, NFG, seed 1: 0.2" not in capsys.readouterr().err  # --quiet
