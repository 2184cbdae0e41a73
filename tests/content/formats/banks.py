"""A bank with every shape, and what it compiles to."""

from __future__ import annotations

from elearn.content.course import Question
from tests.content.sources import compiled

CODES = frozenset({"M.05", "M.06", "DIG.AMAN"})
POOL = "### Kelompok: bank\n\n`ambil 1`\n\n[B](bank/b.md)\n"
QUIZ = f"---\nmenit: 60\n---\n# Satu\n\n## Kuis: Uji\n\n{POOL}"
BANK = """# Bank: Uji

## Berapa JP paling sedikit bagi PNS?

`#jp-pns` `2 poin` `@M.06:2` `mudah` `urut tetap`

Lihat aturan berikut.

* satu
* dua

> Petunjuk: Bandingkan dengan PPPK.
>
> Lalu hitung.

> Petunjuk: Yang kedua.

- [ ] 10 JP
  > Itu separuhnya.
  >
  > - sungguh
- [x] 20 JP
- [ ] Semua salah `tetap`

> Paling sedikit **20 JP** setahun.
>
> Sesuai aturan [[asli]].

## Soal 2

`parsial` `anulir`

Mana yang dicatat?

```
Kunci: bukan kunci
# bukan judul
```

- [x] Waktu
- [x] Pokok masalah
  ditulis dua baris
- [ ] Pilihan politik

## Standar layanan diumumkan

Jawaban: Benar

## Siapa yang menilai?

`salah ketik 1`

Jawaban: masyarakat | warga \\| rakyat

## Berapa persen?

Jawaban: 75 % ± 0,5

## Dari 240 aduan, 180 selesai. Berapa persen?

Jawaban:

- 75 ± 0,5
- 25 `0%`
  > Itu yang **belum** selesai.
- 0,75 `50%`

## Pasangkan unit dengan perannya

`urut tetap`

- Inspektorat → pengawasan
- → pengadaan
  > Bukan unit ini.
- BKPSDM → kompetensi
  > Pengembangan.
- Sekretariat → pengawasan

## Urutkan langkahnya

`2 poin`

1. Terima
2. Pilah
   lalu catat
   > Menurut kewenangan.
3. Kabari

## Lengkapi: [[20|dua puluh]] JP

Harus [[ (diteruskan) | dihapus | dibiarkan ]] dalam [[3 ± 1 hari]], bukan `[[ini]]`.

## Jelaskan

`4 poin`

> Rubrik:
>
> - Alasan jelas `3 poin`
> - Contoh `1 poin`

Jawaban: uraian

## Pilih yang terbaik

- [x] Benar sekali
- [ ] Hampir `50%`
  > Nyaris.
- [ ] Tidak
"""


def questions_of(bank: str) -> tuple[Question, ...]:
    """The compiled questions of a bank, which must compile."""
    done = compiled({"01-satu.md": QUIZ, "bank/b.md": bank})
    assert done.course is not None, [str(problem) for problem in done.problems]
    return done.course.quizzes[0].pools[0].questions
