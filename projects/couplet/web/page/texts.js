// What the page says, in English and Chinese. English of the fixed parts stands in
// index.html; here are the Chinese for it, and both for what the script says.

const CHINESE = {
  title: "自动对联", tab_answer: "由上联对下联", tab_both: "上下联都写", tab_check: "看是否工整",
  first_line: "输入上联", answer: "出下联", try: "试试", options: "更多选项",
  candidates: "下联数", tones: "平仄", tones_soft: "尽量合律", tones_strict: "严格合律",
  tones_off: "不论平仄", forbidden: "不用这些字", acrostic: "嵌字（各分句首字）",
  theme: "主题", length: "每行字数", first_char: "首字", write: "写一副",
  no_poet: "本机没有写上联的模型，可用 train_poems.py 训练。",
  second_line_may: "输入下联（可不填）", judge: "评一评", legend: "如何看卡片",
  legend_tones: "平声、仄声、入声（属仄，今多读平）、平仄两读、不详。",
  legend_shade: "底色越深，这两个字在对联中越常相对。",
  legend_lock: "点击下联的字可以锁定，再请它对其余的字。",
  history: "历史", history_empty: "问过的上联记在这里，只存于此浏览器。", forget: "清空历史",
  again: "再对", unlock: "解锁", picture: "图片", scroll: "横批", ink: "墨色",
  ink_gold: "金字", ink_black: "墨字", save: "存为 PNG", close: "关闭",
};

const SPOKEN = {
  thinking: ["The brush is moving …", "正在落笔……"],
  answers: ["{n} second lines for {line}", "“{line}”的下联 {n} 条"],
  couplets: ["{n} couplets", "对联 {n} 副"],
  judged: ["What the rules say of it", "评语如下"],
  nothing: ["No line keeps all of these rules. Let go of a character or an option.",
    "没有下联能满足全部条件，请放宽一些。"],
  unreachable: ["The server does not answer. Is serve.py still running?",
    "服务器没有回应，serve.py 还在运行吗？"],
  empty: ["Type a first line, as 风云三尺剑.", "请输入上联，例如：风云三尺剑。"],
  missing: ["This browser has no font for {chars}: what shows are empty boxes. {advice}",
    "此浏览器没有可显示 {chars} 的字体。{advice}"],
  advice: ["Install a Chinese font on the computer of this browser, or `pip install"
    + " '.[chinese-font]'` on the server and start it again.",
    "请安装中文字体，或在服务器上运行 pip install '.[chinese-font]' 后重新启动。"],
  lock: ["{second} at {place}, opposite {first}: keep it", "第{place}字“{second}”，对“{first}”：锁定"],
  strength: ["partner strength {value} (0: chance)", "对仗强度 {value}（0 为偶然）"],
  copy: ["Copy", "复制"], copied: ["Copied", "已复制"],
  picture_of: ["Picture 红纸", "红纸图片"],
  fluency: ["fluency 通顺", "通顺"], matching: ["antithesis 对仗", "对仗"],
  score: ["score", "总分"],
  why: ["Where the model looked", "注意力"],
  why_text: ["A row for each character written, a column for each one read; the darker, the"
    + " more it counted.", "每行为写出的字，每列为读到的字，颜色越深越受注意。"],
  heat: ["Attention of {second} to {first}", "“{second}”对“{first}”的注意力"],
  pair: ["First line {first}. Second line {second}.", "上联：{first}。下联：{second}。"],
  sheet: ["Couplet on red paper: {first}, {second} {top}", "红纸对联：{first}，{second} {top}"],
  "equal length": ["equal length", "字数相等"],
  "same punctuation": ["same punctuation", "断句一致"],
  "same repetition": ["same repetition", "叠字相应"],
  "nothing shared": ["nothing shared", "不犯重字"],
  "tones opposed": ["tones opposed", "平仄相对"],
  "tones alternate": ["tones alternate", "平仄相间"],
  "ends on 仄": ["ends on 仄", "上联仄收"],
  "ends on 平": ["ends on 平", "下联平收"],
};

const CHOICE = "couplets-language";
let language = "en";

/** Return a text with its blanks filled; names without a text stay as they are. */
export function say(name, values = {}) {
  const text = SPOKEN[name]?.[language === "zh" ? 1 : 0] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export const isChinese = () => language === "zh";

/** Show the page in a language, "en" or "zh", and remember it. */
export function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.dataset.english ??= element.textContent;
    const chinese = CHINESE[element.dataset.text] ?? element.dataset.english;
    element.textContent = chosen === "zh" ? chinese : element.dataset.english;
  }
  try {
    localStorage.setItem(CHOICE, chosen);
  } catch {
    // It lasts as long as the page.
  }
}

/** Return the language of the last visit. */
export function chosenLanguage() {
  try {
    return localStorage.getItem(CHOICE) === "zh" ? "zh" : "en";
  } catch {
    return "en";
  }
}
