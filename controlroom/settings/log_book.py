"""The section about the log book."""

from controlroom.settings.fields import Place, Section


class LogBook(Section):
    """What people write down (docs/log-book.md)."""

    templates: Place | None = None
    """File with templates of entries (`config/log-templates.yaml`); unset, every entry begins empty."""
