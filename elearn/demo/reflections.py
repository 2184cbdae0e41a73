"""What learners write about their own work: sentences put together, each time others."""

from __future__ import annotations

from random import Random

from elearn.demo.editions import LEADING, SECURITY

PARTS = {
    SECURITY: (
        (
            "Selama ini data kegiatan di unit saya dikirim lewat grup percakapan agar cepat.",
            "Sampai bulan lalu kata sandi komputer loket ditempel di dekat layar agar semua tahu.",
            "Saya terbiasa menyimpan daftar nama penerima layanan di ponsel pribadi tanpa kunci.",
            "Cadangan berkas kerja saya hanya satu, yaitu diska lepas di dalam tas.",
        ),
        (
            "Bila ponsel hilang atau grup itu bertambah anggota, warga yang dirugikan lebih "
            "dahulu, sebab nama dan alamat mereka ikut tersebar.",
            "Kalau ada yang menyalahgunakannya, rekan satu ruangan akan ikut disalahkan padahal "
            "tidak berbuat apa-apa.",
            "Warga memercayakan keterangan itu kepada kami, jadi kebocoran kecil pun melukai "
            "kepercayaan mereka.",
        ),
        (
            "Mulai minggu ini berkas saya taruh di folder dinas yang dibatasi, lalu yang dikirim "
            "di grup hanya tautannya.",
            "Mulai besok saya memakai frasa yang berbeda untuk setiap akun dan menyalakan "
            "verifikasi dua langkah pada surel dinas.",
            "Saya akan menutup kolom yang tidak diperlukan sebelum daftar itu dibagikan, dan "
            "menghapus salinan lama dari ponsel.",
        ),
        (
            "Sebulan lagi saya periksa bersama rekan: tidak ada lagi berkas berisi data warga di "
            "percakapan kami, dan semua orang tahu tempat melapor.",
            "Tandanya berhasil bila sebulan lagi tidak ada kata sandi yang ditulis di meja dan "
            "setiap petugas masuk dengan akunnya sendiri.",
            "Saya tahu ini berhasil bila bulan depan salinan cadangan dapat dibuka dan dipulihkan "
            "dalam waktu kurang dari satu jam.",
        ),
    ),
    LEADING: (
        (
            "Pemakai hasil kerja tim saya adalah warga yang datang ke loket dan kepala unit yang "
            "menunggu laporan bulanan.",
            "Hasil kerja tim kami dipakai oleh bidang lain untuk menyusun anggaran dan rencana "
            "tahun berikutnya.",
            "Kami melayani guru dan petugas lapangan yang memerlukan jawaban cepat atas urusan "
            "kepegawaian.",
        ),
        (
            "Tujuan yang ingin saya sepakati lebih dahulu ialah laporan selesai sebelum tanggal "
            "lima dengan data yang sudah diperiksa dua orang.",
            "Saya ingin menyepakati satu ukuran saja dahulu, yaitu lamanya warga menunggu dari "
            "mendaftar sampai selesai dilayani.",
            "Tujuan pertama kami ialah setiap surat masuk mendapat jawaban dalam tiga hari kerja.",
        ),
        (
            "Penyusunan jadwal piket akan saya serahkan kepada rekan yang paling lama bertugas, "
            "dengan laporan singkat setiap Jumat.",
            "Rekap data bulanan saya serahkan kepada pelaksana termuda, mula-mula dengan contoh, "
            "lalu ia mengerjakannya sendiri dan melapor bila ada kendala.",
            "Tugas memeriksa berkas saya serahkan penuh kepada penelaah, cukup melapor hasilnya.",
        ),
        (
            "Percakapan yang tertunda adalah soal keterlambatan rapat pagi, dan akan saya mulai "
            "hari Senin secara empat mata. Tandanya membaik bila rapat dimulai tepat waktu.",
            "Saya menunda membahas pembagian kerja yang tidak adil; minggu depan saya mulai. Pada "
            "hari ketiga puluh, papan tugas kami tidak lagi menumpuk pada satu nama.",
            "Sudah lama saya ingin menyampaikan umpan balik tentang cara menjawab warga. Pekan ini "
            "saya lakukan, dan tandanya ialah keluhan di kotak saran berkurang.",
        ),
    ),
}


def reflection(slug: str, chance: Random) -> str:
    """A reflection of more than fifty words."""
    return " ".join(chance.choice(sentences) for sentences in PARTS[slug])
