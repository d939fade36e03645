from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.alarms.actions.printing import PrintAction
from projects.video_activity.alarms.alarms import Alarms
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.footage.frames import Frame
from tests.video_activity.alarms.made_events import NOW, make_image, make_verdicts

RULE = Rule("criminal", on=0.8, off=0.5, windows=1, of=1, actions=("print",))


def run(tmp_path, shares, rule=RULE, **changes):
    """Return the events, what was printed, and the alarms, of one source."""
    actions = {"print": PrintAction(), "clip": ClipAction(folder=tmp_path / "clips")}
    settings = Settings((rule,), actions, tmp_path / "alarms.toml")
    events, told = [], []
    values = {"source": "porch", "live": False, "clock": lambda: NOW}
    with Alarms(settings, **values | changes, tell=told.append) as alarms:
        verdicts = make_verdicts(shares)
        frames = (Frame(k / 5, make_image(k)) for k in range(15 * len(shares)))
        for place, _ in enumerate(alarms.tap(frames)):
            if place % 15 == 14:
                events += alarms.update(verdicts[place // 15])
        events += alarms.finish()
    return events, told, alarms


def test_events_are_returned_and_acted_on(tmp_path):
    events, told, alarms = run(tmp_path, [0.1, 0.9, 0.9])
    assert [event.kind for event in events] == ["begin", "end"]
    assert [line.split()[2] for line in told] == ["ALARM", "over:"]
    assert alarms.status()["print"]["delivered"] == 2
    assert alarms.clips() == {}  # the rule wants no clip


def test_clips_can_be_found_by_their_incident(tmp_path):
    rule = Rule(**vars(RULE) | {"actions": None})
    events, told, alarms = run(tmp_path, [0.9, 0.1, 0.1], rule)
    assert len(told) == 2
    assert list(alarms.clips()) == [events[0].id]
    assert alarms.clips()[events[0].id].is_file()


def test_incidents_are_found_though_nothing_is_done(tmp_path):
    rule = Rule(**vars(RULE) | {"actions": None})
    events, told, alarms = run(tmp_path, [0.9, 0.1, 0.1], rule, act=False)
    assert [event.kind for event in events] == ["begin", "end"]
    assert (told, alarms.status(), alarms.clips()) == ([], {}, {})
    assert not (tmp_path / "clips").exists()


def test_what_goes_on_ends_with_the_source(tmp_path):
    settings = Settings((RULE,), {"print": PrintAction()}, tmp_path / "alarms.toml")
    told = []
    alarms = Alarms(settings, tell=told.append)
    alarms.update(make_verdicts([0.9])[0])
    alarms.close()
    assert len(told) == 2
