"""What is there is replaced only by --overwrite."""

from dataclasses import dataclass

import pytest

from common.config import parse_config
from common.errors import UserError
from common.places import ResultOptions, check_file, check_folder


def test_a_new_file_may_lie_in_folders_that_are_still_to_be_made(tmp_path):
    check_file(tmp_path / "a" / "b" / "table.csv", overwrite=False)
    assert not (tmp_path / "a").exists()  # nothing is made by looking


def test_a_file_is_replaced_only_on_request(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("hours of work")
    with pytest.raises(UserError, match=r"new file for --figure.*table\.csv.*overwri"):
        check_file(path, overwrite=False, flag="--figure")
    check_file(path, overwrite=True)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path, overwrite):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="which is a folder"):
        check_file(tmp_path, overwrite)
    with pytest.raises(UserError, match="file, which is a file"):
        check_file(tmp_path / "file" / "table.csv", overwrite)
    for folder in (tmp_path / "file", tmp_path / "file" / "deep" / "er"):
        with pytest.raises(UserError, match="file, which is a file"):
            check_folder(folder, overwrite)


def test_a_folder_must_be_empty_but_for_what_a_killed_program_left(tmp_path):
    check_folder(tmp_path / "new", overwrite=False)
    (tmp_path / ".x.tmp").mkdir()
    check_folder(tmp_path, overwrite=False)
    (tmp_path / "report.md").write_text("")
    with pytest.raises(UserError, match=r"new or empty folder.*report\.md.*overwrite"):
        check_folder(tmp_path, overwrite=False)
    check_folder(tmp_path, overwrite=True)


def test_a_folder_may_hold_what_is_not_replaced(tmp_path):
    (tmp_path / "model.onnx").write_text("")
    other, same = tmp_path / "model.tflite", tmp_path / "model.onnx"
    check_folder(tmp_path, overwrite=False, replaced=[other])
    with pytest.raises(UserError, match=r"has model\.onnx"):
        check_folder(tmp_path, overwrite=False, replaced=[other, same])


@dataclass(frozen=True)
class _Config(ResultOptions):
    """Of a program."""


def test_a_program_refuses_before_it_works(tmp_path):
    (tmp_path / "report.md").write_text("")
    with pytest.raises(UserError, match="Name another"):
        parse_config(_Config, ["--output", str(tmp_path)], "Program.")
    config, _ = parse_config(
        _Config, ["--output", str(tmp_path), "--overwrite"], "Program."
    )
    assert config.output == tmp_path
    assert parse_config(_Config, [], "Program.")[0].output is None
