"""The tracked files as data: what every tidy check is asked about.

A check is a function from a `Tree` to its findings, so the same function judges the repository and a planted
bad example of three lines. A finding is one line: where, what is wrong, what to do instead. Paths are
relative to the repository's root, with forward slashes.
"""

import ast
import gc
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

Tree = Mapping[str, str]
Check = Callable[[Tree], list[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef

ROOT = Path(__file__).resolve().parents[2]
# Whoever owns the folder: a build machine may check out as one user and test as another.
LISTING = ("git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z")


@cache
def repository() -> Tree:
    """Every file that git tracks or would track; one that is not UTF-8 is there and empty."""
    listed = subprocess.run(LISTING, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - fixed words
    listing = listed.stdout.decode()
    tree: dict[str, str] = {}
    for path in sorted(filter(None, listing.split("\0"))):
        try:
            tree[path] = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            tree[path] = ""  # a picture: a link may lead to it, and there is nothing in it to read
        except FileNotFoundError:
            continue  # deleted and not yet committed
    return tree


def python(tree: Tree, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file with its syntax tree; only those below `folders` if any are named."""
    for path, text in tree.items():
        if path.endswith(".py") and (not folders or path.startswith(folders)):
            yield path, parsed(text)


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of `text`; cached, because every check reads every file.

    A million nodes that are kept to the end: Python's collector would look at all of them again and again,
    which takes three times as long as the parsing. So it rests meanwhile, and leaves them out from then on.
    """
    collects = gc.isenabled()
    gc.disable()
    module = ast.parse(text)
    gc.freeze()
    if collects:
        gc.enable()
    return module


@cache
def nodes(module: ast.Module) -> tuple[ast.AST, ...]:
    """The module itself and everything in it, in no order that counts."""
    return tuple(ast.walk(module))


@cache
def functions(module: ast.Module) -> tuple[Function, ...]:
    """Every function and method of the module, nested ones too."""
    return tuple(node for node in nodes(module) if isinstance(node, Function))


def dotted(node: ast.expr) -> str:
    """`asyncio.sleep` for the expression that reads so; empty for anything that is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def is_test(path: str) -> bool:
    """True for everything that belongs to the tests and not to the product."""
    return path.startswith("tests/")
