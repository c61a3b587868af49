"""Where things come from and whether anything still needs them."""

import ast
import re
import tomllib
from pathlib import PurePosixPath

from tests.tidy.tree import Tree, is_test, nodes, python

# Written in pieces, so that this file does not hold what it bans.
PLACES = {
    "a path of one machine": re.compile(
        r"(?<![\w.$}-])/(?:" + "work|farm|root|home" + r")/|(?<![\w.])/tmp" + r"/[\w-]+"
    ),
    "a registry's address": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|unpkg|jsdelivr|cdnjs|cloudflare|ghcr|quay|docker)"
        r"\.(?:org|com|net|io)\b"
    ),
    "an index option": re.compile(r"--(?:extra-)?index" + r"-url\b"),
    "a download's address": re.compile(r"https?://\S+\.(?:whl|tgz|tar\.gz|zip)\b|\"resolved\":\s*\"http"),
}
INSTEAD = "a path below the repository, or nothing: whoever installs decides where from"
# Files that a tool or a person opens by its name alone.
ENTRANCES = {
    ".dockerignore",
    ".gitattributes",
    ".gitignore",
    ".ci/run",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker-compose.yml",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "tsconfig.json",
}
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)", re.MULTILINE)


def no_place_is_written_down(tree: Tree) -> list[str]:
    """No tracked file names a machine's folder, a registry, or where to download something."""
    return [
        f"{path}:{number}: {what} is banned, use {INSTEAD}"
        for path, text in tree.items()
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in PLACES.items()
        if pattern.search(line)
    ]


def every_file_is_used(tree: Tree) -> list[str]:
    """Every tracked file is an entrance, or is named by another one: by its name, or by its folder's path."""
    return [
        f"{path}: nothing refers to it; link it, load it, or delete it"
        for path in tree
        if path not in ENTRANCES and not path.endswith(".py") and not _mentioned(path, tree)
    ]


def every_module_is_used(tree: Tree) -> list[str]:
    """Every module is imported by another one, run by name, or collected by pytest."""
    imported = {name for path, module in python(tree) for name in _imports(path, module)}
    return [
        f"{path}: no other file imports or runs it; use it or delete it"
        for path in tree
        if path.endswith(".py")
        and not PurePosixPath(path).name.startswith(("test_", "conftest", "__init__", "__main__"))
        and not _names(path) & imported
        and not _named(path, tree)
    ]


def locks_agree(tree: Tree) -> list[str]:
    """What is declared is locked, with hashes, and the tests run on the versions that the service runs on."""
    findings = []
    run, dev = (tree.get(f"requirements/{name}.txt", "") for name in ("run", "dev"))
    pins = {name: dict(PIN.findall(text)) for name, text in (("run", run), ("dev", dev))}
    project = tomllib.loads(tree["pyproject.toml"])["project"]
    declared = {"run": project["dependencies"], "dev": project["optional-dependencies"]["dev"]}
    for lock, wanted in declared.items():
        names = [re.split(r"[^\w-]", line)[0].lower() for line in wanted]
        findings += [
            f"requirements/{lock}.txt: {name} is not locked; run: make lock"
            for name in names
            if name not in pins[lock]
        ]
    findings += [
        f"requirements/dev.txt: {name} {pins['dev'].get(name)}, run.txt has {version}; run: make lock"
        for name, version in pins["run"].items()
        if pins["dev"].get(name) != version
    ]
    return findings


def _mentioned(path: str, tree: Tree) -> bool:
    """Whether another file holds this one's name, or the path of a folder of two names or more above it."""
    parts = PurePosixPath(path)
    folders = [str(folder) for folder in parts.parents if len(folder.parts) > 1]
    names = [parts.name, *folders]
    if is_test(path):  # a test names its data's folder from where it stands
        names += [f'"{folder.name}"' for folder in parts.parents if len(folder.parts) > 1]
    return any(name in text for other, text in tree.items() if other != path for name in names)


def _named(path: str, tree: Tree) -> bool:
    """Whether another file runs it by its path or holds its dotted name in words."""
    names = [path, f"{_module(path)}:"]
    if is_test(path):  # a test starts its own programs from where it stands
        names.append(f'"{PurePosixPath(path).name}"')
    return any(name in text for other, text in tree.items() if other != path for name in names)


def _names(path: str) -> set[str]:
    """What the module may be imported as: a test folder may be on the path, so its last name does."""
    name = _module(path)
    return {name, name.split(".")[-1]} if is_test(path) else {name}


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _imports(path: str, module: ast.Module) -> set[str]:
    """Dotted names that the module of `path` imports; of `from a import b`, both `a` and `a.b`."""
    names: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names - {_module(path)}
