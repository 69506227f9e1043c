from functools import partial

import pytest

from core import clock
from gamify.measures.figures import Figure
from tests.gamify.measures.makers import a_file
from tests.makers import a_person

pytestmark = pytest.mark.committed


async def test_figures_are_shown_first_and_then_taken(command, undo, tmp_path):
    await a_person(number="A1")
    day = clock.business_date()
    path = a_file(tmp_path, f"A1,{day},64,7.5,8,62%,3.86", f"A1,{day},65,7.5,8,62%,3.86")
    breakroom = partial(command, "measures", "import")

    shown = breakroom(path, "--dry-run").stdout
    assert f"new: A1 {day} volume 64, on_duty 450, scheduled 480, resolution 6200" in shown
    assert "would be: 1 new, 0 restated, 0 unchanged, 1 rejected" in shown
    assert not await Figure.exists()

    rejects = tmp_path / "rejects.csv"
    done = breakroom(path, "--rejects", rejects, "--strict", code=1).stdout
    assert "done: 1 new, 0 restated, 0 unchanged, 1 rejected" in done
    assert "Another row says something else of this day." in rejects.read_text("utf-8-sig")
    assert (await Figure.get()).volume == 64
