"""Keras starts silently, and nothing worth reading is lost.

All but one test start a stand-in for Keras that writes to the stderr of the system,
as native code does.
"""

import importlib.util
import io
import os
import subprocess
import sys

import pytest

from common import startup
from common.errors import UserError

NOISE = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795209319.568585   20302 port.cc:153] oneDNN custom operations are on.
2025-01-01 10:00:00.123456: I tensorflow/core/util/port.cc:113] oneDNN is on.
I0000 00:00:1795209319.618197   20302 cpu_feature_guard.cc:227] This binary is fast.
To enable the following instructions: AVX2 FMA, in other operations, rebuild.
E0000 00:00:1 1 cuda_platform.cc:51] failed call to cuInit: UNKNOWN ERROR (303)
E0000 00:00:1 1 cuda_fft.cc:477] Unable to register cuFFT factory: already registered
W0000 00:00:1 1 computation_placer.cc:177] computation placer already registered.
"""
ERROR = "E0000 00:00:1 1 gpu_device.cc:1] no kernel image is available\n"
WRITE = f"import os; os.write(2, {(NOISE + ERROR).encode()!r})\n"
START = "from common.startup import quiet_keras; quiet_keras(); import os, sys\n"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a program in which Keras and a backend are stand-ins."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)

    def run(program=START, keras=WRITE, backend="tensorflow", redirect="", **variables):
        for name, source in {"keras": keras, backend: "def zeros(n): return n"}.items():
            (tmp_path / f"{name}.py").write_text(source)
        environment = os.environ | {"PYTHONPATH": str(tmp_path)} | variables
        command = ["sh", "-c", f'exec "$0" -c "$1" {redirect}', sys.executable, program]
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    return run


def test_tensorflow_starts_in_silence_with_onednn_on(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    program = START.replace("keras()", "keras(threads=1)") + (
        "import keras; print(keras.backend.backend(), *keras.ops.ones(2).numpy())\n"
        "from tensorflow.config import threading as threads\n"
        "print(threads.get_intra_op_parallelism_threads())\n"
        "print(os.environ.get('TF_ENABLE_ONEDNN_OPTS'))\n"
        "keras.Sequential([keras.Input((3, 2)), keras.layers.LSTM(2)]).compile()\n"
        "os.write(2, b'after')"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert result.stdout == "tensorflow 1.0 1.0\n1\nNone\n"
    assert result.stderr == "after"


def test_a_native_error_is_passed_on_without_the_noise(start):
    assert start().stderr == ERROR


def test_what_python_writes_meanwhile_is_passed_on_in_order(start):
    keras = "import sys; sys.stderr.write('one\\n')\n" + WRITE + "print('two')"
    result = start(keras=keras)
    assert (result.stderr, result.stdout) == ("one\n" + ERROR, "two\n")


def test_stderr_is_itself_again_afterwards(start):
    program = START + "os.write(2, b'native\\n'); print('python', file=sys.stderr)"
    assert start(program, keras="").stderr == "native\npython\n"


def test_a_failing_import_shows_everything(start):
    result = start(keras=WRITE + "raise ImportError('libfoo.so is missing')")
    assert result.stderr.startswith(NOISE + ERROR)
    assert result.stderr.endswith("ImportError: libfoo.so is missing\n")
    assert result.returncode == 1


def test_who_wants_the_noise_gets_it(start):
    assert start(TF_CPP_MIN_LOG_LEVEL="0").stderr == NOISE + ERROR


def test_the_environment_is_respected_and_completed(start):
    program = START + (
        "print(*map(os.environ.get, ['TF_CPP_MIN_LOG_LEVEL', 'KERAS_BACKEND']))"
    )
    assert start(program).stdout == "2 tensorflow\n"
    assert start(program, KERAS_BACKEND="").stdout == "2 tensorflow\n"
    assert start(program, TF_CPP_MIN_LOG_LEVEL="3").stdout == "3 tensorflow\n"


def test_a_closed_stderr_does_not_end_up_in_a_file(start, tmp_path):
    target = tmp_path / "a.csv"
    program = START + (
        f"file = open({str(target)!r}, 'w'); os.write(2, b'native')\n"
        "file.write('mine'); file.close(); print('done')"
    )
    result = start(program, redirect="2>&-")
    assert (result.returncode, result.stdout) == (0, "done\n")
    assert target.read_text() == "mine"


def test_a_full_device_behind_stderr_does_no_harm(start):
    result = start(START + "print('done')", redirect="2>/dev/full")
    assert (result.returncode, result.stdout) == (0, "done\n")


def test_a_stderr_that_is_no_file_is_left_alone(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with startup.noise_held_back():
        print("python", file=sys.stderr)
        os.write(2, (NOISE + ERROR).encode())
    assert sys.stderr.getvalue() == "python\n"
    assert capfd.readouterr().err == ERROR


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_another_backend_starts_without_tensorflow(start, backend):
    program = START + "print('tensorflow' in sys.modules)"
    result = start(program, backend=backend, KERAS_BACKEND=backend)
    assert (result.stdout, result.stderr) == ("False\n", ERROR)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_another_installed_backend_really_computes(backend, monkeypatch):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed (pip install -e '.[{backend}]')")
    monkeypatch.setenv("KERAS_BACKEND", backend)
    program = START + (
        "import keras; print(keras.backend.backend(), float(keras.ops.sum([1.0, 2.0])))"
        "; print('tensorflow' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.stdout == f"{backend} 3.0\nFalse\n"
    assert result.stderr == ""


def test_jax_is_told_to_use_one_thread(start):
    program = START.replace("keras()", "keras(threads=1)")
    program += "print(os.environ['XLA_FLAGS'])"
    result = start(program, backend="jax", KERAS_BACKEND="jax", XLA_FLAGS="--mine")
    assert result.stdout == "--mine --xla_cpu_multi_thread_eigen=false\n"


def test_an_unknown_backend_is_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(UserError, match="one of tensorflow, jax, torch.*theano"):
        startup.quiet_keras()


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_a_backend_that_is_not_installed_says_what_to_install(monkeypatch, backend):
    monkeypatch.setenv("KERAS_BACKEND", backend)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == backend else name
    )
    extra = {"tensorflow": "cpu"}.get(backend, backend)
    with pytest.raises(UserError) as caught:
        startup.quiet_keras()
    assert str(caught.value) == (
        f"The package {backend} must be installed for the backend {backend}. "
        f"Run: pip install -e '.[{extra}]'"
    )
