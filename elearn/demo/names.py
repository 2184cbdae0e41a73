"""Invented names as they are met in Jambi; any likeness to a person is chance."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEN = _words("""
Ahmad Andri Arif Asrul Bambang Dedi Defri Edi Eko Erwin Fahmi Fauzan Febri Gunawan Hafiz Hamdani
Haris Hendri Herman Ilham Irfan Irwan Jamaluddin Junaidi Khairul Lukman Mardiansyah Muhammad
Mukhlis Nasrul Novri Rahmat Ridwan Rizki Robi Rusdi Safrudin Samsuri Sofyan Sugeng Sulaiman
Syafri Taufik Wahyu Yandri Yusuf Zainal Zulfahmi
""")
WOMEN = _words("""
Aisyah Anita Asmarani Desi Dian Dina Eka Elvira Endang Erna Evi Fatimah Febrina Gusti Halimah
Hasnah Herlina Ida Indah Intan Juwita Kartika Khairunnisa Laila Lestari Lilis Maisaroh Marlena
Maryani Mira Nelly Nur Nuraini Nurlaila Oktavia Puspita Rahmawati Ratih Rina Rohana Rosmawati
Salmah Siti Sri Suryani Susi Tuti Vera Wulan Yanti Yuliana Zahara Zuraida
""")
SECOND_MEN = _words("""
Alamsyah Anwar Aprizal Basri Efendi Fadhilah Firmansyah Gustian Hakim Hamzah Hasibuan Hidayat
Iskandar Kurniawan Mahendra Maulana Mulyadi Nasution Nugroho Nurdin Pratama Putra Ramadhan
Rasyid Saputra Setiawan Siregar Subandi Suhendra Sutrisno Syahputra Tanjung Utama Wijaya Yani
""")
SECOND_WOMEN = _words("""
Amelia Anggraini Aprilia Astuti Damayanti Fitriani Handayani Hasanah Hayati Hidayati Jannah
Kurniasih Lubis Marlina Mayasari Melati Mulyani Murni Ningsih Novita Nurjanah Octaviani Permata
Pertiwi Purnamasari Rahayu Rahmi Safitri Sari Septiani Sulastri Susanti Utami Wahyuni Wardani
Yulianti Yusra
""")
TRIES = 40
SINGLE = 0.05
PILGRIM_FROM, PILGRIM = 45, 0.3


class Namer:
    """Gives names that nobody else has yet, as long as there are any."""

    def __init__(self, chance: Random, taken: set[str]) -> None:
        self._chance = chance
        self._taken = taken

    def name(self, *, is_man: bool) -> str:
        """A name without degrees."""
        for _ in range(TRIES):
            found = self._make(is_man)
            if found not in self._taken:
                break
        self._taken.add(found)
        return found

    def _make(self, is_man: bool) -> str:
        first = self._chance.choice(MEN if is_man else WOMEN)
        if self._chance.random() < SINGLE:
            return first
        return f"{first} {self._chance.choice(SECOND_MEN if is_man else SECOND_WOMEN)}"

    def before(self, degree: str, age: int, *, is_man: bool) -> str:
        """What stands before a name: the pilgrimage of the older, then the degree."""
        went = age >= PILGRIM_FROM and self._chance.random() < PILGRIM
        pilgrim = ("H." if is_man else "Hj.") if went else ""
        return " ".join(filter(None, (pilgrim, degree)))
