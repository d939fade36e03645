import json
import tomllib
from types import SimpleNamespace

import pytest

from common.errors import UserError
from projects.video_activity import calibrate
from projects.video_activity.alarms.normal_footage import (
    find_videos,
    judge,
    read_verdicts,
)
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.alarms.settings import read_settings
from projects.video_activity.alarms.threshold_text import new_text
from projects.video_activity.alarms.thresholds import choose_thresholds
from projects.video_activity.footage.decoder import VideoError
from projects.video_activity.footage.frames import Frame
from projects.video_activity.verdicts import Verdict, VerdictFile
from tests.conftest import REPOSITORY
from tests.video_activity.alarms.made_events import make_verdict, make_verdicts

EXAMPLE = REPOSITORY / "projects" / "video_activity" / "alarms" / "example.toml"


@pytest.fixture
def night(tmp_path):
    """Return a file of verdicts: two hours, three of its windows look criminal."""
    shares = [0.02] * 2400
    shares[100] = shares[101] = 0.9
    shares[500] = 0.95
    path = tmp_path / "night.jsonl"
    with VerdictFile(path, ("criminal", "safe")) as table:
        for verdict in make_verdicts(shares):
            table.add("porch", verdict)
    return path


@pytest.fixture
def run(tmp_path, night):
    def run(*arguments):
        output = tmp_path / "new.toml"
        common = ["--normal", str(night), "--output", str(output)]
        assert calibrate.main([*common, *map(str, arguments)]) == 0
        return output

    return run


def test_a_new_file_is_written_and_can_be_read(run, capsys):
    output = run(
        "--classes", "criminal,safe", "--false-alarms", "1e9", "--least", "0.9"
    )
    rules = read_settings(output).rules
    assert [rule.label for rule in rules] == ["criminal", "safe"]
    assert [rule.on for rule in rules] == [0.9, 0.9]
    output.unlink()
    (rule,) = read_settings(run("--classes", "criminal")).rules
    assert (rule.windows, rule.of) == (2, 3)
    assert 0.9 < rule.on <= 0.905
    text = output.read_text()
    assert "# 0 false alarms in 2 h: fewer than 1.5 per hour" in text
    told = capsys.readouterr().out
    assert "takes 30 h of normal footage" in told
    assert f"Written: {output}" in told


def test_thresholds_of_a_file_change_and_nothing_else(run, tmp_path):
    alarms = tmp_path / "mine.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    first = text.index('[[alarm]]\nclass = "suspicious"')
    text = text[:first] + text[text.index("# [action.NAME]") :]
    alarms.write_text(text, encoding="utf-8")
    output = run("--alarms", alarms)
    old, new = text.splitlines(), output.read_text(encoding="utf-8").splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    on = read_settings(output).rules[0].on
    assert 0.9 < on <= 0.905
    assert [b.split("#")[0].strip() for _, b in changed] == [
        f"on = {on}",
        f"off = {round(on * 0.55 / 0.8, 5)}",
    ]
    assert all(a.split("#")[1] == b.split("#")[1] for a, b in changed[:1])
    assert read_settings(output).actions.keys() == read_settings(alarms).actions.keys()


def test_an_alarm_without_off_gets_one_and_the_second_alarm_its_own(run, tmp_path):
    alarms = tmp_path / "mine.toml"
    alarms.write_text(
        '[[alarm]]\n  class = "safe"\n  on = 0.3 # low\n  windows = 1\n'
        '[[ alarm ]]\nclass = "criminal"\noff=0.4\non=0.5\n[action.print]\n',
        encoding="utf-8",
    )
    output = run("--alarms", alarms, "--false-alarms", "1e9", "--least", "0.9")
    safe, criminal = read_settings(output).rules
    assert (safe.on, safe.off, safe.windows) == (0.9, 0.63, 1)
    assert (criminal.on, criminal.off) == (0.9, 0.72)
    assert "  on = 0.9 # low\n  off = 0.63\n" in output.read_text()


def test_a_file_in_another_form_is_refused(run, tmp_path):
    alarms = tmp_path / "mine.toml"
    alarms.write_text('alarm = [{class = "criminal", on = 0.8}]\n')
    with pytest.raises(UserError, match=r"mine\.toml each \[\[alarm\]\]"):
        run("--alarms", alarms)
    assert not (tmp_path / "new.toml").exists()


def test_the_name_of_a_class_is_written_as_toml_wants_it(tmp_path):
    label = 'tä"\\\x7f\n[x]'
    path = tmp_path / "v.jsonl"
    with VerdictFile(path, (label,)) as table:
        for verdict in make_verdicts([0.1] * 9, label=label):
            table.add("\n[[alarm]]", verdict)
    footages = {"x": [verdict for _, verdict in read_verdicts(path)]}
    choices = choose_thresholds([Rule(label)], footages, 0, 0.5)
    values = tomllib.loads(new_text(choices, "a\n[[alarm]]\u2028"))
    assert [alarm["class"] for alarm in values["alarm"]] == [label]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Received: neither"),
        (["--classes", "criminal", "--alarms", "x.toml"], "Received: both"),
        (["--classes", "crime"], "model: criminal, safe. Received: crime"),
        (["--alarms", "none.toml"], "Expected a file of alarms"),
        (["--classes", "criminal", "--output", "."], "which is a folder"),
        (["--classes", "criminal", "--verdicts", "x.csv"], "ends with .jsonl"),
        (["--classes", "criminal", "--normal", ""], "Expected footage"),
        (["--classes", "criminal", "--normal", "none.jsonl"], "Expected verdicts"),
    ],
)
def test_a_mistake_is_told(run, arguments, told):
    with pytest.raises(UserError) as caught:
        run(*arguments)
    assert told in str(caught.value)


def test_what_is_there_is_overwritten_only_when_asked(run):
    output = run("--classes", "criminal")
    with pytest.raises(UserError, match="add --overwrite"):
        run("--classes", "criminal")
    run("--classes", "criminal", "--overwrite", "--least", "0.95")
    assert read_settings(output).rules[0].on == 0.95


def test_verdicts_are_read_as_they_were_written(tmp_path, night):
    with open(night, "a", encoding="utf-8") as file:
        json.dump({"start": 1}, file)  # and then the machine was switched off
    named = list(read_verdicts(night))
    assert len(named) == 2400
    assert named[100][0] == "porch"
    assert named[100][1].to_dict() == make_verdict(300.0, 0.9).to_dict()
    unjudged = tmp_path / "unjudged.jsonl"
    with VerdictFile(unjudged, ()) as table:
        table.add("", make_verdict(0.0, None))
    assert list(read_verdicts(unjudged)) == [("", make_verdict(0.0, None))]


@pytest.mark.parametrize("line", ["", "[]", "7", "{}", '{"probabilities": 1}', "\xff"])
def test_lines_that_are_no_verdicts_are_refused(tmp_path, night, line):
    good = night.read_text().splitlines()[0]
    path = tmp_path / "broken.jsonl"
    path.write_text(f"{good}\n{line}\n{good}\n", encoding="latin-1")
    with pytest.raises(UserError, match=r"line 2 of .*broken\.jsonl"):
        list(read_verdicts(path))


class FakeDecoder:
    """Has videos of so many seconds; None: broken. A camera goes on for ever."""

    def __init__(self, **videos):
        self.videos = videos

    def probe(self, path):
        seconds = self.videos[path]
        if seconds is None:
            raise VideoError(f"{path} is broken")
        return SimpleNamespace(duration=seconds)

    def frames(self, path, *, interval, end=None):
        seconds = min(self.videos[path], end or 1e9)
        for k in range(round(seconds / interval)):
            yield Frame(k * interval, None)

    def live(self, camera, *, interval):
        self.camera = camera
        for k in range(10**6):
            yield Frame(k * interval, None)


def watch(frames):
    for place, _ in enumerate(frames):
        if place % 15 == 14:
            yield make_verdict((place - 14) / 5, 0.1)


def test_broken_videos_are_named_and_left_out(capsys):
    decoder = FakeDecoder(a=6.0, b=None, c=9.0)
    named = list(judge(["a", "b", "c"], decoder, watch, 0.2, None))
    assert [name for name, _ in named] == ["a"] * 2 + ["c"] * 3
    assert "left out: b is broken" in capsys.readouterr().err
    with pytest.raises(UserError, match="2 videos, none of which can be read"):
        list(judge(["b", "b"], decoder, watch, 0.2, None))


def test_no_more_is_watched_than_was_asked_for():
    decoder = FakeDecoder(a=6.0, c=900.0)
    named = list(judge(["a", "c", "a"], decoder, watch, 0.2, 12.0))
    assert [name for name, _ in named] == ["a"] * 2 + ["c"] * 2
    named = list(judge(0, decoder, watch, 0.2, 30.0))
    assert [name for name, _ in named] == ["0"] * 10
    assert decoder.camera == 0


def test_sources_are_videos_folders_and_cameras(tmp_path):
    for name in ("b.mp4", "a.avi", "notes.txt"):
        (tmp_path / name).touch()
    assert find_videos(str(tmp_path)) == [tmp_path / "a.avi", tmp_path / "b.mp4"]
    assert find_videos(str(tmp_path / "b.mp4")) == [tmp_path / "b.mp4"]
    assert find_videos("0") == 0
    assert find_videos("rtsp://camera/1") == "rtsp://camera/1"
    (tmp_path / "empty").mkdir()
    for name in ("none.mp4", "empty"):
        with pytest.raises(UserError, match="Expected a video"):
            find_videos(str(tmp_path / name))


def test_passwords_of_cameras_are_written_nowhere():
    text = new_text([], "rtsp://me:secret@door/1")
    assert "secret" not in text
    assert "rtsp://door/1" in text

    class Camera:
        def live(self, source, interval):
            return iter([source])

    def watch(frames):
        assert next(frames) == "rtsp://me:secret@door/1"
        yield Verdict.not_judged(0.0, 9.0, "dark")

    found = judge("rtsp://me:secret@door/1", Camera(), watch, 0.2, 5.0)
    assert [name for name, _ in found] == ["rtsp://door/1"]
