import pytest

from api.schema import schema
from tests.engine.executors import Both


@pytest.fixture(scope="module")
def both() -> Both:
    return Both(schema())
