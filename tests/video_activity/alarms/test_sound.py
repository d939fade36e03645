import io
import sys

import pytest

from projects.video_activity.alarms.actions.action import GivenUpError
from projects.video_activity.alarms.actions.sound import SoundAction
from tests.video_activity.alarms.made_events import make_notice


def run(code, **changes):
    return SoundAction(command=(sys.executable, "-S", "-c", code), **changes)


def test_the_bell_rings(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    assert SoundAction().deliver(make_notice()) == 1
    assert written.getvalue() == "\a"


def test_a_command_is_told_of_the_class(tmp_path):
    path = tmp_path / "told"
    code = f"import os; open({str(path)!r}, 'w').write(os.environ['ALARM_CLASS']"
    code += " + ' ' + os.environ['ALARM_EVENT'])"
    label = "$(touch x); `y` \0"
    assert run(code).deliver(make_notice(label=label)) == 1
    assert path.read_text() == "$(touch x); `y` � begin"


def test_a_command_that_fails_or_hangs_is_given_up():
    with pytest.raises(GivenUpError, match="ended with 3"):
        run("raise SystemExit(3)").deliver(make_notice())
    with pytest.raises(GivenUpError, match=r"not done after 0\.2 s"):
        run("import time; time.sleep(9)", timeout=0.2).deliver(make_notice())
