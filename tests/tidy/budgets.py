"""How large a thing may be: files, functions, argument lists.

Medians hardly tell good code from bad; the one giant file does. So the limits stand on the tail, and there is
no list of exceptions.
"""

import ast

from tests.tidy.tree import Function, Tree, dotted, functions, is_test, python

FILE_LINES = 300  # beyond it, a file tells two stories
TEST_FILE_LINES = 400  # a test file repeats its set-ups on purpose
FUNCTION_LINES = 50  # beyond it, a function no longer fits on a screen
ARGUMENTS = 6  # beyond it, the arguments want to be a named thing
MADE = "# Made by `controlroom "  # a test holds such a file to its maker, so its length is nobody's reading
WRITTEN_BY_HAND = (".py", ".js", ".css", ".html", ".sh", ".yaml", ".yml", ".toml")


def files_fit(tree: Tree) -> list[str]:
    """No file of code is longer than its budget."""
    findings = []
    for path, text in tree.items():
        allowed = TEST_FILE_LINES if is_test(path) else FILE_LINES
        lines = len(text.splitlines())
        if path.endswith(WRITTEN_BY_HAND) and not text.startswith(MADE) and lines > allowed:
            findings.append(
                f"{path}: {lines} lines; a file of {allowed} is allowed, split it by what it tells"
            )
    return findings


def functions_fit(tree: Tree) -> list[str]:
    """No function has more lines than its budget, its docstring left out."""
    return [
        f"{path}:{function.lineno}: {function.name} has {lines} lines; {FUNCTION_LINES} are allowed,"
        " push the ifs up and the fors down"
        for path, module in python(tree)
        for function in functions(module)
        if (lines := _lines(function)) > FUNCTION_LINES
    ]


def arguments_fit(tree: Tree) -> list[str]:
    """No function takes more arguments than its budget, `self` and `cls` left out; a command has options."""
    return [
        f"{path}:{function.lineno}: {function.name} takes {count} arguments; {ARGUMENTS} are allowed,"
        " make a frozen struct of those that belong together"
        for path, module in python(tree)
        for function in functions(module)
        if (count := _arguments(function)) > ARGUMENTS and not _is_command(function)
    ]


def _lines(function: Function) -> int:
    """Lines from `def` to the end, without the lines of the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _is_command(function: Function) -> bool:
    """Whether it is a command that people type: its arguments are the options, declared one by one."""
    decorators = (mark.func for mark in function.decorator_list if isinstance(mark, ast.Call))
    return any(dotted(mark).endswith(".command") for mark in decorators)


def _arguments(function: Function) -> int:
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    stars = [star for star in (function.args.vararg, function.args.kwarg) if star is not None]
    return sum(argument.arg not in {"self", "cls"} for argument in [*named, *stars])
