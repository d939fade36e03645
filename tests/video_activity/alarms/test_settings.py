import datetime
from pathlib import Path

import pytest

from common.errors import UserError
from projects.video_activity.alarms.daily_hours import DailyHours
from projects.video_activity.alarms.settings import read_settings
from tests.conftest import REPOSITORY

EXAMPLE = REPOSITORY / "projects" / "video_activity" / "alarms" / "example.toml"
ALARM = '[[alarm]]\nclass = "criminal"\non = 0.8\n'


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "alarms.toml"
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return read


def test_the_example_is_good_and_so_is_all_that_it_leaves_out(tmp_path, monkeypatch):
    settings = read_settings(EXAMPLE)
    assert [rule.label for rule in settings.rules] == ["criminal", "suspicious"]
    assert list(settings.actions) == ["print", "sound", "clip"]
    assert settings.actions_of(settings.rules[1]) == ("print", "clip")
    for name in ("ALARM_SECRET", "MQTT_PASSWORD", "SMTP_PASSWORD"):
        monkeypatch.setenv(name, "secret")
    text = EXAMPLE.read_text(encoding="utf-8")
    begin = text.index("# [action.office]")
    whole = text[:begin] + text[begin:].replace("\n# ", "\n").removeprefix("# ")
    (tmp_path / "whole.toml").write_text(whole, encoding="utf-8")
    actions = read_settings(tmp_path / "whole.toml").actions
    assert list(actions)[3:] == ["office", "mqtt", "email"]
    assert actions["office"].secret == "secret"
    assert "secret" not in repr(actions).replace("secret_env", "")


def test_what_is_left_out_has_defaults(read):
    (rule,) = read(ALARM + "[action.print]\n").rules
    assert (rule.on, rule.off, rule.windows, rule.of) == (0.8, 0.56, 2, 3)
    assert (rule.minimum_seconds, rule.clear_windows, rule.cooldown) == (0, 2, 60)
    assert read(ALARM + "windows = 5").rules[0].of == 5
    settings = read(ALARM + "[action.print]\n[action.bell]\nkind = 'sound'")
    assert settings.actions_of(settings.rules[0]) == ("print", "bell")


def test_paths_start_at_the_folder_of_the_file(read, tmp_path):
    clip = read(ALARM + "[action.clip]\nfolder = 'a/b'").actions["clip"]
    assert clip.folder == tmp_path / "a" / "b"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "at least one [[alarm]]"),
        ("[alarm]\nclass = 'a'", "double brackets. Received: [alarm]"),
        ("[[alarm]\n", "Expected TOML"),
        ("a = 1\na = 2", "Expected TOML"),
        ("x = " + "[" * 5000, "Expected TOML"),
        ("[[alarms]]\nclass = 'a'", "Received: alarms. Did you mean alarm?"),
        ("[[alarm]]\non = 0.8", "`class` in [[alarm]] number 1"),
        ("[[alarm]]\nclass = 'a'", "`on` in [[alarm]] number 1"),
        ("[[alarm]]\nclass = ''\non = 0.8", "`class`"),
        ("[[alarm]]\nclass = 3\non = 0.8", "text. Received: 3"),
        ("[[alarm]]\nclass = 'a'\non = 80", "from 0.01 to 1. Received: 80"),
        ("[[alarm]]\nclass = 'a'\non = true", "Received: true"),
        ("[[alarm]]\nclass = 'a'\non = nan", "Received: nan"),
        ("[[alarm]]\nclass = 'a'\non = '0.8'", "a number"),
        (ALARM + "off = 0.9", "`off`"),
        (ALARM + "windows = 0", "`windows`"),
        (ALARM + "windows = 2.0", "whole number"),
        (ALARM + "windows = 3\nof = 2", "from 3 to 100. Received: 2"),
        (ALARM + "treshold = 1", "Received: treshold"),
        (ALARM + "cool_down = 1", "Did you mean cooldown?"),
        (ALARM + "cooldown = -1", "`cooldown`"),
        (ALARM + "quiet = '8-9'", 'a list of texts, like ["one", "two"]'),
        (ALARM + "quiet = ['8-9']", 'like ["08:00-18:00"]. Received: 8-9'),
        (ALARM + "actions = ['print']", "there are none. Received: print"),
        (
            ALARM + "actions = ['prnt']\n[action.print]",
            "Received: prnt. Did you mean print?",
        ),
        (ALARM * 2, "Received: two for criminal"),
        (ALARM + "[action]\nprint = 1", "[action.NAME]"),
        (ALARM + "[[action]]\nkind = 'print'", "[action.NAME]"),
        (ALARM + "[action.prynt]", "`kind` in [action.prynt]"),
        (ALARM + "[action.print]\nevents = 'all'", "one of begin, end, both"),
        (ALARM + "[action.clip]\nformat = 'avi'", "one of mp4, webm"),
        (ALARM + "[action.clip]\nfolder = 'alarms.toml'", "a folder"),
        (ALARM + "[action.sound]\ncommand = ['no_such_program']", "installed"),
        (ALARM + "[action.sound]\ncommand = 'aplay'", "a list of texts"),
        (ALARM + "[action.webhook]", "`url` in [action.webhook]"),
        (ALARM + "[action.webhook]\nurl = 'file:///etc/passwd'", "https://host/path"),
        (ALARM + "[action.webhook]\nurl = 'ftp://host/'", "https://host/path"),
        (ALARM + "[action.webhook]\nurl = 'http://me:pw@host/'", "https://host/path"),
        (ALARM + "[action.webhook]\nurl = 'http://host:port/'", "https://host/path"),
        (ALARM + "[action.webhook]\nurl = 'https:///path'", "https://host/path"),
        (
            ALARM + "[action.webhook]\nurl = 'http://h/'\nsecret_env = 'NOT_SET_HERE'",
            "environment variable that is set. Received: NOT_SET_HERE",
        ),
        (
            ALARM + "[action.webhook]\nurl = 'http://h/'\nca_file = 'none.pem'",
            "a file with a certificate",
        ),
        (ALARM + "[action.mqtt]\nhost = 'h'\ntopic = 'a/#'", "without # and +"),
        (ALARM + "[action.mqtt]\nhost = 'h'\nport = 70000", "`port`"),
        (ALARM + "[action.mqtt]\nhost = 'h'\ntls = 'yes'", "true or false"),
        (ALARM + "[action.email]\nhost = 'h'\nfrom = 'me'\nto = ['a@b']", "`from`"),
        (ALARM + "[action.email]\nhost = 'h'\nfrom = 'a@b'\nto = []", "`to`"),
        (
            ALARM + "[action.email]\nhost = 'h'\nfrom = 'a@b'\nto = ['a@b, c@d']",
            "`to`",
        ),
        (
            ALARM + "[action.email]\nhost = 'h'\nfrom = 'a@b'\nto = ['a@b']\n"
            "user = 'me'\nsecurity = 'none'",
            "starttls or tls",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(read, text, told):
    with pytest.raises(UserError) as caught:
        read(text)
    message = str(caught.value)
    assert told in message
    assert "\n" not in message
    assert "alarms.toml" in message
    assert "Received" in message


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00" * 10])
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "alarms.toml").write_bytes(content)
    with pytest.raises(UserError, match="Expected TOML"):
        read_settings(tmp_path / "alarms.toml")


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_file_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(UserError, match=r"Expected a file of alarms.*example\.toml"):
        read_settings(tmp_path / name)


def test_classes_of_another_model_are_refused(read):
    settings = read(ALARM)
    settings.check_classes(["safe", "criminal"])
    with pytest.raises(UserError, match="Received: criminal. Did you mean criminals?"):
        settings.check_classes(["safe", "criminals"])


def test_missing_mqtt_is_told_with_what_to_install(read, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install '\.\[mqtt\]'"):
        read(ALARM + "[action.mqtt]\nhost = 'h'")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("08:00-18:00", ["08:00", "17:59"], ["07:59", "18:00", "00:00"]),
        ("22:00-6:30", ["22:00", "23:59", "00:00", "06:29"], ["21:59", "06:30"]),
        ("00:00-24:00", ["00:00", "12:00", "23:59"], []),
    ],
)
def test_hours_of_the_day(text, inside, outside):
    hours = DailyHours.parse(text)
    for clock in inside + outside:
        time = datetime.time.fromisoformat(clock)
        assert hours.holds(time) == (clock in inside)


@pytest.mark.parametrize("text", ["8", "25:00-26:00", "08:60-09:00", "08:00-08:00", ""])
def test_no_hours_of_the_day(text):
    assert DailyHours.parse(text) is None
    assert DailyHours.parse("08:00-24:01") is None


def test_the_example_is_where_the_error_says():
    assert EXAMPLE == Path(REPOSITORY, "projects/video_activity/alarms/example.toml")
    assert EXAMPLE.is_file()
