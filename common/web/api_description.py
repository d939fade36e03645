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
    parts = []
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            parts.append(f"<h2><code>{method.upper()} {html.escape(path)}</code></h2>")
            parts.append(f"<p>{html.escape(call['description'])}</p>")
            fields = _parameters(call) | _body(call, schema)
            if fields:
                parts.append(_describe_fields(fields))
    return template.replace("__CALLS__", "\n".join(parts))


def _parameters(call: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked for in the address."""
    fields = {}
    for given in call.get("parameters", ()):
        if given["in"] in ("query", "path"):
            known = {"description": given.get("description", "")}
            optional = {} if given.get("required") else {"default": None}
            fields[given["name"]] = known | optional | given["schema"]
    return fields


def _body(call: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a JSON body, if there is one."""
    content = call.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {}
    name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    return schema["components"]["schemas"][name]["properties"]


def _describe_fields(fields: dict[str, Any]) -> str:
    rows = []
    for name, field in fields.items():
        default = json.dumps(field["default"]) if "default" in field else "needed"
        bounds = [f"{field[key]:g}" for key in ("minimum", "maximum") if key in field]
        one_of = " or ".join(map(str, field.get("enum", ())))
        kind = " ".join([_type(field), " to ".join(bounds) or one_of]).strip()
        cells = map(html.escape, (kind, default, field["description"]))
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f"<tr><td><code>{html.escape(name)}</code></td>{row}</tr>")
    head = "<tr><th>field</th><th>kind</th><th>default</th><th>meaning</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _type(field: dict[str, Any]) -> str:
    """Name the type; of one that may be left out, the other."""
    kinds = [field, *field.get("anyOf", ())]
    return next(k["type"] for k in kinds if k.get("type", "null") != "null")
