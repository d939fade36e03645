// A color for each class: red for what alarms, amber for what is odd, green for calm.

const CALM = /^(no|not|non|without)[^a-z]|normal|safe|calm|empty|quiet|idle|walk/i;
const ODD = /suspic|unusual|odd|loiter|maybe|possib|warn|unsure/i;
const ALARM = /crim|fight|violen|assault|robb|bully|bulli|theft|steal|crash|attack|danger|weapon|fire|vandal|fall/i;
const COLORS = {
  calm: ["#14917f", "#5d9b3c", "#2f7fb8"],
  odd: ["#e0a100", "#d17a22", "#b8963e"],
  alarm: ["#d2331f", "#b3267d", "#8c3b1f"],
  other: ["#3b6fc9", "#8457c2", "#1f95ad", "#96723f", "#6a7b8a", "#c25d9a"],
};
const colors = new Map();

/** Choose colors; `alarming` are the classes of the settings for alarms. */
export function chooseColors(classes, alarming) {
  const next = { calm: 0, odd: 0, alarm: 0, other: 0 };
  for (const name of classes) {
    const tone = toneOf(name, alarming);
    const choice = COLORS[tone];
    colors.set(name, choice[next[tone]++ % choice.length]);
  }
}

/** The color of a class; gray where nothing was judged. */
export const colorOf = name => colors.get(name) ?? "#8696a3";

function toneOf(name, alarming) {
  if (alarming.includes(name)) return "alarm";
  if (CALM.test(name)) return "calm";
  if (ODD.test(name)) return "odd";
  return ALARM.test(name) ? "alarm" : "other";
}
