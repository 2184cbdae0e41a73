"""Who works in Kabupaten Contoh: the cast, and invented people around it in the right numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from elearn.demo import agency, members, posts
from elearn.demo.agency import Place
from elearn.demo.calendar import Calendar, chance_of, shares
from elearn.demo.members import Member
from elearn.demo.names import Namer
from elearn.demo.posts import ENTRY_CLASSES, Post
from elearn.people.models import Status

STATUSES = (Status.PNS, Status.CPNS, Status.PPPK, Status.PPPK_PART_TIME)
PPPK_CODE, PART_TIME_CODE = "21", "24"
CONTRACT_YEARS = {Status.PPPK: 5, Status.PPPK_PART_TIME: 1}
FIRST_PPPK_YEAR = 2019
FIRST_SEQUENCE, SEQUENCES = 920, 79
WOMEN = {"dinkes": 0.72, "disdik": 0.66}
HALF = 0.5
LAST_DAY_OF_MONTH = 28
REPORTS_OF_YUSNIDAR = 5
NO_DEGREE = 0.35


@dataclass(frozen=True)
class Resident:
    """Somebody who works in the kabupaten today."""

    nip: str
    name: str
    place: str
    status: Status
    post: Post
    grade: str
    before: str = ""
    after: str = ""
    target_class: str = ""
    boss: str = ""
    contract_start: date | None = None
    contract_end: date | None = None
    whatsapp: str = ""
    is_head: bool = False
    active: bool = True

    @property
    def office(self) -> str:
        """The unit right below the government."""
        return agency.office_of(self.place)


@dataclass
class _Maker:
    """Makes invented people one after the other, no two with the same number."""

    calendar: Calendar
    namer: Namer
    taken: set[str] = field(default_factory=set)
    made: int = 0

    def resident(self, place: Place, status: Status, post: Post, *, is_head: bool) -> Resident:
        """Somebody for a post."""
        self.made += 1
        chance = chance_of("person", self.made)
        is_man = chance.random() >= _women_among(place, post)
        nip = self._nip(chance, status, post, is_man=is_man)
        after = _degree(chance, post)
        age = self.calendar.today.year - int(nip[:4])
        start = _contract_start(nip, status)
        return Resident(
            nip=nip,
            name=self.namer.name(is_man=is_man),
            place=place.key,
            status=status,
            post=post,
            grade=chance.choice(posts.grades(status, post.position_class, after)),
            before=self.namer.before(post.before, age, is_man=is_man),
            after=after,
            contract_start=start,
            contract_end=contract_end(start, status, self.calendar.today),
            is_head=is_head,
        )

    def _nip(self, chance: Random, status: Status, post: Post, *, is_man: bool) -> str:
        born = self._born(chance, status, post)
        appointed = self._appointed(chance, status, born)
        first = f"{born:%Y%m%d}{appointed}{1 if is_man else 2}"
        sequence = self.made % SEQUENCES
        while f"{first}{FIRST_SEQUENCE + sequence}" in self.taken:
            sequence = (sequence + 1) % SEQUENCES
        self.taken.add(f"{first}{FIRST_SEQUENCE + sequence}")
        return f"{first}{FIRST_SEQUENCE + sequence}"

    def _born(self, chance: Random, status: Status, post: Post) -> date:
        bearing = posts.BEARINGS[post.position_class]
        ages = (23, 29) if status is Status.CPNS else (bearing.youngest, bearing.oldest)
        year = self.calendar.today.year - chance.randint(*ages)
        return date(year, chance.randint(1, 12), chance.randint(1, LAST_DAY_OF_MONTH))

    def _appointed(self, chance: Random, status: Status, born: date) -> str:
        """Year and month of appointment, or the code of PPPK in place of the month."""
        newest = self.calendar.start.year
        match status:
            case Status.PPPK:
                oldest = max(FIRST_PPPK_YEAR, born.year + 23)
                return f"{chance.randint(min(oldest, newest), newest)}{PPPK_CODE}"
            case Status.PPPK_PART_TIME:
                return f"{newest}{PART_TIME_CODE}"
            case Status.CPNS:
                return f"{newest}{chance.randint(3, 8):02}"
        year = min(born.year + chance.randint(22, 29), newest - 2)
        return f"{year}{chance.choice((1, 2, 3, 12)):02}"


def residents(calendar: Calendar, size: int) -> list[Resident]:
    """Everybody, the heads of units before those they lead; the retired one comes last."""
    namer = Namer(chance_of("names"), {member.name for member in members.CAST})
    maker = _Maker(calendar, namer)
    found = [
        person for place, counts in _counts(size) for person in _of_place(maker, place, counts)
    ]
    return [*_led(found), *_retired(calendar)]


def _counts(size: int) -> Iterator[tuple[Place, dict[Status, int]]]:
    """How many people of which status work in each place; the cast has its places for certain."""
    at = Counter((member.place, member.status) for member in members.CAST if member.active)
    cells = [(place, status) for place in agency.PLACES for status in STATUSES]
    base = [place.counts[STATUSES.index(status)] for place, status in cells]
    spare = [
        count - at[place.key, status] for count, (place, status) in zip(base, cells, strict=True)
    ]
    more = shares(spare, max(size - at.total(), 0))
    total = {
        (place.key, status): at[place.key, status] + extra
        for (place, status), extra in zip(cells, more, strict=True)
    }
    for place in agency.PLACES:
        yield place, {status: total[place.key, status] for status in STATUSES}


def _of_place(maker: _Maker, place: Place, counts: dict[Status, int]) -> list[Resident]:
    named = [_member(m, maker.calendar) for m in members.CAST if m.place == place.key and m.active]
    open_ = Counter(counts) - Counter(person.status for person in named)
    heads = place.heads[: open_[Status.PNS]]
    led = [maker.resident(place, Status.PNS, post, is_head=True) for post in heads]
    open_[Status.PNS] -= len(led)
    waiting = [status for status in STATUSES for _ in range(open_[status])]
    specialists = _specialists(place, counts, named)
    rest = [
        maker.resident(place, status, _post(place, n, status, specialists), is_head=False)
        for n, status in enumerate(waiting)
    ]
    return [*led, *named, *rest]


def _specialists(place: Place, counts: dict[Status, int], named: Sequence[Resident]) -> int:
    base = sum(place.counts)
    wanted = round(place.specialists * sum(counts.values()) / base) if base else 0
    return wanted - sum(person.post.position_class.startswith("jf_") for person in named)


def _post(place: Place, number: int, status: Status, specialists: int) -> Post:
    """Specialists first; who works part time is a clerk, who enters has a post to enter by."""
    is_specialist = number < specialists and status is not Status.PPPK_PART_TIME
    fields = place.fields if is_specialist else posts.CLERKS
    if status is not Status.PNS:
        fields = tuple(post for post in fields if post.position_class in ENTRY_CLASSES)
    return fields[number % len(fields)]


def _women_among(place: Place, post: Post) -> float:
    """The share of women in a post."""
    if post.name.startswith("Bidan"):
        return 1.0
    return WOMEN.get(agency.office_of(place.key), HALF)


def _degree(chance: Random, post: Post) -> str:
    is_clerk = post.position_class == "pelaksana"
    return "" if is_clerk and chance.random() < NO_DEGREE else post.after


def _contract_start(nip: str, status: Status) -> date | None:
    """The contract begins on the first of a month that the number decides."""
    if not status.is_pppk:
        return None
    months = (3, 4, 5, 6, 7, 8) if status is Status.PPPK else (3, 6, 9)
    return date(int(nip[8:12]), months[int(nip[-2:]) % len(months)], 1)


def contract_end(start: date | None, status: Status, today: date) -> date | None:
    """The last day of the contract, renewed as often as it takes to last until today."""
    if start is None:
        return None
    years = CONTRACT_YEARS[status]
    end = start.replace(year=start.year + years)
    while end <= today:
        end = end.replace(year=end.year + years)
    return end - timedelta(days=1)


def _member(member: Member, calendar: Calendar) -> Resident:
    return Resident(
        nip=member.nip,
        name=member.name,
        place=member.place,
        status=member.status,
        post=member.post,
        grade=member.grade,
        before=member.before,
        after=member.after,
        target_class=member.target_class,
        contract_start=member.contract_start,
        contract_end=contract_end(member.contract_start, member.status, calendar.today),
        whatsapp=f"08110000{member.nip[-3:].replace('9', '0', 1)}",
        active=member.active,
    )


def _retired(calendar: Calendar) -> list[Resident]:
    return [_member(member, calendar) for member in members.CAST if not member.active]


def _led(people: Sequence[Resident]) -> list[Resident]:
    """Each with a boss: the head of the place, and for a head the one of the place above."""
    heads: dict[str, str] = {"bkpsdm": members.SYAMSUL}
    for person in people:
        if person.is_head:
            heads.setdefault(person.place, person.nip)
    led = [replace(person, boss=_boss(person, heads)) for person in people]
    of_yusnidar = [p.nip for p in led if p.place == "hilir" and _may_report(p)]
    chosen = {members.HENDRA, *of_yusnidar[: REPORTS_OF_YUSNIDAR - 1]}
    led = [replace(p, boss=members.YUSNIDAR) if p.nip in chosen else p for p in led]
    return sorted(led, key=lambda p: _rank(p, heads))


def _boss(person: Resident, heads: dict[str, str]) -> str:
    place = person.place
    while place:
        boss = heads.get(place, "")
        if boss and boss != person.nip:
            return boss
        place = agency.BY_KEY[place].above
    return ""


def _may_report(person: Resident) -> bool:
    return not person.is_head and person.nip not in {members.YUSNIDAR, members.HENDRA}


def _rank(person: Resident, heads: dict[str, str]) -> tuple[int, int]:
    """Who leads is made before who is led."""
    leads = heads.get(person.place) == person.nip
    depth = person.place.count("/")
    middle = person.is_head or person.nip == members.YUSNIDAR
    return (0 if leads else 1 if middle else 2, depth)
