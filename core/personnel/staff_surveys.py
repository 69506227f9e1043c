"""Staff surveys: what only the whole of a staff file can tell."""

from collections import Counter
from collections.abc import Mapping

from core.personnel import hire_channels
from core.personnel.staff_columns import Field
from core.sheets import cells, dates
from core.sheets.columns import Columns
from core.sheets.dates import DateOrder, Evidence
from core.sheets.tables import Row, Table


class Survey:
    def __init__(self, columns: Columns[Field]) -> None:
        self._places = columns.places
        self._first: dict[str, int] = {}
        self._managers: dict[str, str] = {}
        self.dates = {
            field: Evidence(columns.header(field))
            for field in (Field.HIRED_ON, Field.LEFT_ON)
            if field in columns.places
        }
        self.other_channels: Counter[str] = Counter()
        self.repeated: dict[str, list[int]] = {}
        self.circles: Mapping[str, list[str]] = {}
        self.total = 0

    def see(self, row: Row) -> None:
        self.total += 1
        if row.refused:
            return
        number = self._plain(row, Field.NUMBER)
        first = self._first.setdefault(number, row.number)
        if first != row.number:
            self.repeated.setdefault(number, [first]).append(row.number)
        if manager := self._plain(row, Field.MANAGER):
            self._managers[number] = manager
        for field, evidence in self.dates.items():
            evidence.see(self._plain(row, field))
        channel = self._plain(row, Field.HIRE_CHANNEL)
        if not hire_channels.known(channel):
            self.other_channels[channel] += 1

    def conclude(self) -> None:
        self.circles = circles(self._managers)
        self._first, self._managers = {}, {}

    def date_orders(self) -> dict[Field, DateOrder]:
        """Raises MixedDateOrders, AmbiguousDates."""
        return dict(zip(self.dates, dates.orders([*self.dates.values()]), strict=True))

    def _plain(self, row: Row, field: Field) -> str:
        place = self._places.get(field)
        return "" if place is None else cells.plain(row.cells[place])


def made(table: Table, columns: Columns[Field]) -> Survey:
    survey = Survey(columns)
    for row in table.rows():
        survey.see(row)
    survey.conclude()
    return survey


def circles(managers: Mapping[str, str]) -> dict[str, list[str]]:
    """For each number that reports, over others, to itself: all numbers on that way."""
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for start in managers:
        at, way = start, []
        while at in managers and at not in seen:
            seen.add(at)
            way.append(at)
            at = managers[at]
        if at in way:
            circle = way[way.index(at) :]
            found |= dict.fromkeys(circle, circle)
    return found
