"""Aliases: the names under which people write anonymously, such as "Quiet Otter"."""

from collections.abc import Sequence
from secrets import choice
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.text import Language, Text

ADJECTIVES = {
    "brave": Text("Brave", "勇敢的", "勇敢的"),
    "bright": Text("Bright", "明亮的", "明亮的"),
    "calm": Text("Calm", "平静的", "平靜的"),
    "cheerful": Text("Cheerful", "开朗的", "開朗的"),
    "clever": Text("Clever", "聪明的", "聰明的"),
    "cosy": Text("Cosy", "舒服的", "舒服的"),
    "curious": Text("Curious", "好奇的", "好奇的"),
    "daring": Text("Daring", "大胆的", "大膽的"),
    "dreamy": Text("Dreamy", "爱做梦的", "愛做夢的"),
    "drowsy": Text("Drowsy", "犯困的", "犯睏的"),
    "eager": Text("Eager", "热切的", "熱切的"),
    "fluffy": Text("Fluffy", "毛茸茸的", "毛茸茸的"),
    "gentle": Text("Gentle", "温柔的", "溫柔的"),
    "happy": Text("Happy", "快乐的", "快樂的"),
    "honest": Text("Honest", "诚实的", "誠實的"),
    "humble": Text("Humble", "谦虚的", "謙虛的"),
    "jolly": Text("Jolly", "乐呵呵的", "樂呵呵的"),
    "kind": Text("Kind", "善良的", "善良的"),
    "lucky": Text("Lucky", "幸运的", "幸運的"),
    "mellow": Text("Mellow", "悠闲的", "悠閒的"),
    "merry": Text("Merry", "欢喜的", "歡喜的"),
    "nimble": Text("Nimble", "灵巧的", "靈巧的"),
    "patient": Text("Patient", "耐心的", "耐心的"),
    "plucky": Text("Plucky", "有胆量的", "有膽量的"),
    "quiet": Text("Quiet", "安静的", "安靜的"),
    "silver": Text("Silver", "银色的", "銀色的"),
    "sleepy": Text("Sleepy", "瞌睡的", "瞌睡的"),
    "sunny": Text("Sunny", "阳光的", "陽光的"),
    "tender": Text("Tender", "柔软的", "柔軟的"),
    "warm": Text("Warm", "温暖的", "溫暖的"),
    "wise": Text("Wise", "智慧的", "智慧的"),
    "witty": Text("Witty", "风趣的", "風趣的"),
}
ANIMALS = {
    "badger": Text("Badger", "獾", "獾"),
    "bear": Text("Bear", "熊", "熊"),
    "beaver": Text("Beaver", "河狸", "河狸"),
    "bee": Text("Bee", "蜜蜂", "蜜蜂"),
    "camel": Text("Camel", "骆驼", "駱駝"),
    "cat": Text("Cat", "猫", "貓"),
    "crane": Text("Crane", "鹤", "鶴"),
    "deer": Text("Deer", "鹿", "鹿"),
    "dolphin": Text("Dolphin", "海豚", "海豚"),
    "dove": Text("Dove", "鸽子", "鴿子"),
    "duck": Text("Duck", "鸭子", "鴨子"),
    "eagle": Text("Eagle", "鹰", "鷹"),
    "elephant": Text("Elephant", "大象", "大象"),
    "finch": Text("Finch", "雀", "雀"),
    "fox": Text("Fox", "狐狸", "狐狸"),
    "frog": Text("Frog", "青蛙", "青蛙"),
    "goat": Text("Goat", "山羊", "山羊"),
    "goose": Text("Goose", "鹅", "鵝"),
    "hare": Text("Hare", "野兔", "野兔"),
    "hedgehog": Text("Hedgehog", "刺猬", "刺蝟"),
    "heron": Text("Heron", "鹭", "鷺"),
    "horse": Text("Horse", "马", "馬"),
    "koala": Text("Koala", "考拉", "無尾熊"),
    "lark": Text("Lark", "云雀", "雲雀"),
    "lynx": Text("Lynx", "猞猁", "猞猁"),
    "magpie": Text("Magpie", "喜鹊", "喜鵲"),
    "mole": Text("Mole", "鼹鼠", "鼴鼠"),
    "moose": Text("Moose", "驼鹿", "駝鹿"),
    "otter": Text("Otter", "水獭", "水獺"),
    "owl": Text("Owl", "猫头鹰", "貓頭鷹"),
    "panda": Text("Panda", "熊猫", "貓熊"),
    "penguin": Text("Penguin", "企鹅", "企鵝"),
    "pony": Text("Pony", "小马", "小馬"),
    "rabbit": Text("Rabbit", "兔子", "兔子"),
    "raccoon": Text("Raccoon", "浣熊", "浣熊"),
    "raven": Text("Raven", "渡鸦", "渡鴉"),
    "robin": Text("Robin", "知更鸟", "知更鳥"),
    "seal": Text("Seal", "海豹", "海豹"),
    "sheep": Text("Sheep", "绵羊", "綿羊"),
    "sparrow": Text("Sparrow", "麻雀", "麻雀"),
    "squirrel": Text("Squirrel", "松鼠", "松鼠"),
    "swan": Text("Swan", "天鹅", "天鵝"),
    "tiger": Text("Tiger", "老虎", "老虎"),
    "tortoise": Text("Tortoise", "乌龟", "烏龜"),
    "turtle": Text("Turtle", "海龟", "海龜"),
    "whale": Text("Whale", "鲸鱼", "鯨魚"),
    "wombat": Text("Wombat", "袋熊", "袋熊"),
    "wren": Text("Wren", "鹪鹩", "鷦鷯"),
}
FEW = 8  # tries for a name without a number


class TakenAlias(Model):
    handle = fields.CharField(primary_key=True, max_length=64)
    thread_id: UUID = fields.UUIDField()
    name = fields.CharField(max_length=40)

    class Meta:
        table = "alias"
        unique_together = ("thread_id", "name")


class Alias(NamedTuple):
    """An anonymous author: `name` such as "quiet otter", the same for every reader."""

    name: str


async def take(handle: str, thread_id: UUID) -> str:
    """The alias behind a handle: the one it has, or a free one of its thread, by chance."""
    tries = 0
    while (taken := await TakenAlias.get_or_none(handle=handle)) is None:
        await inserts.added(TakenAlias(handle=handle, thread_id=thread_id, name=_any(tries)))
        tries += 1
    return taken.name


async def shown(aliases: Sequence[Alias], *, language: Language) -> list[str]:
    """The names in the reader's language."""
    return [_translated(alias.name, language) for alias in aliases]


def _any(tries: int) -> str:
    name = f"{choice(list(ADJECTIVES))} {choice(list(ANIMALS))}"
    return name if tries < FEW else f"{name} {tries}"


def _translated(name: str, language: Language) -> str:
    adjective, animal, *number = name.split()
    space = " " if language == "en" else ""
    words = [ADJECTIVES[adjective].to(language), ANIMALS[animal].to(language), *number]
    return space.join(words)
