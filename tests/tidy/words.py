"""What things are called, and whether they say what they are for."""

import ast
import re
from pathlib import PurePosixPath

from tests.tidy.tree import Tree, functions, is_test, nodes, python

# Words that name a place to put things, not a thing; each with what to write instead.
BANNED = {
    "base": "what the things have in common",
    "common": "what the things have in common",
    "helper": "what it does",
    "helpers": "what they do",
    "manager": "what it decides or keeps",
    "misc": "the subject of each part",
    "service": "the room it stands in",
    "util": "what it does",
    "utils": "what they do",
}
WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
SENTENCE = re.compile(r"[^a-z].*[.?!]", re.DOTALL)


def names_say_what_is_meant(tree: Tree) -> list[str]:
    """No module, class or function is named after a pattern; a test is a sentence and may use any word."""
    findings = []
    for path, module in python(tree):
        named = [(1, part) for part in PurePosixPath(path).with_suffix("").parts]
        named += [(node.lineno, node.name) for node in nodes(module) if isinstance(node, ast.ClassDef)]
        named += [(f.lineno, f.name) for f in functions(module) if not f.name.startswith("test_")]
        findings += [
            f"{path}:{line}: '{word}' in the name {name} is banned, use a word for {BANNED[word]}"
            for line, name in named
            for word in (found.lower() for found in WORD.findall(name))
            if word in BANNED
        ]
    return findings


def modules_tell_their_story(tree: Tree) -> list[str]:
    """Every module of the product opens with a docstring; a test file's tests tell theirs."""
    return [
        f"{path}:1: no docstring; open with the module's story and its limits"
        for path, module in python(tree)
        if not is_test(path) and not ast.get_docstring(module)
    ]


def tests_state_a_truth(tree: Tree) -> list[str]:
    """Every test has a docstring whose first paragraph is a full sentence."""
    return [
        f"{path}:{function.lineno}: {function.name} states no truth; give it a docstring of one full sentence"
        for path, module in python(tree, "tests/")
        for function in functions(module)
        if function.name.startswith("test_") and not _truth(ast.get_docstring(function))
    ]


def _truth(docstring: str | None) -> bool:
    return SENTENCE.fullmatch((docstring or "").split("\n\n")[0]) is not None
