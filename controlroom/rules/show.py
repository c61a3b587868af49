"""The tables as a person would print them: plain text for a terminal, one HTML page for paper.

Pure text in the order of the tables. The page needs nothing beside itself: no script, no font, no image.
"""

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from controlroom.rules.model import Rule, RuleSet
from controlroom.rules.wording import condition_text, says, verdict_text

TEXT_COLUMNS = 100
"""Fits a terminal and an A4 page across."""

_STYLE = (
    "body{font:10pt/1.35 sans-serif;margin:2em;color:#111;background:#fff}"
    "h1{font-size:16pt}h2{font-size:13pt;margin-top:2em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "td.id{font-family:monospace;overflow-wrap:anywhere}.p1{font-weight:bold}"
    "p{max-width:60em}@media print{body{margin:0}h2{break-after:avoid}}"
)


def text_lines(rules: RuleSet) -> Iterator[str]:
    """Yield the tables for a terminal, rule after rule in order."""
    for kind, table in rules.tables.items():
        yield f"{str(kind).upper()} - {len(table.rules)} rules, the first that fits decides"
        yield ""
        for number, rule in enumerate(table.rules, start=1):
            yield f"{number:>4}  {rule.id}"
            told = "; ".join(condition_text(one) for one in rule.when) or "any signal"
            for lead, text in (("when ", told), ("then ", verdict_text(rule.then)), ("     ", rule.why)):
                for position, line in enumerate(wrap(text, TEXT_COLUMNS - 11)):
                    yield f"      {'     ' if position else lead}{line}"
            yield ""
    yield f"version {rules.version}"


def html_page(rules: RuleSet) -> str:
    """Return the tables as one page of HTML."""
    parts = [
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Rule tables</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        "<h1>Rule tables</h1>",
        "<p>Each table is read from the top: the first rule that fits decides.</p>",
        f"<p>Version <code>{escape(rules.version)}</code>.</p>",
    ]
    for kind, table in rules.tables.items():
        parts.append(f"<h2>{escape(str(kind))}</h2>\n<table>\n<thead><tr>")
        parts.extend(f'<th scope="col">{name}</th>' for name in ("No.", "Rule", "When", "Then", "Because"))
        parts.append("</tr></thead>\n<tbody>")
        parts.extend(_row(number, rule) for number, rule in enumerate(table.rules, start=1))
        parts.append("</tbody>\n</table>")
    parts.append("</body>\n</html>\n")
    return "\n".join(parts)


def _row(number: int, rule: Rule) -> str:
    """Return one rule as a row."""
    when = "<br>".join(escape(condition_text(one)) for one in rule.when) or "any signal"
    then = "<br>".join(
        f"{escape(key.replace('_', ' '))}: {escape(words)}"
        for key, words in says(rule.then).items()
        if words != "none"
    )
    return (
        f'<tr class="p{rule.then.priority}"><td>{number}</td><td class="id">{escape(rule.id)}</td>'
        f"<td>{when}</td><td>{then}</td><td>{escape(rule.why)}</td></tr>"
    )
