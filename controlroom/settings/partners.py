"""The section that says who can be referred to."""

from controlroom.settings.fields import Place, Section


class Partners(Section):
    """Partners that incidents are referred to (docs/partners.md)."""

    file: Place | None = None
    """File that names the partners (`config/partners.yaml`); unset, nobody can be referred to."""
