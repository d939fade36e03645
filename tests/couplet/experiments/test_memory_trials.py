"""Nets answer at the last steps, learn what is easy, and are alike by seed."""

import numpy as np
import pytest

from projects.couplet.experiments import long_memory, lstm_variants
from projects.couplet.experiments.memory_tasks import adding_problem, written_sums
from projects.couplet.experiments.memory_trials import (
    LAYERS,
    Recipe,
    build_model,
    measure,
    run_trial,
)
from projects.couplet.experiments.variant_cell import VARIANTS

TINY = (
    "--samples 64 --epochs 1 --units 3 --digits 1 --sum-units 3 --sum-epochs 1".split()
)
TINY += "--held-out 10 --seeds 2 --quiet".split()


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


@pytest.mark.parametrize(
    ("program", "options", "names"),
    [
        (long_memory, ["--lengths", "3,4"], LAYERS),
        (lstm_variants, ["--length", "3"], VARIANTS),
    ],
)
def test_programs_tell_of_each_net_beside_its_baseline(
    program, options, names, tmp_path, capsys
):
    assert program.main([*TINY, *options, "--output", str(tmp_path)]) == 0
    report = (tmp_path / "report.md").read_text()
    for name in [*names, "always 1", "commonest answer"]:
        assert f"| {name} |" in report
    assert "±" in report
    assert list((tmp_path / "figures").iterdir())
    assert "Report:" in capsys.readouterr().out
