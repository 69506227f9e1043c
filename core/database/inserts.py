"""Insert once: let a unique constraint decide who was first."""

from tortoise.models import Model


async def added(row: Model) -> bool:
    """Insert the row unless a unique constraint is in its way; whether it was inserted."""
    meta = row._meta  # noqa: SLF001  # Tortoise's documented way to a model's columns
    values = [
        meta.fields_map[name].to_db_value(getattr(row, name), row)
        for name in meta.fields_db_projection
    ]
    row._saved_in_db = bool(await meta.db.execute_query_dict(_statement(type(row)), values))  # noqa: SLF001
    return row._saved_in_db  # noqa: SLF001


def _statement(model: type[Model]) -> str:
    meta = model._meta  # noqa: SLF001
    columns = list(meta.fields_db_projection.values())
    numbered = meta.db.capabilities.dialect == "postgres"
    marks = [f"${n}" if numbered else "?" for n in range(1, len(columns) + 1)]
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({", ".join(marks)}) '
        "ON CONFLICT DO NOTHING RETURNING 1 AS added"
    )
