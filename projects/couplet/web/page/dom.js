// Elements, and the characters that they hold.

export { $, make } from "./elements.js";

/** Return the characters of a line; one outside of the basic plane is one, not two. */
export const characters = line => Array.from(line);

export const isPunctuation = char => "，、；：？！。".includes(char);
