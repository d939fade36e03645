"""The rules of the house, each a function over the source of one module.

docs/architecture.md tells the reasons; test_architecture.py holds the house to them.
"""

import ast
import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

VERBS = set(
    "train evaluate predict classify serve generate nearest extract check poem "
    "export prepare".split()
)
HEAVY = set(
    "keras tensorflow jax torch pandas scipy sklearn statsmodels matplotlib cv2".split()
)
METRICS_IMPORT = {"numpy", "scipy", "math", "collections", "dataclasses", "itertools"}
# The last word of the name of a module that draws.
DRAWERS = {"plotting", "reporting", "fonts", "figures", "report"}


@dataclass(frozen=True)
class Module:
    """One Python file of the repository; `path` is relative to its root."""

    path: PurePosixPath
    source: str = field(repr=False)

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, str(self.path))

    @property
    def name(self) -> str:
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def area(self) -> str:
        return self.path.parts[0]

    @property
    def project(self) -> str | None:
        in_project = self.area == "projects" and len(self.path.parts) > 2
        return self.path.parts[1] if in_project else None

    @property
    def is_entry_point(self) -> bool:
        if self.project is None:
            return False
        tests = (n.test for n in self.tree.body if isinstance(n, ast.If))
        return self.path.stem in VERBS or "__name__ == '__main__'" in map(
            ast.unparse, tests
        )

    def imports(self, at_import: bool = False) -> set[str]:
        """Return the names that it imports (only those at import time)."""
        names = set()
        for node in _executed_at_import(self.tree) if at_import else self.nodes:
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return names

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)


House = dict[str, Module]


def _executed_at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _executed_at_import(child)


def _within(name: str, packages: set[str]) -> bool:
    return any(
        name == package or name.startswith(f"{package}.") for package in packages
    )


# The rules: each takes a module and the house, and yields what is wrong.


def common_knows_no_project(module: Module, house: House) -> Iterator[str]:
    if module.area == "common":
        yield from (n for n in module.imports() if _within(n, {"projects"}))


def no_project_knows_another(module: Module, house: House) -> Iterator[str]:
    if module.project:
        for name in module.imports():
            parts = name.split(".")
            if parts[0] == "projects" and parts[1:2] not in ([], [module.project]):
                yield name


def imports_are_absolute(module: Module, house: House) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno} imports relatively"


def entry_points_define_no_class(module: Module, house: House) -> Iterator[str]:
    if module.is_entry_point:
        yield from (n.name for n in module.nodes if isinstance(n, ast.ClassDef))


def entry_points_are_short(module: Module, house: House) -> Iterator[str]:
    length = len(module.source.splitlines())
    if module.is_entry_point and length > 120:
        yield f"{length} lines"


def entry_points_have_a_main(module: Module, house: House) -> Iterator[str]:
    if module.is_entry_point:
        mains = [
            ast.unparse(node.args).split("=")
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef) and node.name == "main"
        ]
        if not (mains and mains[0][0].startswith("argv") and mains[0][1:] == ["None"]):
            yield "no main(argv=None)"
        if "__main__" not in module.source:
            yield "does nothing when it is run"


def entry_points_start_light(module: Module, house: House) -> Iterator[str]:
    """Follow the imports, so that `--help` answers at once."""
    waiting, seen = [module.name] if module.is_entry_point else [], set()
    while waiting:
        current = waiting.pop()
        if current in seen or current not in house:
            continue
        seen.add(current)
        for name in house[current].imports(at_import=True):
            if _within(name, HEAVY):
                yield f"{current} imports {name}"
            parts = name.split(".")
            waiting += [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def only_entry_points_read_the_command_line(
    module: Module, house: House
) -> Iterator[str]:
    if module.area == "common" and module.name != "common.config":
        yield from (n for n in module.imports() if _within(n, {"argparse"}))
    if module.project and not module.is_entry_point:
        options = f"projects.{module.project}."
        own = module.path.stem.split("_")[-1] == "config"
        refused = {"argparse"} if own else {"argparse", "common.config"}
        for name in module.imports():
            room = name.removeprefix(options).split(".")[0]
            configured = name.startswith(options) and room.split("_")[-1] == "config"
            if _within(name, refused) or (configured and not own):
                yield name


def only_entry_points_print(module: Module, house: House) -> Iterator[str]:
    if module.area in ("common", "projects") and not module.is_entry_point:
        for node in module.nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                yield f"line {node.lineno} prints"


def few_know_how_to_draw(module: Module, house: House) -> Iterator[str]:
    drawer = module.is_entry_point or module.path.stem.split("_")[-1] in DRAWERS
    if module.area in ("common", "projects") and not drawer:
        for name in module.imports() - {"matplotlib.cbook"}:  # has sample data
            if _within(name, {"matplotlib", "common.plotting"}):
                yield name


def metrics_are_arithmetic(module: Module, house: House) -> Iterator[str]:
    if module.path.name == "metrics.py":
        for name in module.imports():
            if not _within(name, METRICS_IMPORT):
                yield name


def models_know_no_data(module: Module, house: House) -> Iterator[str]:
    if module.path.name == "model.py":
        for name in module.imports():
            if _within(name, {f"projects.{module.project}.data", "common.download"}):
                yield name


def nothing_is_asserted_outside_tests(module: Module, house: House) -> Iterator[str]:
    if module.area in ("common", "projects"):
        for node in module.nodes:
            if isinstance(node, ast.Assert):
                yield f"line {node.lineno}"


def no_module_hides_another(module: Module, house: House) -> Iterator[str]:
    """A script has its own folder first on sys.path, so its neighbors win."""
    if module.name.split(".")[-1] in sys.stdlib_module_names | HEAVY | {"numpy"}:
        yield "is the name of a module that others import"


def pieces_are_small(module: Module, house: House) -> Iterator[str]:
    lines = len(module.source.splitlines())
    if lines > 300:
        yield f"{lines} lines"
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > 60:
                yield f"{node.name} has {length} lines"


def public_functions_have_types(module: Module, house: House) -> Iterator[str]:
    """What mypy asks of all functions of common/, it is told here of the others."""
    if module.area == "projects":
        for function in _public_functions(module.tree):
            given = function.args
            named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
            typed = all(a.annotation or a.arg in ("self", "cls") for a in named)
            # A constructor with a typed argument is known to return None.
            made = function.name in ("__init__", "__post_init__")
            if not typed or not (function.returns or made):
                yield f"line {function.lineno}: {function.name}"


def _public_functions(node: ast.AST) -> Iterator[ast.FunctionDef]:
    for child in ast.iter_child_nodes(node):
        name = getattr(child, "name", "")
        hidden = name.startswith("_") and not name.endswith("__")
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not hidden:
            yield child
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if not hidden:
                yield from _public_functions(child)


def projects_are_tested(module: Module, house: House) -> Iterator[str]:
    """The folders without any module are still to be built."""
    if module.project and module.path.name != "__init__.py":
        tests = (
            other.source
            for other in house.values()
            if other.path.parts[:2] == ("tests", module.project)
            and other.path.name.startswith("test_")
        )
        if not any("def test_" in source for source in tests):
            yield f"tests/{module.project} has no test"
