"""How migrations change tables: Tortoise's editors, without what they forget."""
# ruff: noqa: SLF001  # an editor extends Tortoise's, whose parts are all private

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tortoise.contrib.postgres.fields import TSVectorField
from tortoise.fields import Field
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import (
    BasePostgresSchemaEditor,
    BaseSchemaEditor,
    SqliteSchemaEditor,
)
from tortoise.migrations.schema_editor.data import ModelSqlData
from tortoise.models import Model

Constraint = CheckConstraint | UniqueConstraint


class Constrained(BaseSchemaEditor):
    """Creates `Meta.constraints` with their table; Tortoise's editors leave them out."""

    _checks: Sequence[CheckConstraint] = ()

    async def create_model(self, model: type[Model]) -> None:
        constraints = model._meta.constraints
        self._checks = [check for check in constraints if isinstance(check, CheckConstraint)]
        await super().create_model(model)
        self._checks = ()
        for unique in constraints:
            if isinstance(unique, UniqueConstraint):
                await self.add_constraint(model, unique)

    def _get_inner_statements(self) -> list[str]:
        template = self.CHECK_CONSTRAINT_CREATE_TEMPLATE
        return [template.format(name=check.name, check=check.check) for check in self._checks]


class PostgresEditor(Constrained, BasePostgresSchemaEditor):
    pass


class SqliteEditor(Constrained, SqliteSchemaEditor):
    """Keeps the indexes of a table that is made anew, which is how SQLite changes one."""

    async def create_model(self, model: type[Model]) -> None:
        full_text = [name for name, field in _columns(model) if isinstance(field, TSVectorField)]
        if full_text:
            await self._run_sql(self._full_text_sql(model, full_text))
        else:
            await super().create_model(model)

    def _full_text_sql(self, model: type[Model], full_text: Sequence[str]) -> str:
        """What a tsvector is on PostgreSQL; every other column is only carried along."""
        columns = [
            self.quote(name) + ("" if name in full_text else " UNINDEXED")
            for name, _ in _columns(model)
        ]
        table = self.quote(model._meta.db_table)
        return f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(columns)}, tokenize = 'ascii');"

    async def _run_sql(self, sql: str) -> None:
        await self.client.execute_script(sql)

    def _get_model_sql_data(self, model: type[Model]) -> ModelSqlData:
        # A unique index can be dropped and made again; a constraint within the table cannot.
        together, model._meta.unique_together = model._meta.unique_together, ()
        data = super()._get_model_sql_data(model)
        model._meta.unique_together = together
        indexes = [self._unique_sql(model, fields) for fields in together]
        return replace(data, table_sql="\n".join([data.table_sql, *indexes]))

    def _unique_sql(self, model: type[Model], fields: Sequence[str]) -> str:
        columns = self._resolve_fields_to_columns(model, list(fields))
        name = self._get_unique_constraint_name(model, columns)
        listed = ", ".join(self.quote(column) for column in columns)
        table = self.quote(model._meta.db_table)
        return f"CREATE UNIQUE INDEX IF NOT EXISTS {self.quote(name)} ON {table} ({listed});"

    async def add_constraint(self, model: type[Model], constraint: Constraint) -> None:
        if isinstance(constraint, UniqueConstraint) and constraint.condition:
            # The same words as on PostgreSQL make a partial index on SQLite.
            await BasePostgresSchemaEditor.add_constraint(self, model, constraint)  # type: ignore[arg-type]  # it uses what both have
        else:
            await super().add_constraint(model, constraint)

    async def remove_constraint(self, model: type[Model], constraint: Constraint) -> None:
        constraints = model._meta.constraints
        model._meta.constraints = tuple(other for other in constraints if other != constraint)
        await super().remove_constraint(model, constraint)

    async def _remake_table(self, model: type[Model], **changes: Any) -> None:  # type: ignore[override]  # always by name
        indexes = await self._indexes(model._meta.db_table)
        await super()._remake_table(model, **changes)
        columns = await self._columns(model._meta.db_table)
        for index in indexes:
            if columns.issuperset(json.loads(index["columns"])):
                await self._run_sql(index["sql"])

    async def _indexes(self, table: str) -> Sequence[dict[str, str]]:
        columns = "SELECT json_group_array(name) FROM pragma_index_info(made.name) WHERE name > ''"
        _, indexes = await self.client.execute_query(
            f"SELECT sql, ({columns}) AS columns FROM sqlite_master AS made "
            "WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
            [table],
        )
        return indexes

    async def _columns(self, table: str) -> set[str]:
        query = "SELECT name FROM pragma_table_info(?)"
        return {row["name"] for row in (await self.client.execute_query(query, [table]))[1]}


def _columns(model: type[Model]) -> list[tuple[str, Field[Any]]]:
    meta = model._meta
    return [(column, meta.fields_map[name]) for name, column in meta.fields_db_projection.items()]


class Executor(MigrationExecutor):
    def editor(self) -> BaseSchemaEditor:
        return self._schema_editor(atomic=False)

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:  # noqa: FBT001, FBT002  # Tortoise's
        sqlite = self.connection.capabilities.dialect == "sqlite"
        editor = SqliteEditor if sqlite else PostgresEditor
        return editor(self.connection, atomic=atomic, collect_sql=collect_sql)
