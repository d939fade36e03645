"""The description of the JSON calls for people: a page without any script."""

import html
import json
from typing import Any


def describe_calls(schema: dict[str, Any], template: str) -> str:
    """Return a page of calls and their fields.

    Args:
        schema: the description of the application, in the form of OpenAPI.
        template: a page with __CALLS__ where they belong.
    """
    bodies = schema["components"]["schemas"]
    parts = []
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            parts.append(f"<h2><code>{method.upper()} {path}</code></h2>")
            parts.append(f"<p>{html.escape(call['description'])}</p>")
            if "requestBody" in call:
                content = call["requestBody"]["content"]["application/json"]
                name = content["schema"]["$ref"].rsplit("/", 1)[1]
                parts.append(_describe_fields(bodies[name]["properties"]))
    return template.replace("__CALLS__", "\n".join(parts))


def _describe_fields(fields: dict[str, Any]) -> str:
    rows = []
    for name, field in fields.items():
        default = json.dumps(field["default"]) if "default" in field else "needed"
        bounds = [f"{field[key]:g}" for key in ("minimum", "maximum") if key in field]
        one_of = " or ".join(map(str, field.get("enum", ())))
        kind = " ".join([field["type"], " to ".join(bounds) or one_of]).strip()
        cells = map(html.escape, (kind, default, field["description"]))
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f"<tr><td><code>{html.escape(name)}</code></td>{row}</tr>")
    head = "<tr><th>field</th><th>kind</th><th>default</th><th>meaning</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"
