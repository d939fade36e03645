"""train.py --distribute: two processes learn what one learns, and one writes."""

import pandas as pd
import pytest

from tests.common.processes import start_together, wait_for
from tests.conftest import REPOSITORY
from tests.couplet.toy_couplets import draw_pairs

PROGRAM = REPOSITORY / "projects" / "couplet" / "train.py"
SMALL = "--preset quick --units 8 --embedding-dim 8 --encoder-layers 1".split()
SMALL += "--decoder-layers 1 --epochs 2 --epoch-pairs 0 --batch-tokens 256".split()
SMALL += "--min-count 1 --bucket-width 8 --learning-rate 0.03 --distribute".split()


@pytest.mark.distributed
def test_two_processes_learn_what_one_learns(tmp_path):
    pytest.importorskip("jax")
    rows = zip(*draw_pairs(300), strict=True)
    text = "".join(f"{first}\t{second}\n" for first, second in rows)
    (tmp_path / "mine.tsv").write_text(text, encoding="utf-8")
    histories = []
    for count in (1, 2):
        run = tmp_path / f"run{count}"
        command = [PROGRAM, "--data", "mine.tsv", *SMALL, "--run-dir", run]
        results = wait_for(start_together(command, count, tmp_path))
        for code, _, error in results:
            assert code == 0, error
        assert [bool(out) for _, out, _ in results] == [True, False][:count]
        histories.append(pd.read_csv(run / "history.csv"))
        assert (run / "weights.npz").is_file() and (run / "report.md").is_file()
    one, two = histories
    assert two["val_loss"].iloc[-1] < two["val_loss"].iloc[0]
    assert two["loss"].tolist() == pytest.approx(one["loss"].tolist(), abs=1e-4)
    # The last batch of a length, filled up, counts a row more in the mean.
    assert two["val_loss"].tolist() == pytest.approx(one["val_loss"].tolist(), rel=0.02)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mine.tsv",
        "run1",
        "run2",
    ]
