"""The JSON Schema of the plan file, for editors that complete and check YAML by one.

Made from the shapes, with two words loosened to what a person writes: `none` where there is no target or
baseline, and one word where a list of words may stand.
"""

from typing import Any

from controlroom.measures.plan.model import NONE_SAID, PlanText


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `config/plan-on-a-page.yaml`."""
    made = PlanText.model_json_schema()
    measure = made["$defs"]["MeasureText"]["properties"]
    for key in ("target", "baseline"):
        shapes = measure[key]["anyOf"]
        measure[key]["anyOf"] = [shape for shape in shapes if shape.get("type") != "null"] + [
            {"const": NONE_SAID}
        ]
    where = made["$defs"]["Selector"]["properties"]["where"]
    words = where["additionalProperties"]
    where["additionalProperties"] = {"anyOf": [words, {"type": ["string", "boolean"]}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "The Plan on a Page"} | {
        key: value for key, value in made.items() if key != "title"
    }
