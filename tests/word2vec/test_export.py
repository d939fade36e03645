"""The program that writes vectors for others."""

import subprocess
import sys

import numpy as np
import pytest

from common.errors import UserError, run_main
from projects.word2vec.export import main
from projects.word2vec.formats import read_vectors
from projects.word2vec.projector import FILES
from tests.conftest import REPOSITORY
from tests.word2vec.toy_vectors import make_toy, save_run


@pytest.fixture
def run_dir(tmp_path):
    return save_run(tmp_path / "run", make_toy())


@pytest.mark.parametrize(
    ("form", "name"), [("text", "vectors.txt"), ("binary", "vectors.bin")]
)
def test_a_run_is_exported_into_its_folder(form, name, run_dir, capsys):
    assert main(["--format", form, "--run-dir", str(run_dir)]) == 0
    assert str(run_dir / name) in capsys.readouterr().out
    assert np.array_equal(read_vectors(run_dir / name).matrix, make_toy().matrix)


def test_the_projector_gets_a_folder(run_dir, tmp_path, capsys):
    assert main(["--format", "projector", "--run-dir", str(run_dir)]) == 0
    written = sorted(path.name for path in (run_dir / "projector").iterdir())
    assert written == sorted(FILES)
    assert "tensorboard --logdir" in capsys.readouterr().out


def test_one_form_becomes_another(run_dir, tmp_path):
    one, other = tmp_path / "a" / "v.bin.gz", tmp_path / "v.txt"
    main(["--format", "binary", "--run-dir", str(run_dir), "--output", str(one)])
    main(["--vectors", str(one), "--output", str(other), "--words", "2"])
    assert other.read_text() == "2 4\nking 2 0 0 0\nqueen 1 1 0 0\n"


def test_what_is_there_stays_unless_overwritten(run_dir, capsys):
    export = ["--run-dir", str(run_dir)]
    for form, name in (("text", "vectors.txt"), ("projector", "projector")):
        assert main([*export, "--format", form]) == 0
        assert run_main(main, [*export, "--format", form, "--words", "1"]) == 2
        assert f"{run_dir / name}" in (told := capsys.readouterr().err)
        assert "--overwrite" in told and told.count("\n") == 1
    assert read_vectors(run_dir / "vectors.txt").matrix.shape == (7, 4)
    assert main([*export, "--words", "1", "--overwrite"]) == 0
    assert read_vectors(run_dir / "vectors.txt").matrix.shape == (1, 4)


def test_a_place_of_the_wrong_kind_is_refused(run_dir, tmp_path):
    (tmp_path / "file").touch()
    for form, place in (("text", tmp_path), ("projector", tmp_path / "file")):
        export = ["--format", form, "--output", str(place), "--overwrite"]
        with pytest.raises(UserError, match="Expected a (file|folder) for --output"):
            main([*export, "--run-dir", str(run_dir)])


def test_vectors_of_a_file_need_an_output(tmp_path):
    with pytest.raises(UserError, match="--output with --vectors"):
        main(["--vectors", str(tmp_path / "v.bin")])


def test_an_unfinished_run_is_refused(run_dir, capsys):
    (run_dir / "report.md").unlink()
    assert run_main(main, ["--run-dir", str(run_dir)]) == 2
    assert "lacks report.md" in capsys.readouterr().err


def test_an_export_needs_no_deep_learning(run_dir):
    program = (
        "import sys; from projects.word2vec.export import main;"
        f"main(['--format', 'projector', '--run-dir', {str(run_dir)!r}]);"
        "heavy = {'keras', 'tensorflow', 'pandas', 'scipy', 'sklearn', 'matplotlib'};"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
