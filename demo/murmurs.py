"""Murmurs: what a crowd says all day, drawn by chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from random import Random
from typing import Any

from demo.threads import HERE, Reply, Thread, read

DAYS = 33  # in which they were said, most of them lately


@dataclass(frozen=True)
class Murmurs:
    slots: dict[str, list[str]]
    rng: Random

    def thread(self, kind: dict[str, Any]) -> Thread:
        asks = kind.get("is_question", False)
        filled = {slot: self.rng.choice(words) for slot, words in self.slots.items()}
        said = self.rng.sample(kind["replies"], self.rng.randint(0, 1 if asks else 3))
        hidden = kind.get("anonymous", False)
        return Thread(
            group=kind["group"],
            text=self.rng.choice(kind["texts"]).format(**filled),
            is_question=asks,
            anonymous=hidden,
            days=min(DAYS, 1 + int(self.rng.expovariate(1 / 9))),
            at=time(self.rng.randrange(24), self.rng.randrange(60)),
            likes=self.rng.randint(0, 6),
            hugs=self.rng.randint(0, 5) if hidden else 0,
            comments=tuple(
                Reply(text=one.format(**filled), anonymous=hidden, accepted=asks, likes=1)
                for one in said
            ),
        )


def drawn(many: int, rng: Random) -> Iterator[Thread]:
    """So many threads."""
    file = read(HERE / "murmurs.toml")
    murmurs = Murmurs(file["slots"], rng)
    weights = [kind["weight"] for kind in file["murmurs"]]
    for kind in rng.choices(file["murmurs"], weights, k=many):
        yield murmurs.thread(kind)
