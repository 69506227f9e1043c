"""Pictures of badges: an emblem on a medal of its level; each is drawn once and kept."""

from hashlib import sha256
from math import cos, pi, sin
from typing import NamedTuple

from core import settings
from core.drawing import easel
from core.drawing.canvas import Canvas
from core.errors import NotFound
from core.media import storage
from core.media.storage import NotStored
from core.text import Text
from gamify.badges import emblems
from gamify.badges.criteria import Level
from gamify.badges.emblems import MIDDLE, Icon, star

EDGE = 256  # pixels
DESIGN = 1  # a new one is drawn anew
NO_LEVEL = "plain"


class Metal(NamedTuple):
    rim: str
    face: str
    ink: str
    ribbon: str


METALS: dict[Level | None, Metal] = {
    Level.BRONZE: Metal("#a8683a", "#e3b07f", "#6d3d1b", "#c2543d"),
    Level.SILVER: Metal("#8d99a6", "#dfe5ea", "#4a5661", "#4b79b8"),
    Level.GOLD: Metal("#cf9a1f", "#fbdc7c", "#7c5406", "#2f8f6b"),
    None: Metal("#2b8a8a", "#c9ecdf", "#14595c", "#e8825f"),
}


class NoSuchPicture(NotFound):
    text = Text("There is no such picture.", "图片不存在。", "圖片不存在。")


def path(icon: Icon, level: Level | None) -> str:
    """Where it is read by anybody; it tells of nobody."""
    return f"/badges/{icon.lower()}-{(level or NO_LEVEL).lower()}.png"


def url(icon: Icon, level: Level | None) -> str:
    return settings.current().public_url + path(icon, level)


async def found(name: str) -> bytes:
    """By the last part of its path. Raises NoSuchPicture."""
    for icon in Icon:
        for level in METALS:
            if path(icon, level).endswith(f"/{name}"):
                return await of(icon, level)
    raise NoSuchPicture


async def of(icon: Icon, level: Level | None) -> bytes:
    """A PNG."""
    name = sha256(f"badge {DESIGN} {icon} {level}".encode()).hexdigest()[:32] + ".png"
    try:
        return await storage.current().get(name)
    except NotStored:
        picture = await easel.drawn(_draw, icon, level)
        await storage.current().put(name, picture)
        return picture


def medal(icon: Icon, level: Level | None, *, zoom: int = 1) -> Canvas:
    canvas, metal = Canvas(EDGE, EDGE, "#00000000", zoom=zoom), METALS[level]
    _ribbons(canvas, metal)
    _scallops(canvas, metal.rim)
    canvas.disc(MIDDLE, 84, metal.rim)
    canvas.disc(MIDDLE, 76, metal.face)
    emblems.draw(canvas, icon, metal.ink, metal.face)
    _stars(canvas, [None, *Level].index(level), metal.ink)
    return canvas


def _draw(icon: Icon, level: Level | None) -> bytes:
    return medal(icon, level).png()


def _ribbons(canvas: Canvas, metal: Metal) -> None:
    for side in (-1, 1):
        x = 128 + side * 34
        foot = [(x + side * 34, 244), (x + side * 12, 226), (x - side * 14, 248)]
        canvas.shape([(x - side * 26, 150), (x + side * 26, 150), *foot], metal.ribbon)


def _scallops(canvas: Canvas, rim: str) -> None:
    x, y = MIDDLE
    for n in range(20):
        turn = n * pi / 10
        canvas.disc((x + 86 * cos(turn), y + 86 * sin(turn)), 15, rim)


def _stars(canvas: Canvas, count: int, plate: str) -> None:
    if count:
        canvas.block((128 - count * 16, 188, 128 + count * 16, 220), plate, radius=16)
    for n in range(count):
        canvas.shape(star((128 + (n - (count - 1) / 2) * 28, 205), 12), "#ffffff")
