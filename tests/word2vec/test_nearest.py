"""The program that answers: one question, or a conversation."""

import io
import json
import os
import select
import signal
import subprocess
import sys
import time

import pytest

from common.config import parse_config
from common.errors import UserError, run_main
from projects.word2vec.config import NearestConfig
from projects.word2vec.formats import write_binary
from projects.word2vec.nearest import main
from tests.conftest import REPOSITORY
from tests.word2vec.toy_vectors import make_random, make_toy, save_run

SCRIPT = REPOSITORY / "projects" / "word2vec" / "nearest.py"


@pytest.fixture
def ask(tmp_path, capsys):
    """Return a function that runs the program on a toy run, giving its output."""
    path = save_run(tmp_path / "run", make_toy())

    def run(*arguments):
        assert main([*arguments, "--run-dir", str(path)]) == 0
        return capsys.readouterr().out

    return run


def test_a_word_and_a_sum(ask):
    lines = ask("queen", "--count", "2").splitlines()
    assert [line.split() for line in lines] == [
        ["king", "0.707", "70"],
        ["国王", "0.704", "20"],
    ]
    assert ask("king - man + woman", "--count", "1").startswith("queen")
    assert ask("国王", "--restrict", "2").splitlines()[-1].startswith("queen")


def test_the_other_questions(ask):
    assert ask("--similarity", "king,queen") == "king ~ queen  0.707\n"
    assert ask("king, queen") == "king ~ queen  0.707\n"
    assert ask("--odd-one-out", "king,queen,bread").startswith("bread is the odd one")
    assert len(ask("--clusters", "3", "--words", "5").splitlines()) == 3


def test_json_is_one_line_that_keeps_what_is_shown(ask):
    told = ask("国王 - king + queen", "--json", "--count", "1")
    assert told.count("\n") == 1 and "国王" in told  # not written as \u56fd
    answer = json.loads(told)
    assert answer["query"] == "国王 - king + queen"
    assert [set(word) for word in answer["nearest"]] == [{"word", "cosine", "count"}]
    answer = json.loads(ask("--similarity", "king,queen", "--json"))
    assert answer == {"words": ["king", "queen"], "cosine": 0.707107}
    answer = json.loads(ask("--odd-one-out", "king,queen,bread", "--json"))
    assert answer["odd_one_out"] == "bread" == answer["words"][0]["word"]
    answer = json.loads(ask("--clusters", "2", "--json", "--count", "1"))
    assert sum(cluster["size"] for cluster in answer["clusters"]) == 7
    assert all(len(cluster["words"]) == 1 for cluster in answer["clusters"])


def test_a_file_of_vectors_answers_too(tmp_path, capsys):
    write_binary(make_toy(), tmp_path / "v.bin")
    assert main(["queen", "--count", "1", "--vectors", str(tmp_path / "v.bin")]) == 0
    assert capsys.readouterr().out == "king  0.707\n"


def test_a_pipe_survives_bad_lines(ask, monkeypatch, capsys):
    lines = "queen\n\n王后\nking +\nking, queen\nqueen, \nking"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    told = ask("--json", "--count", "1").splitlines()
    answers = list(map(json.loads, told))
    assert [answer.get("query") for answer in answers] == [
        *("queen", "王后", "king +", None, "queen,", "king")
    ]
    assert ["error" in answer for answer in answers] == [0, 1, 1, 0, 1, 0]
    assert "王后" in answers[1]["error"] and "王后" in told[1]


def test_bad_lines_are_told_on_stderr(tmp_path, monkeypatch, capsys):
    path = save_run(tmp_path / "run", make_toy())
    monkeypatch.setattr(sys, "stdin", io.StringIO("xyzzy\nqueen\n"))
    assert main(["--run-dir", str(path), "--count", "1"]) == 0
    told = capsys.readouterr()
    assert told.out == "king  0.707  70\n"
    assert told.err.startswith("error: ") and told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["king", "--similarity", "a,b"], "a query and --similarity"),
        (["--odd-one-out", "a,b,c", "--clusters", "2"], "--odd-one-out and --clu"),
        (["", "--clusters", "2"], "a query and --clusters"),
        (["--similarity", "a"], "two words. Received: a"),
        (["--similarity", "a,b,c"], "two words. Received: a,b,c"),
        (["--vectors", "v", "--run-dir", "r"], "both"),
        (["--count", "0"], "at least 1"),
        (["--clusters", "-1"], "at least 0"),
        (["--seed", str(2**32)], "at most"),
    ],
)
def test_contradictions_are_refused_before_anything_is_read(arguments, message):
    with pytest.raises(UserError, match=message):
        parse_config(NearestConfig, arguments, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["kingg"], "kingg (nearest by spelling: king)"),
        (["--similarity", "king,kingg"], "kingg (nearest by spelling: king)"),
        (["--odd-one-out", "king,queen"], "three different words"),
        (["--clusters", "8"], "at most 7 clusters"),
        ([""], "Received: nothing"),
    ],
)
def test_a_bad_question_is_one_line_and_code_2(arguments, message, tmp_path, capsys):
    path = save_run(tmp_path / "run", make_toy())
    assert run_main(main, [*arguments, "--run-dir", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err and told.err.count("\n") == 1


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, *arguments):
        pty = pytest.importorskip("pty")
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "dumb"},
            start_new_session=True,
            # Whoever started the tests may have left the key ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(slave)
        self.seen = ""

    def type(self, keys: bytes, *expected: str) -> None:
        """Type, wait until the program has said this, and then for the prompt."""
        start = len(self.seen)
        os.write(self.master, keys)
        self.wait(*expected, "> ", start=start)

    def wait(self, *expected: str, start: int = 0) -> None:
        deadline = time.monotonic() + 20
        for text in expected:
            while text not in self.seen[start:]:
                assert time.monotonic() < deadline, self.seen
                if not select.select([self.master], [], [], 1)[0]:
                    continue
                self.seen += os.read(self.master, 4096).decode()
            start = self.seen.index(text, start) + len(text)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(tmp_path):
    path = save_run(tmp_path / "run", make_toy())
    started = Terminal("--run-dir", str(path), "--count", "1")
    yield started
    started.close()


def test_the_prompt_survives_mistakes_and_ends_by_ctrl_d(terminal):
    terminal.wait("7 words", "Ctrl-D", "> ")
    terminal.type(b"queen\n", "king  0.707")
    terminal.type(b"xyzzy\n", "none is near")
    terminal.type(b"king - \n", "error: ")
    terminal.type(b"\n")
    os.write(terminal.master, b"half a line")
    terminal.wait("line", start=len(terminal.seen))
    seen = len(terminal.seen)
    time.sleep(0.5)  # readline does not hear the key while it echoes another
    os.kill(terminal.process.pid, signal.SIGINT)
    terminal.wait("Ctrl-D ends.", "> ", start=seen)
    terminal.type("国王\n".encode(), "king  0.995")
    os.write(terminal.master, b"\x04")
    assert terminal.process.wait(20) == 0
    assert "Traceback" not in terminal.seen


def test_broken_bytes_and_a_reader_that_leaves(tmp_path):
    path = save_run(tmp_path / "run", make_random(2000, 3))
    command = [sys.executable, str(SCRIPT), "--run-dir", str(path)]
    done = subprocess.run(
        command,
        input=b"w\xff\xfe1\nw1, w1\n",
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout == b"w1 ~ w1  1.000\n"
    assert done.stderr.count(b"error: ") == 1
    shown = subprocess.run(
        f"'{sys.executable}' '{SCRIPT}' w1 --count 1999 --run-dir '{path}' | head -n 1",
        shell=True,
        capture_output=True,
        timeout=60,
    )
    assert (shown.stderr, shown.stdout.count(b"\n")) == (b"", 1)


def test_an_answer_needs_no_deep_learning(tmp_path):
    path = save_run(tmp_path / "run", make_toy())
    program = (
        "import sys; from projects.word2vec.nearest import main;"
        f"main(['king', '--run-dir', {str(path)!r}]);"
        "heavy = {'keras', 'tensorflow', 'pandas', 'scipy', 'sklearn', 'matplotlib'};"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
