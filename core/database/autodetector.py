"""What changed in the models, told so that migrations outlive the code they were written from."""

from enum import Enum
from typing import Any

from tortoise import fields
from tortoise.fields.base import Field
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.models import Model


class Autodetector(MigrationAutodetector):
    def _current_state(self) -> State:
        state = _without_pk_attr(super()._current_state())
        for model in state.models.values():
            model.fields = {name: _plain(field) for name, field in model.fields.items()}
            model.bases = (Model,)
        return state

    async def _project_state(self) -> State:
        return _without_pk_attr(await super()._project_state())


def _without_pk_attr(state: State) -> State:
    """It repeats what a field says, and differs for no reason where that field is a relation."""
    for model in state.models.values():
        model.options.pop("pk_attr", None)
    return state


def _plain(field: Field[Any]) -> Field[Any]:
    """An enum as the database knows it, so that no migration imports a class of ours."""
    if isinstance(field.default, Enum):
        field.default = field.default.value
    if isinstance(field, CharEnumFieldInstance):
        return fields.CharField(**_options(field))
    if isinstance(field, IntEnumFieldInstance):
        return fields.SmallIntField(**_options(field))
    return field


def _options(field: Field[Any]) -> dict[str, Any]:
    _, _, options = field.deconstruct()
    return {name: options[name] for name in options if name not in {"enum_type", "description"}}
