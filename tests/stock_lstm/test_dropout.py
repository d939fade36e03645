"""The experiment on dropout: what is held out, and that the errors are those."""

import json

import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm.experiments import dropout
from projects.stock_lstm.experiments.dropout_report import last_error
from projects.stock_lstm.experiments.dropout_trial import make_part


@pytest.fixture
def rising():
    """Return 200 days whose prices are 100, 101, 102 ..."""
    dates = pd.date_range("2020-01-01", periods=200)
    return pd.Series(np.arange(100.0, 300.0), dates)


def test_rows_behind_the_cut_are_held_out_and_scaled_by_those_before(rising):
    part = make_part(rising, 0.5, 0.1)
    assert part.name == "2020-04-10 to 2020-04-29"
    assert (part.arrays.lowest, part.arrays.highest) == (100.0, 199.0)
    np.testing.assert_allclose(
        part.arrays.to_price(part.targets), np.arange(200.0, 220.0), rtol=1e-6
    )
    windows = part.arrays.to_price(part.arrays.test_inputs[:, :, 0])
    np.testing.assert_allclose(windows[0], np.arange(140.0, 200.0), rtol=1e-6)
    np.testing.assert_allclose(windows[-1], np.arange(159.0, 219.0), rtol=1e-6)
    assert part.beyond == 1.0  # all of them are higher than any price before


def test_errors_are_in_the_unit_of_the_price(rising):
    part = make_part(rising, 0.5, 0.1)
    assert part.naive == pytest.approx((1.0, 1.0), rel=1e-4)  # a step a day
    doubled = part.targets + np.float32(2 / 99)
    assert part.error(doubled, part.targets) == pytest.approx(2.0, rel=1e-4)


def test_too_few_rows_are_refused(rising):
    with pytest.raises(UserError, match="60 and 20"):
        make_part(rising, 0.3, 0.1)


def test_the_last_ten_epochs_count():
    assert last_error([100.0] * 5 + [1.0, 3.0] * 5) == 2.0


def test_the_program_tells_both_errors_of_each_net(tmp_path, rising, capsys):
    waves = 100 + np.sin(np.arange(100))
    frame = pd.DataFrame({"date": rising.index[:100], "open": waves})
    frame.to_csv(tmp_path / "prices.csv", index=False)
    out = tmp_path / "out"
    arguments = [
        "--csv",
        tmp_path / "prices.csv",
        "--rates",
        "0.3",
        "--epochs",
        "2",
        "--cuts",
        "0.7",
    ]
    arguments += ["--seeds", "1", "--output", out, "--quiet"]
    assert dropout.main(list(map(str, arguments))) == 0
    (part,) = json.loads((out / "metrics.json").read_text())["parts"].values()
    errors = part["rates"]["0.3"]
    assert np.shape(errors["training"]) == np.shape(errors["held_out"]) == (1, 2)
    # Prices within ± 1: not even an untrained net is farther off than this.
    assert 0 < errors["held_out"][0][1] < 3
    assert "row before (no net)" in capsys.readouterr().out
    assert (out / "figures" / "error_by_epoch.png").is_file()
