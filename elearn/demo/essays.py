"""What learners write about the case of the loket, and what a marker reads in it."""

from __future__ import annotations

from random import Random

from elearn.learning.rubric import Mark

PASSING, GOOD = 6, 8  # of ten points
ABLE = 0.8  # from this ability on
# Paragraphs by criterion of the rubric and the points they are worth.
PARAGRAPHS: tuple[dict[int, tuple[str, ...]], ...] = (
    {
        3: (
            "Yang saya ketahui: keluhan naik dari 4 menjadi 11, dan tiga halaman daftar giliran "
            "kosong. Yang baru saya dengar: siapa yang menolak piket siang. Sebelum menyimpulkan, "
            "saya mencari jam dan isi kesebelas keluhan itu, lalu mencocokkannya dengan presensi.",
            "Hari pertama saya pisahkan fakta dari cerita. Faktanya jumlah keluhan dan buku "
            "giliran yang tidak diisi. Cerita tentang yang muda dan yang senior belum saya "
            "percaya kedua-duanya. Saya minta salinan keluhan dan rekap kehadiran sebulan.",
        ),
        2: (
            "Saya lihat dahulu kotak saran, sebab keluhannya naik menjadi 11. Soal siapa yang "
            "tidak mau piket siang masih perlu ditanyakan kepada semua anggota.",
            "Keluhan naik dan buku giliran kosong, itu yang pasti. Yang lain baru kata orang.",
        ),
        1: ("Keluhan warga naik karena piket siang tidak berjalan, jadi itu yang saya benahi.",),
    },
    {
        3: (
            "Percakapan pertama dengan anggota senior, empat mata, di ruang belakang setelah "
            "loket tutup: \"Bapak paling lama di sini. Boleh saya dengar bagaimana giliran siang "
            "berjalan sejak bulan lalu?\" Besoknya pertanyaan yang sama kepada dua anggota muda.",
            "Saya bicara dengan tiap orang lima belas menit di meja kecil dekat arsip, dimulai "
            "dari dua anggota muda: \"Ceritakan pekan lalu, hari demi hari, siapa yang jaga "
            "siang.\" Baru setelah semua didengar saya kumpulkan mereka.",
        ),
        2: (
            "Saya mengajak anggota senior bicara empat mata lebih dahulu, lalu anggota muda, "
            "supaya tidak ada yang merasa disalahkan di depan orang lain.",
        ),
        1: ("Saya adakan rapat dengan seluruh tim untuk membahas piket siang.",),
    },
    {
        2: (
            "Giliran saya tempel di papan dekat loket, dua pekan ke depan, setiap nama mendapat "
            "jumlah siang yang sama, PNS maupun PPPK. Yang bertukar menulisnya sendiri di papan.",
            "Daftar giliran dibuat bersama dan ditempel, bukan disimpan di buku. Jatah siang "
            "dibagi rata berlima tanpa melihat statusnya, dan saya sendiri ikut satu kali.",
        ),
        1: ("Jadwal piket saya susun ulang dan saya umumkan di grup.",),
        0: ("Anggota muda saya minta bersabar dahulu sampai keadaan tenang.",),
    },
    {
        2: (
            "Tandanya keluhan di kotak saran turun dari 11 ke paling banyak 5 dan tidak ada hari "
            "tanpa nama di papan. Kami tinjau bersama pada hari kerja pertama bulan depan.",
            "Saya hitung keluhan setiap Jumat dan menempel angkanya. Tanggal 20 kami duduk "
            "bersama: bila masih di atas 6, gilirannya kami ubah lagi.",
        ),
        1: ("Keadaan membaik bila keluhan warga berkurang pada bulan berikutnya.",),
        0: ("Saya yakin suasana tim akan membaik dengan sendirinya.",),
    },
)  # fmt: skip
PRAISE = (
    "Runtut dan dapat dikerjakan besok pagi. Simpan tulisan ini sebagai pegangan.",
    "Langkah Anda jelas, dan angkanya dapat diperiksa. Lanjutkan.",
)
ADVICE = (
    "Pisahkan lebih tegas apa yang sudah pasti dari apa yang baru dikatakan orang.",
    "Tulis kalimat pembukanya. Percakapan yang sulit biasanya gagal pada kalimat pertama.",
    "Giliran baru adil bila semua orang dapat melihatnya. Sebutkan di mana ditempel.",
    "Sebutkan angka dan tanggalnya, supaya Anda tahu kapan harus mengubah cara.",
)


def written(chance: Random, ability: float) -> str:
    """An essay of four paragraphs that is worth a pass, and more from the able."""
    least = GOOD if ability > ABLE else PASSING
    while True:
        chosen = [chance.choices(list(worth), weights=_weights(worth)) for worth in PARAGRAPHS]
        points = [picked for [picked] in chosen]
        if sum(points) >= least:
            found = zip(PARAGRAPHS, points, strict=True)
            return "\n\n".join(chance.choice(worth[picked]) for worth, picked in found)


def _weights(worth: dict[int, tuple[str, ...]]) -> list[int]:
    return [1 + 2 * points for points in worth]


def mark(text: str, chance: Random) -> Mark:
    """What a marker gives for an essay, with a word on what is weakest in it."""
    points = tuple(
        next(worth_of for worth_of, said in worth.items() if any(one in text for one in said))
        for worth in PARAGRAPHS
    )
    lost = [max(worth) - given for worth, given in zip(PARAGRAPHS, points, strict=True)]
    comment = ADVICE[lost.index(max(lost))] if any(lost) else chance.choice(PRAISE)
    return Mark(points, comment)
