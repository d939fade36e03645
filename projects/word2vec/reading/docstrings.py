"""Docstrings: out of Python source, and from their markup to plain prose."""

import ast
import gc
import inspect
import re
import warnings
from collections.abc import Iterable, Iterator

_SHORTEST = 40  # characters: "See base class." teaches nothing
_NESTED = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef),
    *(ast.If, ast.Try, ast.With),
)
_RULE = re.compile(r"[-=~^*+#|_`.\"'\s]+")  # underlines, lines of tables
_DIRECTIVE = re.compile(r"\.\. (\w[\w:-]*)::")
_KEPT_DIRECTIVES = ("note", "warning", "tip", "important", "seealso")
_FIELD = re.compile(r"[\w*, .`]+ ?: \S.*|[-*+] .*|\d+\. .*|:\w+ .*")
_HEADING = re.compile(r"[A-Z][\w ]{2,20}:")
_INLINE = (
    (re.compile(r":math:`[^`]*`|\$[^$\n]*\$|\w+://\S+|\\\w+"), " "),
    (re.compile(r":[\w:+.-]{1,30}:(?=`)|<[^<>\n]*>(?=`)"), ""),
    # numpy.ndarray is an ndarray; but "e.g" has no module.
    (re.compile(r"(?:~|\b)(?:[A-Za-z_]\w+\.)+(?=[A-Za-z_])"), ""),
)


def find_docstrings(source: bytes) -> Iterator[str]:
    """Find what a module says about itself, without running it.

    Args:
        source: A Python file. Nothing comes out of one that cannot be parsed.

    Yields:
        Docstrings, and texts that are handed to functions such as `add_newdoc`.
    """
    if b'"""' not in source and b"'''" not in source:
        return
    try:
        tree = _parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr):
            yield from _texts(node.value)
        elif isinstance(node, _NESTED):
            waiting.extend(reversed(node.body))


def _parse(source: bytes) -> ast.Module:
    # Without the garbage collector, which finds none here, in two thirds of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings(action="ignore"):  # "\\d" in others' files
            return ast.parse(source)
    finally:
        if enabled:
            gc.enable()


def _texts(value: ast.expr) -> Iterator[str]:
    nodes: Iterable[ast.AST] = [value]
    if isinstance(value, ast.Call):
        nodes = ast.walk(value) if "doc" in ast.unparse(value.func) else []
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if len(node.value) >= _SHORTEST:
                yield node.value


def find_topics(source: bytes) -> Iterator[str]:
    """Find every longer string of a module, as that of `pydoc_data` is made of."""
    for node in ast.walk(_parse(source)):
        yield from _texts(node) if isinstance(node, ast.Constant) else ()


def to_prose(docstring: str) -> str:
    """Take the markup out: code, tables, headings, roles, formulas.

    Returns:
        Paragraphs with blank lines between; a field such as "axis : int" is one.
    """
    kept: list[str] = []
    for line in _without_code(inspect.cleandoc(docstring).split("\n")):
        text = line.strip()
        if not text or _RULE.fullmatch(text) or _HEADING.fullmatch(text):
            if text and kept and not text[0].isalpha() and _is_title(kept[-1]):
                kept.pop()  # what is underlined is a heading
            kept.append("")
        elif _FIELD.fullmatch(text):
            kept += ["", text, ""] if " : " in text else ["", text]
        else:
            kept.append(text)
    prose = "\n".join(kept)
    for pattern, replacement in _INLINE:
        prose = pattern.sub(replacement, prose)
    return re.sub(r"\n{3,}", "\n\n", prose).strip()


def _is_title(line: str) -> bool:
    return 0 < len(line) < 60 and not line.endswith((".", ","))


def _without_code(lines: list[str]) -> Iterator[str]:
    """Leave out doctests, fenced code and the indented blocks after a "::"."""
    fenced = tested = False
    block = -1  # the indentation of the line whose indented block is left out
    for line in lines:
        text = line.lstrip()
        indent = len(line) - len(text)
        if text.startswith(("```", "~~~")):
            fenced = not fenced
            text = ""
        tested = bool(text) and (tested or text.startswith((">>>", "In [")))
        if block >= 0 and text and indent <= block:
            block = -1
        if fenced or tested or block >= 0:
            yield ""
            continue
        directive = _DIRECTIVE.match(text)
        if directive or text.rstrip().endswith("::"):
            keeps = directive and directive[1] in _KEPT_DIRECTIVES
            block = -1 if keeps else indent
            text = text[directive.end() :] if directive else text.rstrip()[:-1]
            yield text if keeps or not directive else ""
        else:
            yield line
