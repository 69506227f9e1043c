"""The models between the steps of a migration, made only as far as a step needs them.

Tortoise makes the classes of all models before each step, which hardly a step looks at, and
finishes all of them after it, which most are already: with n tables that is n times n.
"""
# ruff: noqa: SLF001  # its states have nothing public

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model


class Before(State):
    """The models before a step, their classes made when the step looks at them."""

    def __init__(self, state: State) -> None:
        self.models = {key: model.clone() for key, model in state.models.items()}
        self._apps = state.apps

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]  # there it is an attribute
        return self._apps.clone(model_states=self.models)


@contextmanager
def made_when_needed() -> Iterator[None]:
    clone, finish = State.clone, StateApps._build_initial_querysets

    def finish_new(apps: StateApps) -> None:
        everything, apps.apps = apps.apps, _unfinished(apps)
        finish(apps)
        apps.apps = everything

    State.clone = _before  # type: ignore[method-assign,assignment]  # there is no other way
    StateApps._build_initial_querysets = finish_new  # type: ignore[method-assign,assignment]  # as above
    try:
        yield
    finally:
        State.clone = clone  # type: ignore[method-assign]  # as it was
        StateApps._build_initial_querysets = finish  # type: ignore[method-assign]  # as it was


def _before(state: State) -> State:
    return Before(state)


def _unfinished(apps: StateApps) -> dict[str, dict[str, type[Model]]]:
    return {
        label: {name: model for name, model in models.items() if not _is_finished(model)}
        for label, models in apps.apps.items()
    }


def _is_finished(model: type[Model]) -> bool:
    return bool(model._meta.basetable._table_name)
