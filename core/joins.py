"""Rows of several models from one statement, where it is asked too often to be built each time."""

# ruff: noqa: SLF001  # columns and hydration are known to Tortoise's private parts only
from collections.abc import Mapping
from typing import Any, TypeVar

from tortoise.models import Model

Row = TypeVar("Row", bound=Model)


def columns(*models: type[Model]) -> str:
    """What to select, so that `row` can tell the models apart."""
    return ", ".join(
        f'"{model._meta.db_table}"."{column}" AS "{model._meta.db_table}.{column}"'
        for model in models
        for column in model._meta.fields_db_projection.values()
    )


def row(model: type[Row], answer: Mapping[str, Any]) -> Row:
    names = model._meta.fields_db_projection.values()
    return model._init_from_db(**{name: answer[f"{model._meta.db_table}.{name}"] for name in names})
