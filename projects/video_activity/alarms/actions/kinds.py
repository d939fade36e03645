"""The actions by the names that they have in the file of alarms."""

from projects.video_activity.alarms.actions.action import Action
from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.alarms.actions.mail import MailAction
from projects.video_activity.alarms.actions.mqtt import MqttAction
from projects.video_activity.alarms.actions.printing import PrintAction
from projects.video_activity.alarms.actions.sound import SoundAction
from projects.video_activity.alarms.actions.webhook import WebhookAction

KINDS: dict[str, type[Action]] = {
    "print": PrintAction,
    "sound": SoundAction,
    "webhook": WebhookAction,
    "mqtt": MqttAction,
    "email": MailAction,
    "clip": ClipAction,
}
