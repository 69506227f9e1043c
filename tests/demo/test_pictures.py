from io import BytesIO
from random import Random

from PIL import Image

from demo import portraits, scenes, threads


def test_a_portrait_is_the_same_for_the_same_chance():
    one, same, other = (portraits.draw(Random(n)) for n in (1, 1, 2))  # noqa: S311  # no secret
    assert one == same != other
    assert Image.open(BytesIO(one)).size == (512, 512)


def test_every_photo_that_is_shown_can_be_drawn_and_no_other():
    shown = {
        photo for circle in threads.circles() for one in circle.threads for photo in one.photos
    }
    assert shown == scenes.SCENES.keys()
